import { Hono } from 'hono';
import type { Act } from '../../actions/act.ts';
import { lineOf } from '../../actions/line.ts';
import { advance, announceDelay, reachQueue, setIntake, takeTicket } from '../../actions/queue.ts';
import type { LineNotices } from '../../db/queue.ts';
import { localDay, parseDay } from '../../domain/days.ts';
import { Refusal } from '../../domain/errors.ts';
import type { PlacedService } from '../../domain/service.ts';
import { parse } from '../../forms/parse.ts';
import { advanceForm, delayForm, intakeForm, walkInForm } from '../../forms/queue.ts';
import type { C, Env } from '../../web/env.ts';
import { type Input, idOf, readInput } from '../../web/input.ts';
import { advancedJson, entryJson, noticesJson } from '../../web/json.ts';
import { answerOnce, once } from '../../web/once.ts';
import { json } from '../../web/render.tsx';
import { actFor } from '../../web/session.ts';

export const queueApi = new Hono<Env>()
  .get('/queues/:id', async (c) => {
    const act = await actFor(c);
    const service = await reachQueue(act, { id: idOf(c) });
    const date = c.req.query('date');
    const day = date === undefined ? localDay(act.now, service.location.timeZone) : parseDay(date);
    if (!day) throw new Refusal('invalid', { fields: { date: { code: 'day' } } });
    const { serving, called, parked, waiting, counts } = await lineOf(act.db, service, day, act.now);
    return json(c, { data: [...serving, ...called, ...parked, ...waiting].map(entryJson), meta: counts });
  })
  .post('/queues/:id/advance', async (c) => {
    const service = await reachQueue(await actFor(c), { id: idOf(c) });
    const input = await readInput(c);
    return answerOnce(
      c,
      input,
      (act) => advance(act, service, parse(advanceForm, input.fields)),
      advancedJson,
    );
  })
  .post('/queues/:id/entries', async (c) => {
    const service = await reachQueue(await actFor(c), { id: idOf(c) });
    const input = await readInput(c);
    let token: string | undefined;
    const answer = await once(
      c,
      input,
      (act) => takeTicket(act, service, parse(walkInForm, input.fields)),
      (taken) => {
        token = taken.token;
        return { status: 201, body: { data: entryJson(taken.entry) } };
      },
    );
    // Told once: only the token's hash is stored, and a request that comes again is not told.
    if (token !== undefined) c.header('Location', `/t/${token}`);
    return json(c, answer.body, answer.status);
  })
  .post('/queues/:id/intake', (c) =>
    tell(c, idOf(c), ({ fields }) => {
      const { closed } = parse(intakeForm, fields);
      return (act, service) => setIntake(act, service, closed);
    }),
  )
  .post('/queues/:id/delay', (c) =>
    tell(c, idOf(c), ({ fields }) => {
      const { minutes } = parse(delayForm, fields);
      return (act, service) => announceDelay(act, service, { minutes });
    }),
  );

async function tell(
  c: C,
  id: string,
  prepare: (input: Input) => (act: Act, service: PlacedService) => Promise<LineNotices>,
): Promise<Response> {
  const service = await reachQueue(await actFor(c), { id });
  const input = await readInput(c);
  return answerOnce(c, input, (act) => prepare(input)(act, service), noticesJson);
}

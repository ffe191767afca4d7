import { Hono } from 'hono';
import { lineOf } from '../../actions/line.ts';
import { addWalkIn, advance, reachQueue } from '../../actions/queue.ts';
import { localDay, parseDay } from '../../domain/days.ts';
import { Refusal } from '../../domain/errors.ts';
import { parse } from '../../forms/parse.ts';
import { advanceForm, walkInForm } from '../../forms/queue.ts';
import type { Env } from '../../web/env.ts';
import { readInput } from '../../web/input.ts';
import { entryJson } from '../../web/json.ts';
import { once } from '../../web/once.ts';
import { json } from '../../web/render.tsx';
import { actFor } from '../../web/session.ts';

export const queueApi = new Hono<Env>()
  .get('/queues/:id', async (c) => {
    const act = await actFor(c);
    const service = await reachQueue(act, { id: c.req.param('id') });
    const date = c.req.query('date');
    const day = date === undefined ? localDay(act.now, service.location.timeZone) : parseDay(date);
    if (!day) throw new Refusal('invalid', { fields: { date: { code: 'day' } } });
    const { serving, called, parked, waiting, counts } = await lineOf(act.db, service, day, act.now);
    return json(c, { data: [...serving, ...called, ...parked, ...waiting].map(entryJson), meta: counts });
  })
  .post('/queues/:id/advance', async (c) => {
    const service = await reachQueue(await actFor(c), { id: c.req.param('id') });
    const input = await readInput(c);
    const form = parse(advanceForm, input.fields);
    const answer = await once(
      c,
      input,
      (act) => advance(act, service, form),
      ({ completed, inService }) => ({
        status: 200,
        body: {
          data: {
            completed: completed && entryJson(completed),
            in_service: inService && entryJson(inService),
          },
        },
      }),
    );
    return json(c, answer.body, answer.status);
  })
  .post('/queues/:id/entries', async (c) => {
    const service = await reachQueue(await actFor(c), { id: c.req.param('id') });
    const input = await readInput(c);
    const form = parse(walkInForm, input.fields);
    const answer = await once(
      c,
      input,
      (act) => addWalkIn(act, service, form),
      (entry) => ({ status: 201, body: { data: entryJson(entry) } }),
    );
    return json(c, answer.body, answer.status);
  });

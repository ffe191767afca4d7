import { Hono } from 'hono';
import type { Act } from '../../actions/act.ts';
import { leaveDesk, listDesks, pauseWork, reachDesk, resumeWork, takeDesk } from '../../actions/desks.ts';
import { advanceDesk } from '../../actions/queue.ts';
import type { StaffedDesk } from '../../domain/desk.ts';
import { deskAdvanceForm, takeForm } from '../../forms/desks.ts';
import { parse } from '../../forms/parse.ts';
import type { C, Env } from '../../web/env.ts';
import { type Input, idOf, readInput } from '../../web/input.ts';
import { advancedJson, deskJson } from '../../web/json.ts';
import { answerOnce } from '../../web/once.ts';
import { json } from '../../web/render.tsx';
import { actFor } from '../../web/session.ts';

export const deskApi = new Hono<Env>()
  .get('/desks', async (c) => json(c, { data: (await listDesks(await actFor(c))).map(deskJson) }))
  .post('/desks/:id/advance', (c) =>
    change(
      c,
      idOf(c),
      ({ fields }) => {
        const form = parse(deskAdvanceForm, fields);
        return (act, desk) => advanceDesk(act, desk, form);
      },
      advancedJson,
    ),
  )
  .post('/desks/:id/take', (c) =>
    change(
      c,
      idOf(c),
      ({ fields }) => {
        const form = parse(takeForm, fields);
        return (act, desk) => takeDesk(act, desk, form);
      },
      deskJson,
    ),
  )
  .post('/desks/:id/leave', (c) => change(c, idOf(c), () => leaveDesk, deskJson))
  .post('/desks/:id/pause', (c) => change(c, idOf(c), () => pauseWork, deskJson))
  .post('/desks/:id/resume', (c) => change(c, idOf(c), () => resumeWork, deskJson));

async function change<T>(
  c: C,
  id: string,
  prepare: (input: Input) => (act: Act, desk: StaffedDesk) => Promise<T>,
  present: (result: T) => unknown,
): Promise<Response> {
  const desk = await reachDesk(await actFor(c), id);
  const input = await readInput(c);
  return answerOnce(c, input, (act) => prepare(input)(act, desk), present);
}

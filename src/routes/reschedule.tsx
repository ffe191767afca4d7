import { Hono } from 'hono';
import { withNext } from '../../views/next.ts';
import { type ReachedReservation, rescheduleReservation } from '../actions/reservations.ts';
import { parse } from '../forms/parse.ts';
import { rescheduleForm } from '../forms/reservations.ts';
import { attempt, type Failure } from '../web/attempt.ts';
import type { C, Env } from '../web/env.ts';
import { queryFields, readInput } from '../web/input.ts';
import { atChosen } from '../web/next.ts';
import { locationOf, once } from '../web/once.ts';
import { goTo, LOGGED_OUT, show, uiOf } from '../web/render.tsx';
import { actorOf } from '../web/session.ts';
import { pickerScreen } from './picker.tsx';
import { pathOf, reach, waysOutOf } from './reservations.tsx';

/** Moving a reservation to another time. */
export const reschedulePages = new Hono<Env>()
  .get('/reservations/:id/reschedule', async (c) => {
    const reached = await reach(c);
    return (await waysOutOf(c, reached)).canMove
      ? showReschedule(c, reached, { fields: queryFields(c) })
      : goTo(c, pathOf(reached));
  })
  .post('/reservations/:id/reschedule', async (c) => {
    // The time that was chosen outlives the session.
    if (!(await actorOf(c)))
      return goTo(c, withNext(LOGGED_OUT, atChosen(c.req.path, (await readInput(c)).fields)));
    const reached = await reach(c);
    const input = await readInput(c);
    const result = await attempt(c, () => {
      const form = parse(rescheduleForm, input.fields);
      return once(
        c,
        input,
        (act) => rescheduleReservation(act, reached, form),
        () => ({ status: 200, body: { location: `${pathOf(reached)}?done=moved` } }),
      );
    });
    if (result.ok) return goTo(c, locationOf(result.value));
    const fresh = await reach(c);
    // Once it was canceled elsewhere, its holder is in the line, or its day is over, every other time would be refused as well.
    if (!(await waysOutOf(c, fresh)).canMove) return goTo(c, pathOf(fresh));
    return showReschedule(c, fresh, { fields: input.fields, failure: result });
  });

async function showReschedule(
  c: C,
  { reservation, service }: ReachedReservation,
  picked: { fields: Record<string, unknown>; failure?: Failure },
): Promise<Response> {
  const ui = await uiOf(c);
  const title = ui.text.reservations.rescheduleTitle(service.name);
  return show(c, ui, await pickerScreen(c, ui, title, { service, moving: reservation, ...picked }));
}

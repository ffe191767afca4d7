import { Hono } from 'hono';
import { TakePage } from '../../../views/desk/take.tsx';
import type { Deed, Done } from '../../../views/desk/view.ts';
import { type Act, found } from '../../actions/act.ts';
import { leaveDesk, pauseWork, reachDesk, resumeWork, takeDesk } from '../../actions/desks.ts';
import { heldAtDesk } from '../../db/tickets.ts';
import type { StaffedDesk } from '../../domain/desk.ts';
import { takeForm } from '../../forms/desks.ts';
import { parse } from '../../forms/parse.ts';
import { attempt } from '../../web/attempt.ts';
import type { C, Env } from '../../web/env.ts';
import { statusOf } from '../../web/errors.ts';
import { type Input, isPaused, readInput } from '../../web/input.ts';
import { once } from '../../web/once.ts';
import { goTo, show, uiOf } from '../../web/render.tsx';
import { actFor } from '../../web/session.ts';
import { dayOf, reachScope } from './scope.ts';
import { backTo, DESK_FILES, type Outcome, refusedBy, showPanel } from './show.tsx';

/**
 * Sitting down at a desk, which asks first where somebody else sits, getting up, and pausing. Each leads to the page of the
 * desk, or to all of them.
 */
export const atDeskPages = new Hono<Env>()
  .get('/desk/:slug/take', async (c) => {
    const scope = await reachScope(c);
    const desk = found(scope.desk);
    const ui = await uiOf(c);
    return show(c, ui, {
      title: ui.text.desk.takeTitle(desk.name),
      width: 'narrow',
      ...DESK_FILES,
      main: () => <TakePage ui={ui} scope={{ ...scope, desk }} />,
    });
  })
  .post('/desk/:slug/take', (c) =>
    change(c, 'desk-taken', ({ fields }) => {
      const form = parse(takeForm, fields);
      return (act, desk) => takeDesk(act, desk, form);
    }),
  )
  .post('/desk/:slug/leave', (c) => change(c, 'desk-left', () => leaveDesk))
  .post('/desk/:slug/pause', (c) => change(c, 'desk-paused', () => pauseWork))
  .post('/desk/:slug/resume', (c) => change(c, 'desk-resumed', () => resumeWork));

async function change(
  c: C,
  deed: 'desk-taken' | 'desk-left' | 'desk-paused' | 'desk-resumed',
  prepare: (input: Input) => (act: Act, desk: StaffedDesk) => Promise<StaffedDesk>,
): Promise<Response> {
  const desk = await reachDesk(await actFor(c), c.req.param('slug') ?? '');
  const input = await readInput(c);
  const behind = await leftBehind(c, deed, desk);
  const result = await attempt(c, () => {
    const work = prepare(input);
    return once(
      c,
      input,
      (act) => work(act, desk),
      () => ({ status: 200, body: { done: [{ deed, thing: '' }, ...behind] } satisfies Outcome }),
    );
  });
  if (result.ok) {
    if (deed === 'desk-left') {
      const [left] = behind;
      return goTo(c, left ? `/desk?done=desk-left-${left.thing}` : '/desk?done=desk-left');
    }
    return goTo(c, backTo({ key: desk.id }, isPaused(c), result.value.body as Outcome));
  }
  const ui = await uiOf(c);
  const scope = await reachScope(c);
  const { refusal } = result;
  return showPanel(c, ui, scope, {
    status: statusOf(refusal),
    refused: await refusedBy(c, ui, scope, deed, refusal),
  });
}

/** Whom somebody leaves at the desk that they get up from. */
async function leftBehind(c: C, deed: Deed, desk: StaffedDesk): Promise<Done[]> {
  const { store, clock } = c.get('parts');
  const scope = await reachScope(c);
  const old = deed === 'desk-left' ? desk : deed === 'desk-taken' ? scope.mine : undefined;
  if (!old || (deed === 'desk-taken' && old.id === desk.id)) return [];
  const [entry] = await store.run(heldAtDesk, { deskId: old.id, day: dayOf(scope, clock()) });
  return entry ? [{ deed: 'desk-left', thing: entry.number }] : [];
}

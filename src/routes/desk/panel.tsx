import { Hono } from 'hono';
import { z } from 'zod';
import { type Scope, walkInServices, worksHere } from '../../../views/desk/view.ts';
import { blankForm } from '../../../views/parts.tsx';
import type { Ui } from '../../../views/ui.ts';
import { found } from '../../actions/act.ts';
import { checkIn } from '../../actions/check-in.ts';
import { addWalkIn, advance, advanceDesk } from '../../actions/queue.ts';
import { reachReservation } from '../../actions/reservations.ts';
import { moveTicket, reachTicket } from '../../actions/tickets.ts';
import { undo } from '../../actions/undo.ts';
import { waitingRanks } from '../../db/queue.ts';
import { serviceById } from '../../db/services.ts';
import { Refusal } from '../../domain/errors.ts';
import { chooseAcross } from '../../domain/order.ts';
import { type QueueEntry, VERBS, type Verb } from '../../domain/ticket.ts';
import { line, problem } from '../../forms/fields.ts';
import { parse } from '../../forms/parse.ts';
import { advanceForm, verbForm, walkInForm } from '../../forms/queue.ts';
import { sentenceOf } from '../../web/attempt.ts';
import type { C, Env } from '../../web/env.ts';
import { statusOf } from '../../web/errors.ts';
import { type Input, idOf } from '../../web/input.ts';
import { once } from '../../web/once.ts';
import { notModified, showKept, uiOf, unchanged } from '../../web/render.tsx';
import { actFor } from '../../web/session.ts';
import { reachScope, stateOf, topicsOf } from './scope.ts';
import { doForm, doneIn, final, noticeOf, outcome, panelScreen, said, showPanel } from './show.tsx';

export const panelPages = new Hono<Env>()
  .get('/desk/:slug', async (c) => {
    const scope = await reachScope(c);
    const ui = await uiOf(c);
    const tag = await stateOf(c, ui, scope);
    if (unchanged(c, tag)) return notModified(c, tag);
    const notice = noticeOf(ui, doneIn(c));
    if (notice) return showPanel(c, ui, scope, { tag, notice });
    return showKept(c, ui, topicsOf(scope, ui.now), (ui) => panelScreen(c, ui, scope, { tag }));
  })
  .get('/desk/:slug/walk-in', async (c) => {
    const scope = await reachScope(c);
    found(walkInServices(scope).length > 0);
    const ui = await uiOf(c);
    if (!worksHere(scope)) return showNotHere(c, ui, scope);
    return showPanel(c, ui, scope, { walkIn: blankForm });
  })
  .post('/desk/:slug/advance', (c) =>
    doForm(c, 'advance', async (scope, input) => {
      const { serving } = parse(advanceForm, input.fields);
      const { desk, mine, services } = scope;
      if (desk && desk.id !== mine?.id) throw new Refusal('desk_taken');
      // Its screen has no such button: who paused the desk elsewhere is told so.
      if (mine?.pausedAt) throw new Refusal('desk_paused');
      const [service] = services;
      return once(
        c,
        input,
        (act) =>
          desk || !service
            ? advanceDesk(act, found(desk), { serving, isOwn: true })
            : advance(act, service, { serving, deskId: mine?.id ?? null, isOwn: true }),
        ({ completed, inService }) =>
          outcome([said('complete', completed), said('start', inService)], inService ?? completed),
      );
    }),
  )
  .post('/desk/:slug/entries', (c) =>
    doForm(c, 'walk-in', async (scope, input) => {
      const { service, form } = walkInOf(scope, input);
      return once(
        c,
        input,
        (act) => addWalkIn(act, service, form),
        (entry) => outcome([said('walk-in', entry)], entry),
      );
    }),
  )
  .post('/desk/:slug/reservations/:id/check-in', (c) =>
    doForm(c, 'check-in', async (scope, input) => {
      const reached = await reachReservation(await actFor(c), idOf(c));
      found(reached.service.locationId === scope.locationId);
      return once(
        c,
        input,
        (act) => checkIn(act, reached),
        (entry) => outcome([said('check-in', entry)], entry),
      );
    }),
  )
  .post('/desk/:slug/entries/:id', (c) => doForm(c, 'verb', (scope, input) => doVerb(c, scope, input)))
  .post('/desk/:slug/entries/:id/undo', (c) =>
    doForm(c, 'undo', async (scope, input) => {
      const entry = await reachTicketHere(c, scope);
      const form = parse(verbForm, input.fields);
      return once(
        c,
        input,
        (act) => undo(act, entry, form),
        (undone) => final({ deed: undone.voided ? 'void' : 'undo', thing: undone.number }, undone),
      );
    }),
  );

/** A ticket of the place: it may have been sent to another line a moment ago. */
export async function reachTicketHere(c: C, scope: Scope): Promise<QueueEntry> {
  const entry = await reachTicket(await actFor(c), idOf(c), 'call');
  found(entry.locationId === scope.locationId);
  return entry;
}

const buttonForm = verbForm.extend({ verb: z.enum(VERBS) });

/** What the button said that a form was sent with. */
async function doVerb(c: C, scope: Scope, input: Input) {
  const entry = await reachTicketHere(c, scope);
  const { verb, version } = parse(buttonForm, input.fields);
  if (verb === 'call' && (await isEarly(c, scope, entry)))
    throw new Refusal('stale', { facts: { notNext: entry } });
  const deskId = deskFor(scope, verb);
  return once(
    c,
    input,
    (act) => moveTicket(act, entry, verb, { version, deskId, isOwn: deskId !== null }),
    (moved) => outcome([said(verb, moved)], moved),
  );
}

/** A ticket comes to the desk that calls or starts it. */
function deskFor({ mine }: Scope, verb: Verb): string | null {
  return (verb === 'call' || verb === 'start') && mine ? mine.id : null;
}

/** Whether calling a ticket would be out of order, for which somebody has to say why. */
export async function isEarly(c: C, scope: Scope, entry: QueueEntry): Promise<boolean> {
  if (entry.status !== 'waiting') return false;
  const { store, clock } = c.get('parts');
  const shown = scope.services.some(({ id }) => id === entry.serviceId);
  const services = shown ? scope.services : [found(await serviceById(store, entry.serviceId))];
  const lines = await Promise.all(
    services.map(async ({ id, earlyCallMinutes }) => ({
      waiting: await store.run(waitingRanks, { serviceId: id, day: entry.localDay }),
      earlyCallMinutes,
    })),
  );
  return chooseAcross(lines, clock())?.id !== entry.id;
}

/** Who comes, and the service that gives the number: the only one, or the one that was chosen. */
function walkInOf(scope: Scope, { fields }: Input) {
  const services = scope.desk ? walkInServices(scope) : scope.services;
  const [only, another] = services;
  const { serviceId: given } = fields;
  const takesNone = scope.serviceNames.has(String(given)) && !services.some(({ id }) => id === given);
  if (!only || takesNone) throw new Refusal('no_walk_ins');
  const chosen = line(36).refine(
    (id) => services.some((service) => service.id === id),
    problem('unknown_service'),
  );
  const { serviceId, ...form } = parse(walkInForm.extend({ serviceId: chosen }), {
    ...fields,
    needs: fields['needs[]'],
    // Whoever chose between several gets no other one, though it is the only one left.
    serviceId: another || given ? given : only.id,
  });
  return { service: found(services.find(({ id }) => id === serviceId)), form };
}

/** The panel for somebody who asked for a form of a desk that they sit at no more: who does, it says. */
async function showNotHere(c: C, ui: Ui, scope: Scope): Promise<Response> {
  if (scope.desk?.staffedBy === null) return showPanel(c, ui, scope, {});
  const refusal = new Refusal('desk_taken');
  return showPanel(c, ui, scope, {
    status: statusOf(refusal),
    notice: { kind: 'warning', text: sentenceOf(ui, refusal) },
  });
}

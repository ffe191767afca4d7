import { Hono } from 'hono';
import { z } from 'zod';
import { possible } from '../../../views/desk/rows.ts';
import { DeskTicketPage, type TicketForm, type TicketView } from '../../../views/desk/ticket.tsx';
import { type Scope, takesNobody } from '../../../views/desk/view.ts';
import { blankForm, type FormState } from '../../../views/parts.tsx';
import type { Act } from '../../actions/act.ts';
import { found } from '../../actions/act.ts';
import { otherLines } from '../../actions/panel.ts';
import { annotateTicket, moveInLine, moveTicket, transferTicket } from '../../actions/tickets.ts';
import { waitingRanks } from '../../db/queue.ts';
import { serviceById } from '../../db/services.ts';
import { Refusal } from '../../domain/errors.ts';
import { aheadOf } from '../../domain/order.ts';
import { needsOf, type QueueEntry, verbsFor } from '../../domain/ticket.ts';
import { parse } from '../../forms/parse.ts';
import { callForm, noteForm, placeForm, transferForm } from '../../forms/queue.ts';
import { attempt, formAgain } from '../../web/attempt.ts';
import type { C, Env } from '../../web/env.ts';
import { statusOf } from '../../web/errors.ts';
import { type Input, isPaused, readInput } from '../../web/input.ts';
import { once } from '../../web/once.ts';
import { goTo, show, uiOf } from '../../web/render.tsx';
import { isEarly, reachTicketHere } from './panel.tsx';
import { reachScope } from './scope.ts';
import { backTo, DESK_FILES, explain, type Outcome, outcome, said } from './show.tsx';

export const deskTicketPages = new Hono<Env>()
  .get('/desk/:slug/entries/:id', async (c) => {
    const scope = await reachScope(c);
    return showTicket(c, scope, await reachTicketHere(c, scope));
  })
  .post('/desk/:slug/entries/:id/call', (c) =>
    doTyped(c, 'call', ({ fields }, { mine }) => {
      const { version, reason } = parse(callForm, fields);
      if (reason === null) throw new Refusal('invalid', { fields: { reason: { code: 'required' } } });
      const deskId = mine?.id ?? null;
      return (act, entry) =>
        moveTicket(act, entry, 'call', { version, deskId, isOwn: deskId !== null, reason });
    }),
  )
  .post('/desk/:slug/entries/:id/move', (c) =>
    doTyped(c, 'move', ({ fields }) => {
      const form = parse(placeForm, fields);
      return (act, entry) => moveInLine(act, entry, form);
    }),
  )
  .post('/desk/:slug/entries/:id/transfer', (c) =>
    doTyped(c, 'transfer', ({ fields }) => {
      const form = parse(transferForm, fields);
      return (act, entry) => transferTicket(act, entry, form);
    }),
  )
  .post('/desk/:slug/entries/:id/note', (c) =>
    doTyped(c, 'note', ({ fields }) => {
      // Boxes that were all left empty are not sent.
      const form = parse(shownNoteForm, { ...fields, needs: fields['needs[]'] ?? '' });
      return (act, entry) => annotateTicket(act, entry, form);
    }),
  );

/** The note as it was shown, instead of the ticket's version: who is called or moved meanwhile has the same note. */
const shownNoteForm = noteForm.extend({ seen: z.string().optional() });

/** Does the work of a form of a ticket's page and goes back to the panel; a refusal shows the page with what was typed. */
async function doTyped(
  c: C,
  name: TicketForm,
  prepare: (input: Input, scope: Scope) => (act: Act, entry: QueueEntry) => Promise<QueueEntry>,
): Promise<Response> {
  const scope = await reachScope(c);
  const entry = await reachTicketHere(c, scope);
  const input = await readInput(c);
  const result = await attempt(c, () => {
    const work = prepare(input, scope);
    return once(
      c,
      input,
      (act) => work(act, entry),
      (changed) => outcome([said(name, changed)], changed),
    );
  });
  if (result.ok) return goTo(c, backTo(scope, isPaused(c), result.value.body as Outcome));
  const { refusal } = result;
  const ui = await uiOf(c);
  const again = formAgain(ui, { ...input.fields, needs: input.fields['needs[]'] }, result);
  const form =
    refusal.code === 'invalid' ? again : { ...again, message: await explain(c, ui, scope, name, refusal) };
  return showTicket(c, scope, await reachTicketHere(c, scope), {
    status: statusOf(refusal),
    forms: { [name]: form },
  });
}

async function showTicket(
  c: C,
  scope: Scope,
  entry: QueueEntry,
  failed?: { status: ReturnType<typeof statusOf>; forms: Partial<Record<TicketForm, FormState>> },
): Promise<Response> {
  const ui = await uiOf(c);
  const view = await ticketView(c, ui, scope, entry);
  const forms = { ...view.forms, ...failed?.forms };
  return show(c, ui, {
    title: `${entry.number} · ${scope.name}`,
    ...DESK_FILES,
    ...(failed && { status: failed.status }),
    main: () => <DeskTicketPage view={{ ...view, forms }} />,
  });
}

async function ticketView(c: C, ui: TicketView['ui'], scope: Scope, entry: QueueEntry): Promise<TicketView> {
  const { store } = c.get('parts');
  const [service, others, waiting] = await Promise.all([
    serviceById(store, entry.serviceId),
    otherLines(store, entry, ui.now),
    store.run(waitingRanks, { serviceId: entry.serviceId, day: entry.localDay }),
  ]);
  const callsEarly = !takesNobody(scope) && (await isEarly(c, scope, entry));
  const isDue = entry.status === 'waiting' && entry.dueAt <= ui.now;
  return {
    ui,
    scope,
    paused: isPaused(c),
    entry,
    verbs: possible(scope, verbsFor(entry, found(service), ui.now)).filter(
      (verb) => verb !== 'call' || !callsEarly,
    ),
    callsEarly,
    ahead: isDue ? aheadOf(entry, waiting, ui.now) : undefined,
    others,
    forms: {
      call: blankForm,
      move: blankForm,
      transfer: blankForm,
      note: { values: { note: entry.note, needs: needsOf(entry) }, problems: {} },
    },
  };
}

import { Hono } from 'hono';
import { z } from 'zod';
import { possible } from '../../../views/desk/rows.ts';
import { DeskTicketPage, hasForm, type TicketForm, type TicketView } from '../../../views/desk/ticket.tsx';
import { type Scope, takesNobody } from '../../../views/desk/view.ts';
import { blankForm } from '../../../views/parts.tsx';
import type { Act } from '../../actions/act.ts';
import { found } from '../../actions/act.ts';
import { otherLines } from '../../actions/panel.ts';
import { annotateTicket, moveInLine, moveTicket, transferTicket } from '../../actions/tickets.ts';
import { stale } from '../../actions/transition.ts';
import { eventsOfEntry } from '../../db/events.ts';
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
  return showTicket(c, scope, await reachTicketHere(c, scope), { name, input, refusal: result.refusal });
}

/** A form that was refused. */
interface Failed {
  name: TicketForm;
  input: Input;
  refusal: Refusal;
}

async function showTicket(c: C, scope: Scope, entry: QueueEntry, failed?: Failed): Promise<Response> {
  const ui = await uiOf(c);
  const calm = await ticketView(c, ui, scope, entry);
  const view = failed ? await refusedView(c, calm, failed) : calm;
  return show(c, ui, {
    title: `${entry.number} · ${scope.name}`,
    ...DESK_FILES,
    ...(failed && { status: statusOf(failed.refusal) }),
    main: () => <DeskTicketPage view={view} />,
  });
}

/** The page with a form as it was sent, and why it was refused: at the form, or on top where it is gone by now. */
async function refusedView(c: C, view: TicketView, failed: Failed): Promise<TicketView> {
  const { ui, scope } = view;
  const { name, input, refusal } = failed;
  const again = formAgain(ui, { ...input.fields, needs: input.fields['needs[]'] }, { ok: false, refusal });
  const message = refusal.code === 'invalid' ? undefined : await explain(c, ui, scope, name, refusal);
  const gone = hasForm(view, name) ? undefined : { form: name, why: await whyGone(c, view, failed, message) };
  return { ...view, forms: { ...view.forms, [name]: { ...again, message } }, gone };
}

/** Whoever made a mistake in a form that is gone is told what became of the ticket, and not of the mistake. */
async function whyGone(
  c: C,
  { ui, scope, entry }: TicketView,
  { name, input, refusal }: Failed,
  message: string | undefined,
): Promise<string> {
  const { desk, refusals } = ui.text;
  // Who still waits is called out of order unless the desk is paused, or they are the next one by now.
  if (name === 'call' && entry.status === 'waiting') {
    const now = takesNobody(scope) ? refusals.desk_paused : desk.isNext(entry.number);
    return message === undefined || message === now ? now : `${message} ${now}`;
  }
  if (message !== undefined) return message;
  if (entry.version !== Number(input.fields.version)) return explain(c, ui, scope, name, stale(entry));
  return Object.values(refusal.fields ?? {})
    .map((problem) => ui.text.problem(problem))
    .join(' ');
}

async function ticketView(c: C, ui: TicketView['ui'], scope: Scope, entry: QueueEntry): Promise<TicketView> {
  const { store } = c.get('parts');
  const [service, others, waiting, events] = await Promise.all([
    serviceById(store, entry.serviceId),
    otherLines(store, entry, ui.now),
    store.run(waitingRanks, { serviceId: entry.serviceId, day: entry.localDay }),
    eventsOfEntry(store, entry.id),
  ]);
  const callsEarly = !takesNobody(scope) && (await isEarly(c, scope, entry));
  const isDue = entry.status === 'waiting' && entry.dueAt <= ui.now;
  return {
    ui,
    scope,
    paused: isPaused(c),
    entry,
    events,
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

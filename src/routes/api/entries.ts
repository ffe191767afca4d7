import { Hono } from 'hono';
import type { Act } from '../../actions/act.ts';
import {
  annotateTicket,
  moveInLine,
  moveTicket,
  reachTicket,
  type TicketDeed,
  transferTicket,
} from '../../actions/tickets.ts';
import { undo } from '../../actions/undo.ts';
import { type QueueEntry, VERBS, type Verb } from '../../domain/ticket.ts';
import { parse } from '../../forms/parse.ts';
import { callForm, noteForm, placeForm, startForm, transferForm, verbForm } from '../../forms/queue.ts';
import type { C, Env } from '../../web/env.ts';
import { type Input, idOf, readInput } from '../../web/input.ts';
import { entryJson } from '../../web/json.ts';
import { answerOnce } from '../../web/once.ts';
import { actFor } from '../../web/session.ts';

export const entryApi = new Hono<Env>()
  .post('/entries/:id/transfer', (c) =>
    change(c, idOf(c), 'transfer', ({ fields }) => {
      const form = parse(transferForm, fields);
      return (act, entry) => transferTicket(act, entry, form);
    }),
  )
  .post('/entries/:id/move', (c) =>
    change(c, idOf(c), 'move', ({ fields }) => {
      const form = parse(placeForm, fields);
      return (act, entry) => moveInLine(act, entry, form);
    }),
  )
  .post('/entries/:id/note', (c) =>
    change(c, idOf(c), 'note', ({ fields }) => {
      const form = parse(noteForm, fields);
      return (act, entry) => annotateTicket(act, entry, form);
    }),
  )
  .post('/entries/:id/undo', (c) =>
    change(c, idOf(c), 'undo', ({ fields }) => {
      const form = parse(verbForm, fields);
      return (act, entry) => undo(act, entry, form);
    }),
  );

for (const verb of VERBS) {
  entryApi.post(`/entries/:id/${verb}`, (c) =>
    change(c, idOf(c), verb, ({ fields }) => {
      const form = parse(formOf(verb), fields);
      return (act, entry) => moveTicket(act, entry, verb, form);
    }),
  );
}

/** Loads the ticket, then reads what is sent, then does it: the order of the checks. */
async function change(
  c: C,
  id: string,
  deed: TicketDeed,
  prepare: (input: Input) => (act: Act, entry: QueueEntry) => Promise<QueueEntry>,
): Promise<Response> {
  const entry = await reachTicket(await actFor(c), id, deed);
  const input = await readInput(c);
  return answerOnce(c, input, (act) => prepare(input)(act, entry), entryJson);
}

function formOf(verb: Verb) {
  if (verb === 'call') return callForm;
  return verb === 'start' ? startForm : verbForm;
}

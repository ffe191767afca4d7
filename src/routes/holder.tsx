import type { ShownTicket } from '../../views/tickets/ticket.tsx';
import type { Ui } from '../../views/ui.ts';
import type { Act } from '../actions/act.ts';
import { delayTicket, returnTicket } from '../actions/holder.ts';
import { moveTicket } from '../actions/tickets.ts';
import { undo } from '../actions/undo.ts';
import { HOLDER_DEEDS, type HolderDeed, type StandingTicket, stillStands } from '../domain/held.ts';
import type { QueueEntry } from '../domain/ticket.ts';
import { parse } from '../forms/parse.ts';
import { verbForm } from '../forms/queue.ts';
import { type Attempt, attempt, type Failure, sentenceOf } from '../web/attempt.ts';
import type { C } from '../web/env.ts';
import type { Input } from '../web/input.ts';
import { type Answer, once } from '../web/once.ts';

/**
 * Does once what a holder asks of their ticket. The key of the form is the ticket's own: its page's address, which holds
 * the token, is kept nowhere.
 */
export function doDeed(
  c: C,
  input: Input,
  via: Act['via'],
  entry: QueueEntry,
  deed: HolderDeed,
): Promise<Attempt<Answer>> {
  return attempt(c, () => {
    const form = parse(verbForm, input.fields);
    return once(
      c,
      input,
      (act) => WORK[deed](via ? { ...act, via } : act, entry, form),
      () => ({ status: 200, body: {} }),
      { owner: `ticket ${entry.id}`, path: `/t/${deed}` },
    );
  });
}

const WORK: Record<
  HolderDeed,
  (act: Act, entry: QueueEntry, form: { version?: number | undefined }) => Promise<QueueEntry>
> = {
  leave: (act, entry, form) => moveTicket(act, entry, 'leave', form),
  delay: delayTicket,
  back: returnTicket,
  undo,
};

/** What a deed did, or why it did not. Where that was told of too late, and is so no more, nothing. */
export function deedNotice(
  ui: Ui,
  ticket: StandingTicket | undefined,
  done: string | undefined,
  failure?: Failure,
): ShownTicket['notice'] {
  if (failure) {
    const { code } = failure.refusal;
    const isBehind = code === 'stale' || code === 'wrong_state';
    return { kind: 'warning', text: isBehind ? ui.text.ticket.changed : sentenceOf(ui, failure.refusal) };
  }
  const deed = HOLDER_DEEDS.find((each) => each === done);
  if (!deed || !ticket || !stillStands(deed, ticket.entry, ui.now)) return undefined;
  const { entry, service } = ticket;
  const until = entry.awayUntil ? ui.format.time(entry.awayUntil, service.location.timeZone) : '';
  return { kind: 'success', text: ui.text.ticket.done[deed](until), deed };
}

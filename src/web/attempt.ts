import type { FormState } from '../../views/parts.tsx';
import type { Ui } from '../../views/ui.ts';
import { Refusal, type RefusalCode } from '../domain/errors.ts';
import type { C } from './env.ts';

/** What a form's work came to. */
export type Attempt<T> = { ok: true; value: T } | Failure;

export interface Failure {
  ok: false;
  refusal: Refusal;
}

/** Refusals that a form can show, with what was typed. Everything else is a page of its own. */
const SHOWN: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'invalid',
  'wrong_credentials',
  'slot_unavailable',
  'slot_full',
  'already_booked',
  'outside_window',
  'too_late',
  'stale',
  'wrong_state',
  'no_walk_ins',
  'intake_closed',
  'join_closed',
  'desk_paused',
  'desk_busy',
  'desk_taken',
  'not_undoable',
  'no_more_delays',
  'in_use',
  'collisions',
  'too_many',
  'key_reused',
]);

/** Does a form's work; a refusal that the form can show comes back instead of being thrown, and says how long to wait. */
export async function attempt<T>(c: C, work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!(error instanceof Refusal && SHOWN.has(error.code))) throw error;
    if (error.retryAfter !== undefined) c.header('Retry-After', String(error.retryAfter));
    return { ok: false, refusal: error };
  }
}

/** The form as it is shown again: what was typed, what is wrong with it, and why it was refused. */
export function formAgain(ui: Ui, values: Record<string, unknown>, { refusal }: Failure): FormState {
  const message = refusal.code === 'invalid' ? undefined : sentenceOf(ui, refusal);
  return { values, problems: refusal.fields ?? {}, message };
}

/** Why no slot was taken, for a form whose only field is the slot. */
export function slotProblem(ui: Ui, { refusal }: Failure): string {
  if (refusal.code !== 'invalid') return sentenceOf(ui, refusal);
  return refusal.fields?.timeSlot ? ui.text.booking.noneChosen : ui.text.refusals.invalid;
}

/** Why a form was refused. Somebody at a form knows nothing of its key, only that they sent it before. */
export function sentenceOf(ui: Ui, { code, retryAfter }: Refusal): string {
  if (code === 'too_many' && retryAfter !== undefined)
    return ui.text.forms.tooMany(ui.format.minutes(Math.ceil(retryAfter / 60)));
  return code === 'key_reused' ? ui.text.forms.sentBefore : ui.text.refusals[code];
}

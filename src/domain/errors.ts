/** Why something was refused. The HTTP layer alone knows which status each one becomes. */
export type RefusalCode =
  | 'unauthenticated'
  | 'wrong_credentials'
  | 'forbidden'
  | 'foreign_origin'
  | 'not_found'
  | 'method_not_allowed'
  | 'too_large'
  | 'unreadable'
  | 'invalid'
  | 'slot_unavailable'
  | 'key_reused'
  | 'slot_full'
  | 'already_booked'
  | 'outside_window'
  | 'too_late'
  | 'stale'
  | 'wrong_state'
  | 'in_use'
  | 'collisions'
  | 'too_many'
  | 'busy';

/** A message per field, keyed by the field's name; '' is the form as a whole. */
export type FieldErrors = Record<string, string>;

export interface RefusalDetails {
  fields?: FieldErrors;
  /** Facts a screen needs to explain the refusal: the fresh row, who was faster. */
  facts?: Record<string, unknown>;
  /** Seconds after which another try makes sense. */
  retryAfter?: number;
}

/** An expected "no": nothing is broken, nothing was changed, and the person can be told why. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly fields: FieldErrors | undefined;
  readonly facts: Record<string, unknown>;
  readonly retryAfter: number | undefined;

  constructor(code: RefusalCode, details: RefusalDetails = {}) {
    super(code);
    this.code = code;
    this.fields = details.fields;
    this.facts = details.facts ?? {};
    this.retryAfter = details.retryAfter;
  }
}

/** Why something was refused. The HTTP layer alone knows which status each one becomes. */
export type RefusalCode =
  | 'unauthenticated'
  | 'wrong_credentials'
  | 'forbidden'
  | 'foreign_origin'
  | 'not_found'
  | 'retired'
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
  | 'no_walk_ins'
  | 'intake_closed'
  | 'join_closed'
  | 'desk_paused'
  | 'desk_busy'
  | 'desk_taken'
  | 'no_more_delays'
  | 'not_undoable'
  | 'in_use'
  | 'collisions'
  | 'too_many'
  | 'busy';

/** A problem per field, keyed by the field's name; '' is the form as a whole. */
export type FieldErrors = Record<string, Problem>;

/** What is wrong with a field; the screen's language has the sentence for it. */
export interface Problem {
  code:
    | 'required'
    | 'invalid'
    | 'too_short'
    | 'too_long'
    | 'too_small'
    | 'too_big'
    | 'whole'
    | 'letters'
    | 'email'
    | 'email_taken'
    | 'password_wrong'
    | 'time'
    | 'day'
    | 'too_many_days'
    | 'zone'
    | 'slug_taken'
    | 'name_taken'
    | 'location_retired'
    | 'window_reversed'
    | 'windows_overlap'
    | 'unknown_service'
    | 'unknown_location'
    | 'unknown_desk'
    | 'link_expired'
    | 'zone_in_use'
    | 'lines_open'
    | 'phone'
    | 'prefix_taken'
    | 'reservation_code'
    | 'day_over'
    | 'times_unused'
    | 'no_account'
    | 'own_role'
    | 'no_location';
  limit?: number;
  /** How many are in which lines, where that is in the way. */
  lines?: readonly OpenLine[];
}

/** How many are in the line of a service, waiting, parked or at a desk. */
export interface OpenLine {
  service: string;
  count: number;
}

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

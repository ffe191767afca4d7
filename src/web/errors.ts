import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { en } from '../../views/text/en.ts';
import type { FieldErrors, Refusal, RefusalCode } from '../domain/errors.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { ServiceWithHours } from '../domain/service.ts';
import type { QueueEntry } from '../domain/ticket.ts';
import { snakeCase } from './input.ts';
import { entryJson, reservationJson, serviceJson } from './json.ts';

const STATUS: Record<RefusalCode, ContentfulStatusCode> = {
  unreadable: 400,
  unauthenticated: 401,
  wrong_credentials: 401,
  forbidden: 403,
  foreign_origin: 403,
  not_found: 404,
  retired: 404,
  method_not_allowed: 405,
  slot_full: 409,
  already_booked: 409,
  outside_window: 409,
  too_late: 409,
  stale: 409,
  wrong_state: 409,
  no_walk_ins: 409,
  intake_closed: 409,
  join_closed: 409,
  desk_paused: 409,
  desk_busy: 409,
  desk_taken: 409,
  no_more_delays: 409,
  not_undoable: 409,
  in_use: 409,
  collisions: 409,
  too_large: 413,
  invalid: 422,
  slot_unavailable: 422,
  key_reused: 422,
  too_many: 429,
  busy: 503,
};

/** The HTTP status that a refusal is answered with. */
export function statusOf(refusal: Refusal): ContentfulStatusCode {
  return STATUS[refusal.code];
}

/** The ticket that somebody else was faster with: what stands in its place now comes after the one that the screen showed. */
export function takenTicket({ facts }: Refusal): QueueEntry | undefined {
  return (facts.entry ?? facts.shown ?? facts.serving ?? undefined) as QueueEntry | undefined;
}

/** A refusal as the JSON API tells it: code, sentence, a sentence per field, and the fresh row where one is known. */
export function bodyOf(refusal: Refusal): { error: Record<string, unknown> } {
  const { code, fields, facts } = refusal;
  const entry = takenTicket(refusal);
  const reservation = facts.reservation as Reservation | undefined;
  const service = facts.service as ServiceWithHours | undefined;
  return {
    error: {
      code,
      message: en.refusals[code],
      ...(fields && { fields: fieldSentences(fields) }),
      ...(entry && { entry: entryJson(entry) }),
      ...(reservation && { reservation: reservationJson(reservation) }),
      ...(service && { service: serviceJson(service) }),
    },
  };
}

/**
 * What broke, for the log: its kind, its place and what the database calls it. A query's message quotes its parameters
 * and PostgreSQL's quotes values, which may be an address or a token: those are left out.
 */
export function describeError(error: unknown): Record<string, unknown> {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  if (!(cause instanceof Error)) return { type: typeof cause };
  const { code, severity, constraint, table, routine } = cause as Error & Record<string, unknown>;
  const frames = `${(error as Error).stack}`.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: cause.name,
    ...(severity === undefined && { message: cause.message }),
    ...(code !== undefined && { code, constraint, table, routine }),
    stack: frames.join('\n'),
  };
}

/** A sentence per field, under the field's name as it is outside. */
function fieldSentences(fields: FieldErrors): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, problem]) => [snakeCase(name), en.problem(problem)]),
  );
}

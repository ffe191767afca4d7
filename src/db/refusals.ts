import { Refusal } from '../domain/errors.ts';

/**
 * The database's own "no" as a refusal. The capacity triggers raise their code as the message; a lock or a connection
 * that is not to be had in time is a "busy"; every other error stays what it is.
 */
export function translate(error: unknown): unknown {
  const cause = rootCause(error);
  if (!(cause instanceof Error)) return error;
  if (/\bslot_full\b/.test(cause.message)) return new Refusal('slot_full');
  if (/\brules_changed\b/.test(cause.message)) return new RulesChanged();
  if (/\balready_booked\b/.test(cause.message)) return new Refusal('already_booked');
  if (isBusy(error)) return new Refusal('busy', { retryAfter: 2, facts: { cause: cause.message } });
  return error;
}

/** A slot was found by rules of its service that are no longer in force: it is to be looked for again. */
export class RulesChanged extends Error {}

/** Whether the database is away, or has no time for us: what was asked may well go through a little later. */
export function isBusy(error: unknown): boolean {
  const cause = rootCause(error);
  if (!(cause instanceof Error)) return false;
  const { code = '' } = cause as { code?: string };
  return isConnectionLost(error) || BUSY.has(code) || /^SQLITE_(BUSY|LOCKED)/.test(code);
}

/** Whether the connection itself is gone: then it is thrown away rather than given to the next request. */
export function isConnectionLost(error: unknown): boolean {
  const cause = rootCause(error);
  if (!(cause instanceof Error)) return false;
  return (
    // What the system says of a socket; of several, when the host has several addresses.
    'syscall' in cause ||
    cause instanceof AggregateError ||
    LOST.has((cause as { code?: string }).code ?? '') ||
    /Connection terminated|timeout expired|connection error and is not queryable|Query read timeout/.test(
      cause.message,
    )
  );
}

/** Whether PostgreSQL did not even look at a statement, since one before it in the transaction had failed. */
export function isConsequence(error: unknown): boolean {
  const cause = rootCause(error);
  return cause instanceof Error && (cause as { code?: string }).code === '25P02';
}

/** Whether a write broke a UNIQUE rule whose name or columns contain `part`. */
export function breaksUnique(error: unknown, part: string): boolean {
  const cause = rootCause(error);
  if (!(cause instanceof Error)) return false;
  const { code, constraint } = cause as { code?: string; constraint?: string };
  if (code === '23505') return (constraint ?? '').includes(part);
  return (code ?? '').startsWith('SQLITE_CONSTRAINT') && cause.message.includes(part);
}

const BUSY = new Set([
  '55P03', // lock_not_available
  '57014', // query_canceled: the statement timeout
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '53300', // too_many_connections
]);

const LOST = new Set([
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '25P03', // idle_in_transaction_session_timeout
  '08006',
  '08003',
]);

function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return cause;
}

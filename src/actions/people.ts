import { reservationsOfPlace } from '../db/expected.ts';
import { entriesOfPlace } from '../db/tickets.ts';
import { codeOf } from '../domain/code.ts';
import { localDay } from '../domain/days.ts';
import { worksAt } from '../domain/roles.ts';
import type { Location } from '../domain/service.ts';
import { isSought, soughtIn } from '../domain/sought.ts';
import type { QueueEntry } from '../domain/ticket.ts';
import { type Act, found, staffOnly } from './act.ts';

/** Somebody with a reservation for today, here or not. */
interface ExpectedPerson {
  id: string;
  serviceId: string;
  timeSlot: Date;
  name: string | null;
  code: string;
}

/** Who was found: tickets of every service, and reservations that have none yet. */
export interface FoundPeople {
  tickets: QueueEntry[];
  expected: ExpectedPerson[];
  /** How many of each these are, where there are more. */
  limit?: number;
}

/** As many as anybody looks through; a search that finds more is too short. */
const MOST = 50;

/**
 * Finds anybody of today across the services of a location: by number (`A12`), by parts of the name, by digits of the
 * phone, by a reservation's code. Two reservations that share a code are both found. Two queries, whatever is looked for.
 */
export async function findPeople(act: Act, location: Location, text: string): Promise<FoundPeople> {
  found(worksAt(staffOnly(act.actor), location.id));
  const sought = soughtIn(text);
  if (!sought) return { tickets: [], expected: [] };
  const key = { locationId: location.id, day: localDay(act.now, location.timeZone) };
  const [rows, reservations] = await Promise.all([
    act.db.run(entriesOfPlace, key),
    act.db.run(reservationsOfPlace, key),
  ]);
  const names = new Map(reservations.map(({ id, name }) => [id, name]));
  const entries = rows.map((entry) => ({
    ...entry,
    name: names.get(entry.reservationId ?? '') ?? entry.name,
  }));
  const tickets = entries.filter((entry) => isSought(sought, entry));
  const expected = reservations.filter(
    ({ id, name, ticketStatus }) =>
      (ticketStatus === null || ticketStatus === 'left') &&
      isSought(sought, { name, number: null, phone: null, reservationId: id }),
  );
  return {
    tickets: tickets.slice(0, MOST),
    expected: expected
      .slice(0, MOST)
      .map(({ id, serviceId, timeSlot, name }) => ({ id, serviceId, timeSlot, name, code: codeOf(id) })),
    ...(Math.max(tickets.length, expected.length) > MOST && { limit: MOST }),
  };
}

import type { ToldWait } from './estimate.ts';
import { callingOrder, isHere } from './order.ts';
import type { QueueEntry } from './ticket.ts';

/** What a board is made of: the open tickets of a day. */
export type BoardEntry = Pick<
  QueueEntry,
  | 'id'
  | 'serviceId'
  | 'number'
  | 'name'
  | 'status'
  | 'arrivedAt'
  | 'dueAt'
  | 'effectiveAt'
  | 'calledAt'
  | 'deskId'
>;

/** Somebody who was called, and where to. */
export interface Call {
  /** Another one when the ticket is called again. */
  key: string;
  number: string;
  /** Null where desks have no names. */
  desk: string | null;
  /** Null where the location shows no names. */
  name: string | null;
}

export interface BoardLine {
  serviceId: string;
  name: string;
  /** The numbers of who is called next, in calling order. */
  next: string[];
  waiting: number;
  closed: boolean;
  delayMinutes: number;
  /** What somebody is told who takes a number now; null where nothing honest can be said. */
  forNew: ToldWait | null;
}

/** What hangs on the wall of a waiting room. */
export interface Board {
  /** The latest first. */
  calls: Call[];
  lines: BoardLine[];
}

/** More would be too small to read. */
const MAX_CALLS = 8;
const MAX_NEXT = 6;

export interface BoardParts {
  entries: readonly BoardEntry[];
  services: readonly { id: string; name: string; earlyCallMinutes: number | null }[];
  deskNames: ReadonlyMap<string, string>;
  notices: ReadonlyMap<string, { closed: boolean; delayMinutes: number }>;
  /** Of the lines in which a wait is told. */
  forNew: ReadonlyMap<string, ToldWait | null>;
  showNames: boolean;
}

/** What the board shows: who was called last comes first, then a few of those who are next in each line. */
export function boardOf(
  { entries, services, deskNames, notices, forNew, showNames }: BoardParts,
  now: Date,
): Board {
  const called = entries
    .filter((entry) => ['called', 'in_service'].includes(entry.status))
    .sort((a, b) => calledAt(b) - calledAt(a) || (a.id < b.id ? 1 : -1));
  return {
    calls: called.slice(0, MAX_CALLS).map((entry) => ({
      key: `${entry.id}:${calledAt(entry)}`,
      number: entry.number,
      desk: (entry.deskId && deskNames.get(entry.deskId)) || null,
      name: showNames ? publicName(entry.name) : null,
    })),
    lines: services.map(({ id, name, earlyCallMinutes }) => {
      const waiting = callingOrder(waitingIn(entries, { id, earlyCallMinutes }, now), now);
      return {
        serviceId: id,
        name,
        next: waiting.slice(0, MAX_NEXT).map(({ number }) => number),
        waiting: waiting.length,
        ...(notices.get(id) ?? { closed: false, delayMinutes: 0 }),
        forNew: forNew.get(id) ?? null,
      };
    }),
  };
}

/** Of these tickets, those in the line of a service whose holders wait by now. */
export function waitingIn<E extends Pick<BoardEntry, 'serviceId' | 'status' | 'arrivedAt' | 'dueAt'>>(
  entries: readonly E[],
  { id, earlyCallMinutes }: { id: string; earlyCallMinutes: number | null },
  now: Date,
): E[] {
  return entries.filter(
    (entry) => entry.serviceId === id && entry.status === 'waiting' && isHere(entry, earlyCallMinutes, now),
  );
}

/** A first name, which ends early when it is long, and the first letter of the last; null for no name. */
export function publicName(name: string): string | null {
  const [first, ...more] = name.trim().split(/\s+/);
  if (!first) return null;
  const letters = [...first];
  const shown = letters.length > MAX_LETTERS ? `${letters.slice(0, MAX_LETTERS - 1).join('')}…` : first;
  const last = more.at(-1);
  return last ? `${shown} ${[...last][0]}.` : shown;
}

const MAX_LETTERS = 20;

function calledAt({ calledAt }: BoardEntry): number {
  return calledAt?.getTime() ?? 0;
}

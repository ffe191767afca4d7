import { takenByPhone } from '../db/events.ts';
import { hoursOf } from '../db/hours.ts';
import { lockQueue, noticesOfLine } from '../db/queue.ts';
import { breaksUnique } from '../db/refusals.ts';
import type { Reader } from '../db/store.ts';
import { entryByToken } from '../db/tickets.ts';
import { localDay } from '../domain/days.ts';
import { Refusal } from '../domain/errors.ts';
import { type Closed, closedForPhones } from '../domain/join.ts';
import type { PlacedService } from '../domain/service.ts';
import { openTimes } from '../domain/slots.ts';
import type { QueueEntry } from '../domain/ticket.ts';
import { hashToken } from '../domain/token.ts';
import { type Act, actWithin, found } from './act.ts';
import { takeTicket } from './queue.ts';

/** What somebody says who takes a number alone; '' and null where they are not asked. */
export interface Joiner {
  name: string;
  phone: string | null;
}

/** Why nobody can take a number of this service on their phone now; undefined when they can. */
export async function joinClosed(db: Reader, service: PlacedService, now: Date): Promise<Closed | undefined> {
  const zone = service.location.timeZone;
  const day = localDay(now, zone);
  const [{ rules, closures }, { intakeClosedAt }, taken] = await Promise.all([
    hoursOf(db, service, day, day),
    noticesOfLine(db, service.id, day),
    service.joinLimit === null ? [] : db.run(takenByPhone, { serviceId: service.id, day }),
  ]);
  const open = openTimes(day, zone, rules, closures);
  return closedForPhones(service, { intakeClosedAt, open, taken: taken[0]?.count ?? 0 }, now);
}

/**
 * Takes a number on somebody's own phone. Refuses with `join_closed` where the service, its hours or its limit say no;
 * the limit is counted under the lock of the line.
 */
export function joinLine(
  act: Act,
  service: PlacedService,
  joiner: Joiner,
  token: string,
): Promise<QueueEntry> {
  const guarded = actWithin({ ...act, via: 'ticket' }, (work) =>
    act.transaction(async (tx) => {
      const day = localDay(act.now, service.location.timeZone);
      await lockQueue(tx, { serviceId: service.id, day, locationId: service.locationId });
      const closed = await joinClosed(tx, service, act.now);
      if (closed) throw new Refusal('join_closed', { facts: { closed } });
      return work(tx);
    }),
  );
  return takeOnce(guarded, service, joiner, token);
}

/**
 * Takes a number for whoever holds the token, which was made before: asked for twice, also at the same moment, it is one
 * number, since no two tickets can have one token.
 */
export async function takeOnce(
  act: Act,
  service: PlacedService,
  { name, phone }: Joiner,
  token: string,
): Promise<QueueEntry> {
  const taken = await entryByToken(act.db, hashToken(token));
  if (taken) return taken;
  return takeTicket(act, service, { name, phone, priority: 0 }, token).then(
    ({ entry }) => entry,
    async (error: unknown) => {
      if (!breaksUnique(error, 'token')) throw error;
      return found(await entryByToken(act.db, hashToken(token)));
    },
  );
}

import { setImmediate } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { CATALOG, type Changes, lineTopic, STAFFING, type Topic } from '../db/changes.ts';
import { allDesks } from '../db/desks.ts';
import { bookedOnDays } from '../db/report.ts';
import { workedServices } from '../db/services.ts';
import type { Store } from '../db/store.ts';
import {
  completedOnDay,
  endedTickets,
  expectedAt,
  hoursAt,
  openTicketsAt,
  repeatsOfDays,
} from '../db/waits.ts';
import { lineStateOf, type SharedLine, sharing } from '../domain/at-work.ts';
import { minuteOf } from '../domain/clock.ts';
import { addDays, type LocalDay, localDay, localHour } from '../domain/days.ts';
import { servesAt } from '../domain/desk.ts';
import { estimateLine, type LineState, type ToldWait, toldWait } from '../domain/estimate.ts';
import { followToday, type LineModel, learnLine } from '../domain/habits.ts';
import type { ShownEstimate } from '../domain/held.ts';
import { newId } from '../domain/id.ts';
import { dueTimes } from '../domain/order.ts';
import { historiesOf, NO_HISTORY, type PastEntry, type Repeat, serviceOf } from '../domain/past.ts';
import type { PlacedService } from '../domain/service.ts';
import { openTimes } from '../domain/slots.ts';

/**
 * How long somebody would wait who took a number now, as a walk-in without priority; null where nothing honest can be
 * said. Kept like the others.
 */
export function estimateForNew(store: Store, service: PlacedService, now: Date): Promise<ToldWait | null> {
  const day = localDay(now, service.location.timeZone);
  let topics: readonly Topic[] = [];
  return store.keep(
    `estimate for new ${service.id} ${day} ${minuteOf(now)}`,
    () => topics,
    async () => {
      const outlook = await outlookOf(store, service, now);
      topics = outlook.topics;
      return estimateOf(outlook, service, { ...dueTimes(outlook.at, null, 0, service) });
    },
  );
}

/** The same for several services, by their ids. */
export async function estimatesForNew(
  store: Store,
  services: readonly PlacedService[],
  now: Date,
): Promise<Map<string, ToldWait | null>> {
  const waits = await Promise.all(services.map((service) => estimateForNew(store, service, now)));
  return new Map(services.map(({ id }, index) => [id, waits[index] ?? null]));
}

/** What somebody is told who comes now: with a reservation for `timeSlot`, or without one. Costs a run. */
export async function estimateOnArrival(
  store: Store,
  service: PlacedService,
  now: Date,
  { timeSlot, priority }: { timeSlot: Date | null; priority: number },
): Promise<ToldWait | null> {
  if (timeSlot === null && priority === 0) return estimateForNew(store, service, now);
  const outlook = await outlookOf(store, service, now);
  return estimateOf(outlook, service, { timeSlot, ...dueTimes(now, timeSlot, priority, service) });
}

interface Outlook {
  at: Date;
  state: LineState;
  models: ReadonlyMap<string, LineModel>;
  /** How long each waiting ticket will still wait; null where nothing honest can be said. */
  estimates: ReadonlyMap<string, ShownEstimate | null>;
  /** What it is made of. */
  topics: readonly Topic[];
}

/** Plays the line through with one more in it, who is not among the expected any more. */
function estimateOf(
  { state, models, at }: Outlook,
  service: PlacedService,
  arrival: { dueAt: Date; effectiveAt: Date; timeSlot?: Date | null },
): ToldWait | null {
  const id = newId();
  const queues = state.queues.map((queue) => {
    if (queue.id !== service.id) return queue;
    const own = queue.expected.findIndex(
      ({ timeSlot }) => timeSlot.getTime() === arrival.timeSlot?.getTime(),
    );
    return {
      ...queue,
      waiting: [
        ...queue.waiting,
        { id, arrivedAt: at, dueAt: arrival.dueAt, effectiveAt: arrival.effectiveAt },
      ],
      expected: own < 0 ? queue.expected : queue.expected.toSpliced(own, 1),
    };
  });
  const estimate = estimateLine({ ...state, queues }, models).get(id);
  return estimate ? toldWait(estimate) : null;
}

/**
 * What is to come in a service's line, and in those that share desks with it. One run serves everybody until one of these
 * lines changes or the minute ends.
 */
export async function outlookOf(store: Store, service: PlacedService, now: Date): Promise<Outlook> {
  const [services, desks] = await Promise.all([workedServices(store), allDesks(store)]);
  const worked = services.filter(({ locationId }) => locationId === service.locationId);
  // Of a retired service whose line is empty, a ticket may still be taken back.
  const ofPlace = worked.some(({ id }) => id === service.id) ? worked : [...worked, service];
  const deskOfPlace = desks.filter(({ locationId }) => locationId === service.locationId);
  const shared = sharing(service, ofPlace, deskOfPlace);
  const day = localDay(now, service.location.timeZone);
  const topics = [STAFFING, ...topicsOf(shared, day)];
  return store.keep(
    `estimates ${shared[0]?.id} ${day} ${minuteOf(now)}`,
    () => topics,
    async () => {
      const [{ lines, repeats }, completed, learned] = await Promise.all([
        placeNow(store, ofPlace, service, day, now),
        completedToday(store, service, day, now),
        learnedAt(store, service, ofPlace, day),
      ]);
      const state = lineStateOf({
        now,
        day,
        lines: lines.filter((line) => shared.some(({ id }) => id === line.service.id)),
        desks: deskOfPlace.filter((desk) => shared.some(({ id }) => servesAt(desk, id))),
        hasNoDesks: deskOfPlace.length === 0,
        completed,
        repeats,
      });
      const models = new Map(
        shared.map(({ id, durationMinutes }) => {
          const known = learned.get(id) ?? learnLine(NO_HISTORY, durationMinutes);
          return [
            id,
            followToday(
              known,
              completed.flatMap((done) => (done.serviceId === id ? done.finished : [])),
            ),
          ];
        }),
      );
      const estimates = estimateLine(state, models);
      return {
        at: now,
        state,
        models,
        topics,
        estimates: new Map([...estimates].map(([id, each]) => [id, each && { ...toldWait(each), at: now }])),
      };
    },
  );
}

/** The lines of a place, and what was recalled or parked there today: as many queries, however many lines. */
function placeNow(
  store: Store,
  services: readonly PlacedService[],
  { locationId, location }: PlacedService,
  day: LocalDay,
  now: Date,
): Promise<{ lines: readonly SharedLine[]; repeats: readonly Repeat[] }> {
  const place = { locationId, day };
  return store.keep(
    `place ${locationId} ${day} ${minuteOf(now)}`,
    () => topicsOf(services, day),
    async () => {
      const [open, expected, hoursOf, repeats] = await Promise.all([
        store.run(openTicketsAt, place),
        store.run(expectedAt, place),
        hoursAt(store, place),
        repeatsOfDays(store, { locationId, from: day, to: day }),
      ]);
      const openOf = Map.groupBy(open, ({ serviceId }) => serviceId);
      const expectedOf = Map.groupBy(expected, ({ serviceId }) => serviceId);
      const lines = services.map((service) => {
        const { rules, closures } = hoursOf(service.id);
        return {
          service,
          open: openOf.get(service.id) ?? [],
          expected: expectedOf.get(service.id) ?? [],
          hours: openTimes(day, location.timeZone, rules, closures),
        };
      });
      return { lines, repeats };
    },
  );
}

function topicsOf(services: readonly PlacedService[], day: LocalDay): Topic[] {
  return [CATALOG, ...services.map(({ id }) => lineTopic(id, day))];
}

/** Asked once a minute: one more or less of a day changes little, and there may be thousands. */
function completedToday(store: Store, { locationId, location }: PlacedService, day: LocalDay, now: Date) {
  return store.keep(
    `completed ${locationId} ${day} ${minuteOf(now)}`,
    () => [CATALOG],
    async () => {
      const [rows, repeats] = await Promise.all([
        store.run(completedOnDay, { locationId, day }),
        repeatsOfDays(store, { locationId, from: day, to: day }),
      ]);
      const repeatsOf = Map.groupBy(repeats, ({ entryId }) => entryId);
      return rows.map((row) => {
        const service = serviceOf(row, repeatsOf.get(row.id));
        const hour = service && localHour(service.startedAt, location.timeZone);
        return {
          serviceId: row.serviceId,
          deskId: row.deskId,
          finished: service && hour !== undefined ? [{ daysAgo: 0, hour, minutes: service.minutes }] : [],
        };
      });
    },
  );
}

const WEEKS = 4;
/** Older weeks are not asked when the newer ones have as many tickets as this. */
const ENOUGH = 20_000;
/** So many locations' models are kept, a few kilobytes for each service. */
const MOST_PLACES = 200;

type Learned = ReadonlyMap<string, LineModel>;

/**
 * Models of what past days tell, which does not change any more: kept for the day, not for a minute as everything in the
 * store's own memory is, since learning reads thousands of rows. All that see the same changes share them.
 */
const learnedBy = new WeakMap<Changes, LRUCache<string, Promise<Learned>>>();

function learnedAt(
  store: Store,
  place: PlacedService,
  services: readonly PlacedService[],
  today: LocalDay,
): Promise<Learned> {
  const kept = learnedBy.get(store.changes) ?? new LRUCache<string, Promise<Learned>>({ max: MOST_PLACES });
  learnedBy.set(store.changes, kept);
  const rules = services.map(({ id, durationMinutes }) => `${id}:${durationMinutes}`);
  const key = [place.locationId, today, ...rules].join(' ');
  const known = kept.get(key);
  if (known) return known;
  const learned = learn(store, place, services, today);
  kept.set(key, learned);
  learned.catch(() => kept.delete(key));
  return learned;
}

/** At most six queries, whatever the number of services. */
async function learn(
  store: Store,
  { locationId, location }: PlacedService,
  services: readonly PlacedService[],
  today: LocalDay,
): Promise<Learned> {
  const to = addDays(today, -1);
  const entries: PastEntry[] = [];
  let from = today;
  for (let week = 0; week < WEEKS && entries.length < ENOUGH; week++) {
    const last = addDays(from, -1);
    from = addDays(from, -7);
    for (const entry of await store.run(endedTickets, { locationId, from, to: last })) entries.push(entry);
    // SQLite answers without a pause; others should not wait for a month to be read.
    await setImmediate();
  }
  const days = { locationId, from, to };
  const [repeats, booked] = await Promise.all([repeatsOfDays(store, days), store.run(bookedOnDays, days)]);
  await setImmediate();
  const histories = historiesOf({ entries, repeats, booked }, location.timeZone, today);
  return new Map(
    services.map(({ id, durationMinutes }) => [
      id,
      learnLine(histories.get(id) ?? NO_HISTORY, durationMinutes),
    ]),
  );
}

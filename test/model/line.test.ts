import { asc, eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actOf } from '../../src/actions/act.ts';
import { headsOfLine } from '../../src/db/queue.ts';
import { type P, query, type Store } from '../../src/db/store.ts';
import { Refusal, type RefusalCode } from '../../src/domain/errors.ts';
import { DIALECTS, openDatabase, SOAK, type TestDatabase } from '../support/databases.ts';
import { type Fact, type History, problemsOf, type Ticket } from './checker.ts';
import { buildPlace, type Deed, deed, doDeed, type Place } from './deeds.ts';

const RUNS = SOAK ? 1_000 : 30;

/** What may be said to somebody who was slower, or asks for what cannot be. `busy` is not among it: nobody waits in a circle. */
const ALLOWED: readonly RefusalCode[] = [
  'stale',
  'wrong_state',
  'desk_paused',
  'desk_busy',
  'desk_taken',
  'intake_closed',
  'no_more_delays',
  'not_undoable',
  'already_booked',
  'slot_full',
  'slot_unavailable',
];

interface Model {
  /** Numbers that somebody was given. */
  given: Set<string>;
  counts: Record<string, number>;
}

/** A moment in which several people do something at once; then time passes. */
class Moment implements fc.AsyncCommand<Model, Place> {
  readonly deeds: readonly Deed[];
  readonly seconds: number;

  constructor(deeds: readonly Deed[], seconds: number) {
    this.deeds = deeds;
    this.seconds = seconds;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, place: Place): Promise<void> {
    const results = await Promise.allSettled(this.deeds.map((each) => doDeed(place, each)));
    for (const [index, result] of results.entries()) {
      const refused = result.status === 'rejected';
      if (refused && !(result.reason instanceof Refusal && ALLOWED.includes(result.reason.code)))
        throw result.reason;
      const name = `${this.deeds[index]?.name}: ${refused ? (result.reason as Refusal).code : 'ok'}`;
      model.counts[name] = (model.counts[name] ?? 0) + 1;
    }
    for (const { id } of place.tickets) model.given.add(id);
    place.scene.clock.pass(this.seconds / 60);
  }

  toString(): string {
    return `${JSON.stringify(this.deeds)} +${this.seconds}s`;
  }
}

const moment = fc
  .tuple(fc.array(deed, { minLength: 1, maxLength: 5 }), fc.constantFrom(0, 5, 20, 40, 300))
  .map(([deeds, seconds]) => new Moment(deeds, seconds));

const ticketsAt = query('model_tickets', (db, t, p: P<{ locationId: string }>) =>
  db.select().from(t.queueEntries).where(eq(t.queueEntries.locationId, p.locationId)),
);
const factsAt = query('model_facts', (db, t, p: P<{ locationId: string }>) =>
  db.select().from(t.events).where(eq(t.events.locationId, p.locationId)).orderBy(asc(t.events.id)),
);

async function historyOf({ scene, services, desks }: Place): Promise<History> {
  const key = { locationId: scene.location.id };
  return {
    tickets: (await scene.store.run(ticketsAt, key)) as Ticket[],
    facts: (await scene.store.run(factsAt, key)) as Fact[],
    desks: new Map(desks.map(({ id, serviceIds }) => [id, serviceIds])),
    earlyCall: new Map(services.map(({ id, earlyCallMinutes }) => [id, earlyCallMinutes])),
  };
}

describe.each(DIALECTS)('a day of everything at once, on %s', (dialect) => {
  let database: TestDatabase;
  let other: Store;

  beforeAll(async () => {
    database = await openDatabase(dialect);
    other = dialect === 'postgres' ? database.openAnother() : database.store;
  });
  afterAll(() => database.close());

  test('is a day in which nothing went wrong', { timeout: SOAK ? 3_600_000 : 120_000 }, async () => {
    const counts: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(fc.commands([moment], { maxCommands: 60, size: 'max' }), async (moments) => {
        const place = await buildPlace(database, other);
        const model: Model = { given: new Set(), counts };
        await fc.asyncModelRun(() => ({ model, real: place }), moments);
        const history = await historyOf(place);
        expect(problemsOf(history)).toEqual([]);
        const known = new Set(history.tickets.map(({ id }) => id));
        expect([...model.given].filter((id) => !known.has(id))).toEqual([]);
      }),
      { numRuns: RUNS, endOnFailure: !SOAK },
    );
    // It was a day in which something happened: each deed was done and, if it can be, refused.
    for (const name of new Set(Object.keys(counts).map((key) => key.split(':')[0])))
      expect(counts[`${name}: ok`], `${name} ${JSON.stringify(counts)}`).toBeGreaterThan(0);
    for (const code of ['stale', 'wrong_state', 'desk_paused', 'intake_closed', 'not_undoable'])
      expect(
        Object.keys(counts).some((key) => key.endsWith(code)),
        code,
      ).toBe(true);
  });

  test('is told from one in which desks look first and write later', async () => {
    const place = await buildPlace(database, other);
    const { scene, services, desks } = place;
    for (let index = 0; index < 12; index++)
      await doDeed(place, { name: 'walk-in', who: 0, atDesk: false, ticket: 0, place: 0, dice: 0 });
    expect(problemsOf(await historyOf(place))).toEqual([]);
    const [service] = services;
    await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const act = actOf(index % 2 ? other : scene.store, scene.clock, scene.cast.staff);
        const [head] = await headsOfLine(act.db, service.id, '2026-03-02', scene.clock());
        await carelessStart(place, head?.id as string, desks[index % 2]?.id as string);
      }),
    );
    const problems = problemsOf(await historyOf(place)).join('\n');
    expect(problems).toMatch(/advance from waiting, was in_service|version \d+ after \d+ facts/);
  });
});

/** A start without the lock and without the guard: it writes what it saw. */
async function carelessStart({ scene }: Place, id: string, deskId: string): Promise<void> {
  await scene.store.transaction(async (tx) => {
    const { queueEntries, events } = tx.tables;
    await tx.write.update(queueEntries).set({ status: 'in_service' }).where(eq(queueEntries.id, id));
    await tx.write.insert(events).values({
      id: crypto.randomUUID(),
      at: scene.clock(),
      verb: 'advance',
      locationId: scene.location.id,
      serviceId: scene.service.id,
      entryId: id,
      fromStatus: 'waiting',
      toStatus: 'in_service',
      data: { deskId },
    });
  });
}

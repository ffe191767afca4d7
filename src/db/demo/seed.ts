import { type Clock, DAY } from '../../domain/clock.ts';
import { addDays } from '../../domain/days.ts';
import { Refusal } from '../../domain/errors.ts';
import { query, type Store } from '../store.ts';
import { bookForCustomer, comingDay, liveDay, pastDay, quietDay } from './days.ts';
import { DEMO_LOGINS, DEMO_PASSWORD, LOCATION, SPAN } from './facts.ts';
import { addClosures, addPeople, addPlace, isLive } from './place.ts';
import { emptyTown, mulberry32, type Row, type Rows } from './town.ts';
import { numberVisits } from './visits.ts';

/** Another instance fills the same database meanwhile: how often and for how long to look whether it is done. */
const BUSY_TRIES = 40;
const BUSY_PAUSE_MS = 250;

const anyUser = query('any_user', (db, t) => db.select({ id: t.users.id }).from(t.users).limit(1));
const anyService = query('any_service', (db, t) =>
  db.select({ id: t.services.id }).from(t.services).limit(1),
);

/** Whether nobody has used this database yet: no user and no service. */
export async function isEmpty(store: Pick<Store, 'run'>): Promise<boolean> {
  const found = [...(await store.run(anyUser, {})), ...(await store.run(anyService, {}))];
  return found.length === 0;
}

/**
 * Fills an empty database with a town hall in the middle of its day: two lines in progress, two weeks of history, two
 * weeks of bookings. The same moment gives the same data. Does nothing when the database is not empty, nor when another
 * instance is faster. `hashPassword` hashes the one password of the demo logins.
 */
export async function seedDemo(
  store: Store,
  clock: Clock,
  hashPassword: (password: string) => Promise<string>,
): Promise<void> {
  if (!(await isEmpty(store))) return;
  const hashes = await Promise.all(DEMO_LOGINS.map(() => hashPassword(DEMO_PASSWORD)));
  const demo = demoRows(clock(), hashes);
  for (let tries = 1; ; tries++) {
    try {
      return await insertAll(store, demo);
    } catch (error) {
      if (!isBusy(error) || tries === BUSY_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'busy';
}

/** SQLite takes 32,766 parameters a statement, and no table has more than 30 columns. */
const CHUNK = 500;

async function insertAll(
  store: Store,
  { location, rows }: { location: Row<'locations'>; rows: Rows },
): Promise<void> {
  await store.transaction(async (tx) => {
    if (!(await isEmpty(tx))) return;
    // On PostgreSQL this waits for an instance that has just inserted the same slug; no row back means that it won.
    const [won] = await tx.write
      .insert(tx.tables.locations)
      .values(location)
      .onConflictDoNothing()
      .returning({ id: tx.tables.locations.id });
    if (!won) return;
    for (const name of Object.keys(rows) as (keyof Rows)[]) {
      for (let from = 0; from < rows[name].length; from += CHUNK) {
        await tx.write.insert(tx.tables[name]).values(rows[name].slice(from, from + CHUNK) as never);
      }
    }
  });
}

function demoRows(now: Date, hashes: readonly string[]): { location: Row<'locations'>; rows: Rows } {
  const random = mulberry32(20_261_122);
  const town = emptyTown(now, random);
  const opened = new Date(now.getTime() - 200 * DAY);
  const dates = { createdAt: opened, updatedAt: opened };

  addPeople(town, hashes);
  addPlace(town, dates);
  addClosures(town, dates);
  bookForCustomer(town);
  for (const service of Object.values(town.services)) {
    for (let offset = -SPAN; offset <= SPAN; offset++) {
      const day = addDays(town.today, offset);
      if (offset < 0) pastDay(town, service, day);
      else if (offset > 0) comingDay(town, service, day, offset);
      else if (isLive(town, service)) liveDay(town, service);
      else quietDay(town, service);
    }
  }
  numberVisits(town);
  return { location: { id: town.locationId, ...LOCATION, ...dates }, rows: town.rows };
}

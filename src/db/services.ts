import { and, asc, eq, gte, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import { byName } from '../domain/names.ts';
import type { PlacedService } from '../domain/service.ts';
import { CATALOG, serviceTopic, type Topic } from './changes.ts';
import { hasTicket } from './expected.ts';
import { madeOnce } from './memory.ts';
import { inOrder, type P, query, type Reader, statement } from './store.ts';
import type { Tables } from './tables.ts';

const columns = (t: Tables) => ({
  id: t.services.id,
  locationId: t.services.locationId,
  slug: t.services.slug,
  name: t.services.name,
  description: t.services.description,
  whatToBring: t.services.whatToBring,
  prefix: t.services.prefix,
  durationMinutes: t.services.durationMinutes,
  bufferMinutes: t.services.bufferMinutes,
  capacity: t.services.capacity,
  stepMinutes: t.services.stepMinutes,
  leadMinutes: t.services.leadMinutes,
  horizonDays: t.services.horizonDays,
  cancelMinutes: t.services.cancelMinutes,
  graceMinutes: t.services.graceMinutes,
  creditMinutes: t.services.creditMinutes,
  priorityMinutes: t.services.priorityMinutes,
  earlyCallMinutes: t.services.earlyCallMinutes,
  checkInBeforeMinutes: t.services.checkInBeforeMinutes,
  checkInAfterMinutes: t.services.checkInAfterMinutes,
  checkIn: t.services.checkIn,
  walkIns: t.services.walkIns,
  phoneJoin: t.services.phoneJoin,
  joinLimit: t.services.joinLimit,
  joinUntil: t.services.joinUntil,
  askName: t.services.askName,
  askPhone: t.services.askPhone,
  retiredAt: t.services.retiredAt,
  version: t.services.version,
  location: {
    id: t.locations.id,
    name: t.locations.name,
    slug: t.locations.slug,
    timeZone: t.locations.timeZone,
  },
});

/** By location, then by name. */
function byPlace(a: PlacedService, b: PlacedService): number {
  return byName(a.location, b.location) || byName(a, b);
}

const ofCatalog = () => [CATALOG];

/** Those that can be booked, by name. */
export const activeServices = inOrder(
  query(
    'active_services',
    (db, t) =>
      db
        .select(columns(t))
        .from(t.services)
        .innerJoin(t.locations, eq(t.locations.id, t.services.locationId))
        .where(isNull(t.services.retiredAt))
        .orderBy(asc(t.services.id)),
    ofCatalog,
  ),
  byPlace,
);

/** Whether a service has a line that is not over, today's or a later day's. */
export function hasLine(t: Tables, such: SQL = sql`TRUE`) {
  return sql<boolean | number>`EXISTS (
    SELECT 1 FROM ${t.queues}
    WHERE ${t.queues.serviceId} = ${t.services.id} AND ${t.queues.endedAt} IS NULL AND ${such}
  )`;
}

/**
 * Whether somebody is in a line, or is still to come to it. Not asked by EXISTS: beside OR, PostgreSQL may read whole tables
 * for that.
 */
function isAwaited(t: Tables) {
  return sql`coalesce((
    SELECT 1 FROM ${t.queueEntries}
    WHERE ${t.queueEntries.serviceId} = ${t.queues.serviceId} AND ${t.queueEntries.localDay} = ${t.queues.localDay}
      AND ${t.queueEntries.status} IN ('waiting', 'called', 'in_service', 'parked')
    LIMIT 1
  ), (
    SELECT 1 FROM ${t.reservations}
    WHERE ${t.reservations.serviceId} = ${t.queues.serviceId} AND ${t.reservations.localDay} = ${t.queues.localDay}
      AND ${t.reservations.status} <> 'canceled' AND ${t.reservations.status} = 'confirmed' AND NOT ${hasTicket(t)}
    LIMIT 1
  )) IS NOT NULL`;
}

/** What services are made of, of which the retired ones show as long as they have a line. */
export function withLines(services: readonly { id: string; retiredAt: Date | null }[]): Topic[] {
  return [CATALOG, ...services.flatMap(({ id, retiredAt }) => (retiredAt ? [serviceTopic(id)] : []))];
}

/** Those in use, and the retired ones with a line that is not over: what is taken back there may fill it again. */
const servicesWithLines = inOrder(
  query(
    'services_with_lines',
    (db, t) =>
      db
        .select({
          ...columns(t),
          // Most are in use: their lines are not looked into.
          isWorked: sql<boolean | number>`(${t.services.retiredAt} IS NULL OR ${hasLine(t, isAwaited(t))})`,
        })
        .from(t.services)
        .innerJoin(t.locations, eq(t.locations.id, t.services.locationId))
        .where(or(isNull(t.services.retiredAt), hasLine(t)))
        .orderBy(asc(t.services.id)),
    (_, rows) => withLines(rows),
  ),
  byPlace,
);

/**
 * Those that desks work, by name: the ones that can be booked, and retired ones until nobody is in their lines or still to
 * come. One query, which is kept.
 */
export async function workedServices(db: Reader): Promise<PlacedService[]> {
  return (await db.run(servicesWithLines, {})).filter(({ isWorked }) => isWorked);
}

/** What they are made of. */
export async function workedTopics(db: Reader): Promise<Topic[]> {
  return withLines(await db.run(servicesWithLines, {}));
}

/** Retired ones too. */
export const everyService = inOrder(
  query('every_service', (db, t) =>
    db
      .select(columns(t))
      .from(t.services)
      .innerJoin(t.locations, eq(t.locations.id, t.services.locationId))
      .orderBy(asc(t.services.id)),
  ),
  byPlace,
);

/**
 * The letters that nobody else at a location can have, with whose they are: those of services in use, those of retired ones
 * that will still give numbers to who has a reservation, and those of numbers that were given from a day on. A service that
 * changed its letter has several.
 */
export const lettersAt = query('letters_at', (db, t, p: P<{ locationId: string; from: LocalDay }>) =>
  db
    .select({ serviceId: t.services.id, prefix: t.services.prefix })
    .from(t.services)
    .where(
      and(
        eq(t.services.locationId, p.locationId),
        // Not by EXISTS: see isAwaited.
        sql`(${t.services.retiredAt} IS NULL OR (
          SELECT 1 FROM ${t.reservations}
          WHERE ${t.reservations.serviceId} = ${t.services.id} AND ${t.reservations.localDay} >= ${p.from}
            AND ${t.reservations.status} <> 'canceled'
          LIMIT 1
        ) IS NOT NULL)`,
      ),
    )
    .union(
      db
        .select({
          serviceId: t.queueEntries.originServiceId,
          prefix: sql<string>`rtrim(${t.queueEntries.number}, '0123456789')`,
        })
        .from(t.queueEntries)
        .where(and(eq(t.queueEntries.locationId, p.locationId), gte(t.queueEntries.localDay, p.from))),
    ),
);

const slugs = query(
  'service_slugs',
  (db, t) => db.select({ id: t.services.id, slug: t.services.slug }).from(t.services),
  ofCatalog,
);

const bySlugs = madeOnce(
  (rows: { id: string; slug: string }[]) => new Map(rows.map(({ id, slug }) => [slug, id])),
);

/** The id behind each slug, of retired services too. One query, which is kept. */
export async function idsBySlug(db: Reader): Promise<(slug: string) => string | undefined> {
  const ids = bySlugs(await db.run(slugs, {}));
  return (slug) => ids.get(slug);
}

const byId = query(
  'service_by_id',
  (db, t, p: P<{ id: string }>) =>
    db
      .select(columns(t))
      .from(t.services)
      .innerJoin(t.locations, eq(t.locations.id, t.services.locationId))
      .where(eq(t.services.id, p.id)),
  ofCatalog,
);

const bySlug = query(
  'service_by_slug',
  (db, t, p: P<{ slug: string }>) =>
    db
      .select(columns(t))
      .from(t.services)
      .innerJoin(t.locations, eq(t.locations.id, t.services.locationId))
      .where(eq(t.services.slug, p.slug)),
  ofCatalog,
);

/** A service with its location, retired ones included. */
export async function serviceById(db: Reader, id: string): Promise<PlacedService | undefined> {
  return (await db.run(byId, { id }))[0];
}

/** A service by its address, retired ones included; undefined for whatever else stands there. */
export async function serviceBySlug(db: Reader, slug: string): Promise<PlacedService | undefined> {
  // From a query it may be anything, and PostgreSQL takes no NUL.
  if (slug.includes('\0')) return undefined;
  return (await db.run(bySlug, { slug }))[0];
}

/** Makes one service of a location another version, or all of them: of its rules, something changed that stands elsewhere. */
export const raiseVersions = statement(
  'raise_versions',
  (db, t, p: P<{ locationId: string; serviceId: string | null }>) =>
    db
      .update(t.services)
      .set({ version: sql`${t.services.version} + 1` })
      .where(
        and(
          eq(t.services.locationId, p.locationId),
          sql`${t.services.id} = COALESCE(${p.serviceId}, ${t.services.id})`,
        ),
      ),
  () => [CATALOG],
);

export const retireService = statement(
  'retire_service',
  (db, t, p: P<{ id: string; now: Date }>) =>
    db
      .update(t.services)
      .set({ retiredAt: p.now, updatedAt: p.now, version: sql`${t.services.version} + 1` })
      .where(and(eq(t.services.id, p.id), isNull(t.services.retiredAt)))
      .returning({ id: t.services.id }),
  () => [CATALOG],
);

export const restoreService = statement(
  'restore_service',
  (db, t, p: P<{ id: string; now: Date }>) =>
    db
      .update(t.services)
      .set({ retiredAt: null, updatedAt: p.now, version: sql`${t.services.version} + 1` })
      .where(and(eq(t.services.id, p.id), isNotNull(t.services.retiredAt)))
      .returning({ name: t.services.name, prefix: t.services.prefix }),
  () => [CATALOG],
);

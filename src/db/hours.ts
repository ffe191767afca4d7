import { and, asc, between, eq, gte, isNull, or, sql } from 'drizzle-orm';
import type { LocalDay } from '../domain/days.ts';
import type { Closure, OpeningRule, Service, ServiceWithHours } from '../domain/service.ts';
import { CATALOG } from './changes.ts';
import { madeOnce } from './memory.ts';
import { serviceById } from './services.ts';
import { type P, query, type ReadBuilder, type Reader, statement } from './store.ts';
import type { Tables } from './tables.ts';

/** In the same statement as the hours: read in another, it may be that of others. */
const versionOf = (t: Tables, { serviceId }: P<{ serviceId: string }>) =>
  sql<number>`(SELECT ${t.services.version} FROM ${t.services} WHERE ${t.services.id} = ${serviceId})`;

/** Weekly hours and dated exceptions in one list: one query, where a page needs both. */
const hours = query(
  'hours_of',
  (db, t, p: P<{ locationId: string; serviceId: string; from: LocalDay; to: LocalDay }>) =>
    db
      .select({
        kind: sql<'weekly' | Closure['kind']>`'weekly'`,
        id: t.openingRules.id,
        serviceId: sql<string | null>`${t.openingRules.serviceId}`,
        weekday: sql<number>`${t.openingRules.weekday}`,
        day: sql<LocalDay | null>`NULL`,
        opens: sql<string | null>`${t.openingRules.opens}`,
        closes: sql<string | null>`${t.openingRules.closes}`,
        reason: sql<string>`''`,
        version: versionOf(t, p),
      })
      .from(t.openingRules)
      .where(eq(t.openingRules.serviceId, p.serviceId))
      .unionAll(
        db
          .select({
            kind: sql<'weekly' | Closure['kind']>`${t.closures.kind}`,
            id: t.closures.id,
            serviceId: sql<string | null>`${t.closures.serviceId}`,
            weekday: sql<number>`0`,
            day: sql<LocalDay | null>`${t.closures.day}`,
            opens: sql<string | null>`${t.closures.opens}`,
            closes: sql<string | null>`${t.closures.closes}`,
            reason: sql<string>`${t.closures.reason}`,
            version: versionOf(t, p),
          })
          .from(t.closures)
          .where(
            and(
              eq(t.closures.locationId, p.locationId),
              or(isNull(t.closures.serviceId), eq(t.closures.serviceId, p.serviceId)),
              between(t.closures.day, p.from, p.to),
            ),
          ),
      ),
  () => [CATALOG],
);

export const closureColumns = (t: Tables) => ({
  id: t.closures.id,
  serviceId: t.closures.serviceId,
  day: t.closures.day,
  kind: t.closures.kind,
  opens: t.closures.opens,
  closes: t.closures.closes,
  reason: t.closures.reason,
});

/** Closures with whose they are. */
const listed = (db: ReadBuilder, t: Tables) =>
  db
    .select({
      ...closureColumns(t),
      locationId: t.closures.locationId,
      serviceName: t.services.name,
      locationName: t.locations.name,
      timeZone: t.locations.timeZone,
    })
    .from(t.closures)
    .innerJoin(t.locations, eq(t.locations.id, t.closures.locationId))
    .leftJoin(t.services, eq(t.services.id, t.closures.serviceId));

export interface Hours {
  rules: OpeningRule[];
  closures: Closure[];
  /** The version of the service that has these hours; undefined where there are none. */
  version?: number | undefined;
}

/** The weekly hours of a service and its exceptions from one day to another, both included. */
export async function hoursOf(
  db: Reader,
  service: Pick<Service, 'id' | 'locationId'>,
  from: LocalDay,
  to: LocalDay,
): Promise<Hours> {
  const rows = await db.run(hours, { locationId: service.locationId, serviceId: service.id, from, to });
  const rules: OpeningRule[] = [];
  const closures: Closure[] = [];
  for (const { kind, weekday, day, opens, closes, version: _, ...rest } of rows) {
    if (kind !== 'weekly') closures.push({ ...rest, kind, day: day ?? '', opens, closes });
    else rules.push({ weekday, opens: opens ?? '', closes: closes ?? '' });
  }
  return {
    rules: rules.sort(byTime),
    closures: closures.sort((a, b) => (a.day < b.day ? -1 : 1)),
    version: rows[0]?.version,
  };
}

function byTime(a: OpeningRule, b: OpeningRule): number {
  return a.weekday - b.weekday || (a.opens < b.opens ? -1 : 1);
}

const everyRule = query(
  'every_rule',
  (db, t) =>
    db
      .select({
        serviceId: t.openingRules.serviceId,
        weekday: t.openingRules.weekday,
        opens: t.openingRules.opens,
        closes: t.openingRules.closes,
      })
      .from(t.openingRules)
      .orderBy(asc(t.openingRules.serviceId), asc(t.openingRules.weekday), asc(t.openingRules.opens)),
  () => [CATALOG],
);

const grouped = madeOnce((rows: readonly (OpeningRule & { serviceId: string })[]) => {
  const rules = new Map<string, OpeningRule[]>();
  for (const { serviceId, ...rule } of rows) {
    const before = rules.get(serviceId);
    if (before) before.push(rule);
    else rules.set(serviceId, [rule]);
  }
  return rules;
});

/** The weekly hours of every service, in order. One query, which is kept. */
export async function rulesByService(db: Reader): Promise<ReadonlyMap<string, OpeningRule[]>> {
  return grouped(await db.run(everyRule, {}));
}

/** These services with their weekly hours. */
export async function withHours<S extends { id: string }>(db: Reader, services: readonly S[]) {
  const rules = await rulesByService(db);
  return services.map((service) => ({ ...service, openingRules: rules.get(service.id) ?? [] }));
}

/** A service with its location and its weekly hours, retired ones included. */
export async function serviceWithHours(db: Reader, id: string): Promise<ServiceWithHours | undefined> {
  const service = await serviceById(db, id);
  return service && (await withHours(db, [service]))[0];
}

/** The exceptions of a location and its services on a day, with whose they are. */
export const closuresOfDay = query('closures_of_day', (db, t, p: P<{ locationId: string; day: LocalDay }>) =>
  listed(db, t)
    .where(and(eq(t.closures.locationId, p.locationId), eq(t.closures.day, p.day)))
    .orderBy(asc(t.closures.id)),
);

/** Today's and later exceptions of every service, with whose they are. */
export const upcomingClosures = query('upcoming_closures', (db, t, p: P<{ from: LocalDay }>) =>
  listed(db, t).where(gte(t.closures.day, p.from)).orderBy(asc(t.closures.day), asc(t.closures.id)),
);

export const closureById = query('closure_by_id', (db, t, p: P<{ id: string }>) =>
  db.select().from(t.closures).where(eq(t.closures.id, p.id)),
);

export const deleteRules = statement(
  'delete_rules',
  (db, t, p: P<{ serviceId: string }>) =>
    db.delete(t.openingRules).where(eq(t.openingRules.serviceId, p.serviceId)),
  () => [CATALOG],
);

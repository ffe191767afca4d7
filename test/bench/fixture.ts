import { createHmac } from 'node:crypto';
import { v7 } from 'uuid';
import { AUTH_SECRET, loadProgram } from './program.ts';
import type { RawSetup } from './raw.ts';
import { literal, type Sql } from './sql.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ZONE = 'Europe/London';

/** A prime, so that customers and slots meet in every combination before one comes again. */
const CUSTOMERS = 3_001;
/** Days ahead on which the load books. */
const AHEAD = 55;
const OPENS = '08:00';
const CLOSES = '18:00';
const DURATION = 20;
const WEEK = [1, 2, 3, 4, 5, 6, 7];

export interface Customers {
  userIds: string[];
  cookies: string[];
}

/** People with a session each. */
export async function addCustomers(sql: Sql, count = CUSTOMERS): Promise<Customers> {
  const now = new Date();
  const dates = { created_at: now, updated_at: now };
  const userIds = Array.from({ length: count }, () => v7());
  await sql.insert(
    'users',
    userIds.map((id, index) => ({
      id,
      name: `Customer ${index}`,
      email: `bench-${id}@demo.example`,
      email_verified: true,
      role: 'user',
      ...dates,
    })),
  );
  return { userIds, cookies: await addSessions(sql, userIds) };
}

/** The session cookie of somebody who is in the demo data. */
export async function loginAs(sql: Sql, email: string): Promise<string> {
  const [user] = await sql.rows(`SELECT id FROM users WHERE email = ${literal(sql.dialect, email)}`);
  const [cookie] = await addSessions(sql, [user?.id as string]);
  return cookie as string;
}

async function addSessions(sql: Sql, userIds: readonly string[]): Promise<string[]> {
  const now = new Date();
  const tokens = userIds.map(() => `${v7()}${v7()}`.replaceAll('-', ''));
  await sql.insert(
    'sessions',
    userIds.map((userId, index) => ({
      id: v7(),
      token: tokens[index] as string,
      user_id: userId,
      expires_at: new Date(now.getTime() + 30 * DAY),
      created_at: now,
      updated_at: now,
    })),
  );
  return tokens.map((token) => {
    const signature = createHmac('sha256', AUTH_SECRET).update(token).digest('base64');
    return `now-serving.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
  });
}

export interface Service {
  id: string;
  slug: string;
}

/** Services of the demo's location, open every day from 08:00 to 18:00. */
export async function addServices(
  sql: Sql,
  prefix: string,
  count: number,
  capacity = 20,
): Promise<Service[]> {
  const now = new Date();
  const locationId = await locationOf(sql);
  const services = Array.from({ length: count }, (_, index) => ({ id: v7(), slug: `${prefix}-${index}` }));
  await sql.insert(
    'services',
    services.map(({ id, slug }) => ({
      id,
      location_id: locationId,
      slug,
      name: `Service ${slug}`,
      description: 'A service that is here to be booked as often as anybody can.',
      duration_minutes: DURATION,
      capacity,
      created_at: now,
      updated_at: now,
    })),
  );
  await sql.insert(
    'opening_rules',
    services.flatMap(({ id }) =>
      WEEK.map((weekday) => ({ id: v7(), service_id: id, weekday, opens: OPENS, closes: CLOSES })),
    ),
  );
  return services;
}

export async function locationOf(sql: Sql): Promise<string> {
  const [location] = await sql.rows('SELECT id FROM locations ORDER BY id LIMIT 1');
  return location?.id as string;
}

export async function serviceBySlug(sql: Sql, slug: string): Promise<Service> {
  const [service] = await sql.rows(`SELECT id FROM services WHERE slug = ${literal(sql.dialect, slug)}`);
  return { id: service?.id as string, slug };
}

/** Every slot of these services on days without an exception, so that neighbours lie on different days and services: locks rarely meet. */
export async function slotsOf(sql: Sql, services: readonly Service[]): Promise<RawSetup['slots']> {
  const closed = (
    await sql.rows('SELECT CAST(day AS text) AS day FROM closures WHERE service_id IS NULL')
  ).map(({ day }) => day);
  const { addDays, daySlots, localDay } = await loadProgram();
  const rules = WEEK.map((weekday) => ({ weekday, opens: OPENS, closes: CLOSES }));
  const grid = { durationMinutes: DURATION, bufferMinutes: 0, stepMinutes: null };
  const today = localDay(new Date(), ZONE);
  const days = Array.from({ length: AHEAD }, (_, index) => addDays(today, index + 1));
  const byDay = days
    .filter((day) => !closed.includes(day))
    .map((day) => ({ day, slots: daySlots(day, ZONE, grid, rules, []) }));
  const most = Math.max(...byDay.map(({ slots }) => slots.length));
  return Array.from({ length: most }, (_, index) => index).flatMap((index) =>
    byDay.flatMap(({ day, slots }) => {
      const slot = slots[index];
      if (!slot) return [];
      const [starts, ends] = [slot.starts.getTime(), slot.ends.getTime()];
      return services.map(({ id }) => ({ serviceId: id, localDay: day, starts, ends }));
    }),
  );
}

/** A usual weekday at least a week ahead: all of its slots are still there, however late it is now. */
export async function dayToShow(sql: Sql): Promise<string> {
  const exceptional = (await sql.rows('SELECT CAST(day AS text) AS day FROM closures')).map(({ day }) => day);
  const { addDays, localDay, weekday } = await loadProgram();
  let day = addDays(localDay(new Date(), ZONE), 7);
  while (weekday(day) > 5 || exceptional.includes(day)) day = addDays(day, 1);
  return day;
}

/** A line with people waiting in it: every second one has a reservation. */
export async function addWaiting(sql: Sql, service: Service, count: number, first = 1): Promise<void> {
  const { localDay } = await loadProgram();
  const now = new Date();
  const dates = { created_at: now, updated_at: now };
  const locationId = await locationOf(sql);
  const day = localDay(now, ZONE);
  const { userIds } = await addCustomers(sql, Math.ceil(count / 2));
  const places = { service_id: service.id, location_id: locationId, local_day: day };
  const reservations = userIds.map((userId, index) => {
    const timeSlot = new Date(now.getTime() - (index % 40) * MINUTE);
    const endsAt = new Date(timeSlot.getTime() + DURATION * MINUTE);
    return {
      id: v7(),
      ...places,
      user_id: userId,
      time_slot: timeSlot,
      ends_at: endsAt,
      status: 'confirmed',
      ...dates,
    };
  });
  await sql.insert('reservations', reservations);
  await sql.insert(
    'queue_entries',
    Array.from({ length: count }, (_, index) => {
      const reservation = index % 2 === 0 ? reservations[index / 2] : undefined;
      const arrivedAt = new Date(now.getTime() - (60 - (index % 60)) * MINUTE);
      return {
        id: v7(),
        reservation_id: reservation?.id ?? null,
        ...places,
        origin_service_id: service.id,
        position: first + index,
        number: `A${first + index}`,
        name: reservation ? '' : `Walk-in ${index}`,
        phone: index % 4 === 1 ? '07700 900123' : null,
        status: 'waiting',
        due_at: reservation?.time_slot ?? arrivedAt,
        effective_at: reservation?.time_slot ?? arrivedAt,
        arrived_at: arrivedAt,
        ...dates,
      };
    }),
  );
  const taken = first + count - 1;
  await sql.rows(
    `UPDATE queues SET last_position = ${taken} WHERE service_id = '${service.id}' AND local_day = '${day}'`,
  );
}

/** A day of so many walk-ins; the last ones still wait. Answers the tokens of their links. */
export async function addTickets(
  sql: Sql,
  service: Service,
  count: number,
  waiting: number,
): Promise<string[]> {
  const { localDay, newToken, hashToken } = await loadProgram();
  const now = new Date();
  const day = localDay(now, ZONE);
  const locationId = await locationOf(sql);
  await sql.insert('queues', [
    { service_id: service.id, local_day: day, location_id: locationId, version: 1, last_position: count },
  ]);
  const tokens = Array.from({ length: count }, newToken);
  const entries = tokens.map((token, index) => {
    const arrivedAt = new Date(now.getTime() - (count - index) * 1_000);
    const over = index < count - waiting;
    return {
      id: v7(),
      reservation_id: null,
      service_id: service.id,
      location_id: locationId,
      local_day: day,
      origin_service_id: service.id,
      position: index + 1,
      number: `A${index + 1}`,
      name: `Walk-in ${index}`,
      status: over ? 'completed' : 'waiting',
      due_at: arrivedAt,
      effective_at: arrivedAt,
      arrived_at: arrivedAt,
      ended_at: over ? now : null,
      token_hash: hashToken(token),
      created_at: now,
      updated_at: now,
    };
  });
  await sql.insert('queue_entries', entries);
  return tokens;
}

/** How far back the history goes. */
const YEARS_IN_DAYS = 730;

/**
 * Reservations of the last two years, over all services and customers, one in twelve canceled, one in three with
 * its ticket. The triggers would look at every row, so they are out of the way meanwhile.
 */
export async function addHistory(sql: Sql, count: number, userIds: readonly string[]): Promise<void> {
  const services = (await sql.rows('SELECT id FROM services ORDER BY id')).map(({ id }) => String(id));
  const locationId = await locationOf(sql);
  if (sql.dialect === 'sqlite') await sqliteHistory(sql, count, services, userIds, locationId);
  else await postgresHistory(sql, count, services, userIds, locationId);
}

async function postgresHistory(
  sql: Sql,
  count: number,
  services: readonly string[],
  userIds: readonly string[],
  locationId: string,
): Promise<void> {
  const pick = (ids: readonly string[]) => `('{${ids.join(',')}}'::uuid[])[1 + i % ${ids.length}]`;
  const id = (kind: number) =>
    `('018f' || lpad(to_hex(i >> 16), 4, '0') || '-' || lpad(to_hex(i & 65535), 4, '0') || '-7000-800${kind}-' || lpad(to_hex(i), 12, '0'))::uuid`;
  const day = `current_date - ${YEARS_IN_DAYS} + (i::bigint * ${YEARS_IN_DAYS - 1} / ${count})::integer`;
  for (const table of ['reservations', 'queue_entries'])
    await sql.rows(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
  await sql.rows(`
    INSERT INTO reservations
      (id, service_id, location_id, user_id, local_day, time_slot, ends_at, party, status, created_at, updated_at)
    SELECT ${id(0)}, ${pick(services)}, '${locationId}', ${pick(userIds)}, day, slot, slot + interval '20 minutes', 1,
      CASE WHEN i % 12 = 0 THEN 'canceled' ELSE 'confirmed' END, slot - interval '3 days', slot - interval '3 days'
    FROM (
      SELECT i, day, (day::timestamp AT TIME ZONE 'UTC') + interval '8 hours' + ((i / ${services.length}) % 30) * interval '20 minutes' AS slot
      FROM (SELECT i, ${day} AS day FROM generate_series(0, ${count - 1}) AS i) AS days
    ) AS slots`);
  await sql.rows(`
    INSERT INTO queue_entries
      (id, reservation_id, service_id, origin_service_id, location_id, local_day, position, number, status, due_at,
       effective_at, arrived_at, called_at, started_at, ended_at, version, created_at, updated_at)
    SELECT ${id(1)}, id, service_id, service_id, location_id, local_day, i / ${services.length} + 1,
      'A' || i / ${services.length} + 1, 'completed', time_slot, time_slot, time_slot - interval '5 minutes', time_slot,
      time_slot, ends_at, 3, time_slot, ends_at
    FROM (SELECT *, ('x' || right(id::text, 8))::bit(32)::integer AS i FROM reservations WHERE id::text LIKE '018f%-7000-8000-%') AS past
    WHERE i % 3 = 1`);
  for (const table of ['reservations', 'queue_entries'])
    await sql.rows(`ALTER TABLE ${table} ENABLE TRIGGER ALL`);
  await sql.rows('VACUUM ANALYZE');
  await sql.rows('CHECKPOINT');
}

async function sqliteHistory(
  sql: Sql,
  count: number,
  services: readonly string[],
  userIds: readonly string[],
  locationId: string,
): Promise<void> {
  const triggers = await sql.rows(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('reservations', 'queue_entries')",
  );
  await sql.rows('PRAGMA foreign_keys = OFF');
  for (const [name, ids] of [
    ['past_services', services],
    ['past_users', userIds],
  ] as const) {
    await sql.rows(`CREATE TEMP TABLE ${name} (n INTEGER PRIMARY KEY, id TEXT NOT NULL)`);
    await sql.insert(
      name,
      ids.map((id, n) => ({ n, id })),
    );
  }
  const id = (kind: number) => `printf('018f%04x-%04x-7000-800${kind}-%012x', i >> 16, i & 65535, i)`;
  await sql.rows('BEGIN');
  for (const { name } of triggers) await sql.rows(`DROP TRIGGER ${name}`);
  await sql.rows(`
    WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${count - 1}),
    days AS (
      SELECT i, date('now', '-${YEARS_IN_DAYS} days', '+' || (i * ${YEARS_IN_DAYS - 1} / ${count}) || ' days') AS day FROM numbers
    ),
    slots AS (
      SELECT i, day, (unixepoch(day) + 8 * 3600 + ((i / ${services.length}) % 30) * 1200) * 1000 AS slot FROM days
    )
    INSERT INTO reservations
      (id, service_id, location_id, user_id, local_day, time_slot, ends_at, party, status, created_at, updated_at)
    SELECT ${id(0)}, s.id, '${locationId}', u.id, day, slot, slot + 1200000, 1,
      CASE WHEN i % 12 = 0 THEN 'canceled' ELSE 'confirmed' END, slot - 259200000, slot - 259200000
    FROM slots
    CROSS JOIN past_services s ON s.n = i % ${services.length}
    CROSS JOIN past_users u ON u.n = i % ${userIds.length}`);
  await sql.rows(`
    WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${count - 1})
    INSERT INTO queue_entries
      (id, reservation_id, service_id, origin_service_id, location_id, local_day, position, number, status, due_at,
       effective_at, arrived_at, called_at, started_at, ended_at, version, created_at, updated_at)
    SELECT ${id(1)}, r.id, service_id, service_id, location_id, local_day, i / ${services.length} + 1,
      'A' || (i / ${services.length} + 1), 'completed', time_slot, time_slot, time_slot - 300000, time_slot, time_slot,
      ends_at, 3, time_slot, ends_at
    FROM numbers CROSS JOIN reservations r ON r.id = ${id(0)}
    WHERE i % 3 = 1`);
  for (const trigger of triggers) await sql.rows(String(trigger.sql));
  await sql.rows('COMMIT');
  await sql.rows('PRAGMA foreign_keys = ON');
  await sql.rows('ANALYZE');
  await sql.rows('PRAGMA wal_checkpoint(TRUNCATE)');
}

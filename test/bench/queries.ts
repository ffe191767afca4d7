import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import pg from 'pg';
import { v7 } from 'uuid';
import { createDatabase, dropDatabase } from '../support/postgres.ts';
import {
  addServices,
  addWaiting,
  dayToShow,
  loginAs,
  type Service,
  serviceBySlug,
  slotsOf,
} from './fixture.ts';
import { BASE_URL, createProgram, loadProgram } from './program.ts';
import { count, type Row, table } from './report.ts';
import { type Dialect, openSql, type Sql } from './sql.ts';

const SHOWN = 'passports-and-id-cards';
const WAITING = 5;
const RESERVATIONS = 3;
/** Several times as long as changes are gathered before they are told. */
const TOLD_MS = 100;
/** How many times as many rows the second count is made with. */
const TIMES = 10;

interface Ask {
  name: string;
  method?: string;
  path: string;
  as?: 'customer' | 'staff' | 'admin';
  headers?: Record<string, string>;
  /** Makes a new body for each request: a booking cannot be sent twice. */
  body?: () => unknown;
}

/** What a request costs when everything that it shows has just changed, and when nothing has. */
type Counts = Map<string, { status: number; queries: number; kept: number }>;

/** The statements that each page, read and booking sends to its database, with few rows and with ten times as many. */
export async function countQueries(postgresUrl: string): Promise<{ rows: Row[]; text: string }> {
  const sqlite = await countOn('sqlite', postgresUrl);
  const postgres = await countOn('postgres', postgresUrl);
  const lines: string[][] = [];
  const rows: Row[] = [];
  for (const [name, few] of sqlite.few) {
    if (few.status === 404) {
      lines.push([name, 'not there yet (404)', '', '', '']);
      continue;
    }
    const of = (side: typeof sqlite) => ({
      few: side.few.get(name)?.queries ?? 0,
      many: side.many.get(name)?.queries ?? 0,
    });
    const [onSqlite, onPostgres] = [of(sqlite), of(postgres)];
    const grows = onSqlite.few !== onSqlite.many || onPostgres.few !== onPostgres.many;
    const again = `${postgres.few.get(name)?.kept} and ${few.kept}`;
    const failed = few.status >= 400;
    lines.push([
      name,
      shown(onPostgres),
      shown(onSqlite),
      again,
      failed ? `answered ${few.status}` : grows ? 'GROWS with the rows' : 'the same',
    ]);
    if (grows || failed) {
      const note = failed
        ? `answered ${few.status}`
        : `PostgreSQL ${shown(onPostgres)}, SQLite ${shown(onSqlite)}`;
      rows.push({ what: `queries of ${name}`, value: undefined, show: count, note, broken: true });
    }
  }
  if (rows.length === 0) {
    const note = `${lines.filter((line) => line[4] !== '').length} requests, each asked with few rows and with ${TIMES} times as many`;
    const goal = { aim: 0, limit: 0, better: 'lower' as const };
    rows.push({ what: 'requests whose queries grow with the rows', value: 0, show: count, goal, note });
  }
  const head = ['request', 'PostgreSQL', 'SQLite', 'asked again', `with ${TIMES} times the rows`];
  return { rows, text: table(head, lines) };
}

function shown({ few, many }: { few: number; many: number }): string {
  return few === many ? String(few) : `${few}, then ${many}`;
}

async function countOn(dialect: Dialect, postgresUrl: string): Promise<{ few: Counts; many: Counts }> {
  const database = await provide(dialect, postgresUrl);
  const program = await loadProgram();
  await program.migrate(database.url);
  const store = program.openStore({ url: database.url });
  const counter = dialect === 'postgres' ? countPostgres() : countSqlite();
  const sql = await openSql(database.url);
  try {
    await program.seedDemo(store, program.systemClock, program.hashPassword);
    const app = createProgram(program, store);
    const { asks, grow, cookies } = await prepare(sql);
    const countAll = async (): Promise<Counts> => {
      const counts: Counts = new Map();
      for (const ask of asks) {
        const sendAndTell = async () => {
          const status = await send(app, ask, cookies);
          // What it tells other instances follows a moment later, and is of this request.
          if (ask.method) await wait(TOLD_MS);
          return status;
        };
        // What the first request of all prepares, no later one does.
        await sendAndTell();
        store.changes.announce(['*']);
        counter.reset();
        const status = await sendAndTell();
        const queries = counter.read();
        counter.reset();
        await sendAndTell();
        counts.set(ask.name, { status, queries, kept: counter.read() });
      }
      return counts;
    };
    const few = await countAll();
    await grow();
    return { few, many: await countAll() };
  } finally {
    counter.restore();
    await sql.close();
    await store.close();
    await database.remove();
  }
}

async function provide(
  dialect: Dialect,
  postgresUrl: string,
): Promise<{ url: string; remove: () => Promise<void> }> {
  if (dialect === 'postgres') {
    const url = await createDatabase(postgresUrl);
    return { url, remove: () => dropDatabase(postgresUrl, url) };
  }
  const folder = mkdtempSync(join(tmpdir(), 'now-serving-bench-'));
  return {
    url: `file:${join(folder, 'bench.db')}`,
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function send(
  app: { request: (url: string, init: RequestInit) => Response | Promise<Response> },
  { method = 'GET', path, as, headers = {}, body }: Ask,
  cookies: Record<NonNullable<Ask['as']>, string>,
): Promise<number> {
  const response = await app.request(BASE_URL + path, {
    method,
    headers: {
      ...headers,
      ...(as && { Cookie: cookies[as] }),
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body()) }),
  });
  await response.text();
  return response.status;
}

async function prepare(sql: Sql) {
  const [line] = (await addServices(sql, 'line', 1, 1_000)) as [Service];
  const booked = await addServices(sql, 'booked', 1);
  const shown = await serviceBySlug(sql, SHOWN);
  const slots = await slotsOf(sql, booked);
  const customerEmail = 'customer@demo.example';
  const cookies = {
    customer: await loginAs(sql, customerEmail),
    staff: await loginAs(sql, 'staff1@demo.example'),
    admin: await loginAs(sql, 'admin@demo.example'),
  };
  const take = () => slots.splice(0, 1)[0] as (typeof slots)[number];
  await addWaiting(sql, line, WAITING);
  const own = await addReservations(sql, customerEmail, booked[0] as Service, RESERVATIONS, take);
  const day = await dayToShow(sql);
  const fragment = { 'HX-Request': 'true', 'HX-Request-Type': 'partial', 'HX-Target': 'section#day-picker' };
  const key = { 'Idempotency-Key': '' };
  const booking = () => {
    const { serviceId, starts } = take();
    key['Idempotency-Key'] = v7();
    return { service_id: serviceId, time_slot: new Date(starts).toISOString() };
  };
  const asks: Ask[] = [
    { name: 'GET /', path: '/' },
    { name: 'GET / (customer)', path: '/', as: 'customer' },
    { name: 'GET /services/{slug}', path: `/services/${SHOWN}` },
    { name: 'GET /services/{slug}?date=', path: `/services/${SHOWN}?date=${day}` },
    {
      name: 'GET /services/{slug}?date= (fragment)',
      path: `/services/${SHOWN}?date=${day}`,
      headers: fragment,
    },
    { name: 'GET /login', path: '/login' },
    { name: 'GET /register', path: '/register' },
    { name: 'GET /account', path: '/account', as: 'customer' },
    { name: 'GET /reservations', path: '/reservations', as: 'customer' },
    { name: 'GET /reservations/{id}', path: `/reservations/${own}`, as: 'customer' },
    { name: 'GET /reservations/{id}/reschedule', path: `/reservations/${own}/reschedule`, as: 'customer' },
    { name: 'GET /reservations/{id}/cancel', path: `/reservations/${own}/cancel`, as: 'customer' },
    { name: 'GET /desk', path: '/desk', as: 'staff' },
    { name: 'GET /desk/{slug}', path: `/desk/${line.slug}`, as: 'staff' },
    { name: 'GET /desk/{slug}/walk-in', path: `/desk/${line.slug}/walk-in`, as: 'staff' },
    { name: 'GET /board/{slug}', path: `/board/${line.slug}` },
    { name: 'GET /join/{slug}', path: `/join/${line.slug}` },
    { name: 'GET /kiosk/{slug}', path: `/kiosk/${line.slug}`, as: 'staff' },
    ...['', '/closures', '/locations', '/new-service', '/staff', '/days', '/desks'].map((page) => ({
      name: `GET /admin${page}`,
      path: `/admin${page}`,
      as: 'admin' as const,
    })),
    { name: 'GET /admin/services/{id}', path: `/admin/services/${shown.id}`, as: 'admin' },
    { name: 'GET /api/me', path: '/api/me', as: 'customer' },
    { name: 'GET /api/services', path: '/api/services' },
    { name: 'GET /api/services/{id}', path: `/api/services/${shown.id}` },
    { name: 'GET /api/services/{id}/slots', path: `/api/services/${shown.id}/slots?date=${day}` },
    { name: 'GET /api/reservations', path: '/api/reservations', as: 'customer' },
    { name: 'GET /api/reservations/{id}', path: `/api/reservations/${own}`, as: 'customer' },
    { name: 'GET /api/queues/{id}', path: `/api/queues/${line.id}`, as: 'staff' },
    {
      name: 'POST /api/reservations',
      method: 'POST',
      path: '/api/reservations',
      as: 'customer',
      body: booking,
    },
    {
      name: 'POST /api/reservations, with a key',
      method: 'POST',
      path: '/api/reservations',
      as: 'customer',
      headers: key,
      body: booking,
    },
    {
      name: 'POST /api/queues/{id}/entries',
      method: 'POST',
      path: `/api/queues/${line.id}/entries`,
      as: 'staff',
      body: () => ({ name: 'Somebody' }),
    },
    {
      name: 'POST /api/queues/{id}/advance',
      method: 'POST',
      path: `/api/queues/${line.id}/advance`,
      as: 'staff',
      body: () => ({}),
    },
  ];
  const grow = async () => {
    await addServices(sql, 'more', (await sql.rows('SELECT id FROM services')).length * (TIMES - 1));
    await addWaiting(sql, line, WAITING * (TIMES - 1), 100);
    await addReservations(sql, customerEmail, booked[0] as Service, RESERVATIONS * (TIMES - 1), take);
  };
  return { asks, grow, cookies };
}

/** Answers the id of the last one. */
async function addReservations(
  sql: Sql,
  email: string,
  service: Service,
  wanted: number,
  take: () => { localDay: string; starts: number; ends: number },
): Promise<string> {
  const now = new Date();
  const [place] = await sql.rows(
    `SELECT u.id AS user_id, s.location_id AS location_id FROM users u, services s WHERE u.email = '${email}' AND s.id = '${service.id}'`,
  );
  const rows = Array.from({ length: wanted }, () => {
    const { localDay, starts, ends } = take();
    return {
      id: v7(),
      service_id: service.id,
      location_id: place?.location_id as string,
      user_id: place?.user_id as string,
      local_day: localDay,
      time_slot: new Date(starts),
      ends_at: new Date(ends),
      status: 'confirmed',
      created_at: now,
      updated_at: now,
    };
  });
  await sql.insert('reservations', rows);
  return rows.at(-1)?.id as string;
}

interface Counter {
  reset(): void;
  read(): number;
  restore(): void;
}

/** What the store asks by itself, whatever is requested. */
const HEARTBEAT = 'listeners';
const LOOK = 'PRAGMA data_version';

/** Every statement that goes to the server, BEGIN and COMMIT too. */
function countPostgres(): Counter {
  const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  const original = prototype.query;
  let queries = 0;
  prototype.query = function (...args) {
    if ((args[0] as { name?: string } | undefined)?.name !== HEARTBEAT) queries += 1;
    return original.apply(this, args);
  };
  return {
    reset: () => {
      queries = 0;
    },
    read: () => queries,
    restore: () => {
      prototype.query = original;
    },
  };
}

/** Every statement that runs, BEGIN, COMMIT and savepoints too. */
function countSqlite(): Counter {
  const database = new Database(':memory:');
  const statements = Object.getPrototypeOf(database.prepare('SELECT 1')) as Methods;
  database.close();
  const watched: [Methods, string][] = [
    ...['run', 'get', 'all', 'iterate'].map((name): [Methods, string] => [statements, name]),
    [Database.prototype as unknown as Methods, 'exec'],
  ];
  let queries = 0;
  const originals = watched.map(([prototype, name]) => prototype[name] as Methods[string]);
  watched.forEach(([prototype, name], index) => {
    prototype[name] = function (this: { source?: string }, ...args) {
      if (this.source !== LOOK) queries += 1;
      return originals[index]?.apply(this, args);
    };
  });
  return {
    reset: () => {
      queries = 0;
    },
    read: () => queries,
    restore: () => {
      watched.forEach(([prototype, name], index) => {
        prototype[name] = originals[index] as Methods[string];
      });
    },
  };
}

type Methods = Record<string, (...args: unknown[]) => unknown>;

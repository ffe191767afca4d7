import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { addDays, localDay } from '../../src/domain/days.ts';
import { SECRET, sessionCookies } from '../support/app.ts';
import { buildScene, reservationsOf } from '../support/builders.ts';
import { addCustomers } from '../support/cast.ts';
import { DIALECTS, openDatabase, SOAK } from '../support/databases.ts';
import { createDatabase, dropDatabase } from '../support/postgres.ts';
import { startServer } from '../support/server.ts';

const ROUND_THE_CLOCK = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
  weekday,
  opens: '00:00',
  closes: '24:00',
}));
const PATIENCE = 120_000;

/** A running program over a database that the test sees into, and customers who are logged in. */
async function running(dialect: (typeof DIALECTS)[number], customers: number) {
  const database = await openDatabase(dialect);
  const { service, location, store } = await buildScene(database.store, {
    capacity: 1_000,
    rules: ROUND_THE_CLOCK,
  });
  const cookies = await sessionCookies(store, await addCustomers(store, customers));
  const start = () =>
    startServer({
      database: dialect,
      databaseUrl: database.url,
      postgresUrl: inject('postgresUrl'),
      env: { DEMO: '0', AUTH_SECRET: SECRET, LOG_LEVEL: 'info' },
    });
  const server = await start();
  const day = addDays(localDay(new Date(), location.timeZone), 2);
  const response = await fetch(`${server.url}/api/services/${service.id}/slots?date=${day}`);
  const { data } = (await response.json()) as { data: { time_slot: string }[] };
  const body = (index: number) =>
    JSON.stringify({ service_id: service.id, time_slot: data[index % data.length]?.time_slot });
  return { database, service, store, cookies, start, server, body };
}

test.each(DIALECTS)(
  'SIGTERM lets a request under way finish and ends with 0, on %s',
  async (dialect) => {
    const { database, cookies, server, body, service, store } = await running(dialect, 1);
    try {
      // A keep-alive connection that is idle must not hold the program up.
      await fetch(`${server.url}/healthz`);
      const text = body(0);
      const answered = new Promise<number>((resolve, reject) => {
        const request = httpRequest(
          `${server.url}/api/reservations`,
          {
            method: 'POST',
            headers: {
              cookie: cookies[0] as string,
              'content-type': 'application/json',
              'content-length': text.length,
            },
          },
          (response) => {
            response.resume();
            response.on('end', () => resolve(response.statusCode ?? 0));
          },
        );
        request.on('error', reject);
        request.write(text.slice(0, 10));
        void sleep(900).then(() => request.end(text.slice(10)));
      });
      await sleep(300);
      const asked = performance.now();
      const ended = server.stop();
      await expect.poll(() => server.log(), { timeout: 5_000 }).toContain('shutting down');
      await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
      expect(await answered).toBe(201);
      expect(await ended).toBe(0);
      // Well within the ten seconds after which it would be cut off.
      expect(performance.now() - asked).toBeLessThan(8_000);
      expect(await reservationsOf(store, service)).toHaveLength(1);
    } finally {
      await server.stop();
      await database.close();
    }
  },
  PATIENCE,
);

test.each(DIALECTS)(
  'SIGTERM ends a connection in use with the next answer, and not in the middle of one, on %s',
  async (dialect) => {
    const { database, cookies, server, body, service, store } = await running(dialect, 2);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    /** Sends the rest of a booking once `going`; answers what becomes of the connection. */
    const book = (index: number, going: Promise<void>) =>
      new Promise<string | undefined>((resolve, reject) => {
        const text = body(index);
        const headers = {
          cookie: cookies[index],
          'content-type': 'application/json',
          'content-length': text.length,
        };
        const asked = httpRequest(
          `${server.url}/api/reservations`,
          { method: 'POST', agent, headers },
          (answer) => answer.resume().on('end', () => resolve(answer.headers.connection)),
        );
        asked.on('error', reject).write(text.slice(0, 10));
        void going.then(() => asked.end(text.slice(10)));
      });
    const { promise: going, resolve: go } = Promise.withResolvers<void>();
    try {
      const underWay = book(0, going);
      await sleep(300);
      const asked = performance.now();
      const ended = server.stop();
      await expect.poll(() => server.log(), { timeout: 5_000 }).toContain('shutting down');
      go();
      expect(await underWay).toBe('keep-alive');
      expect(await book(1, going)).toBe('close');
      expect(await ended).toBe(0);
      // Well before everything would be cut off.
      expect(performance.now() - asked).toBeLessThan(8_000);
      expect(await reservationsOf(store, service)).toHaveLength(2);
    } finally {
      agent.destroy();
      await server.stop();
      await database.close();
    }
  },
  PATIENCE,
);

test.each(DIALECTS)(
  'SIGKILL in the middle of bookings loses none that was answered, on %s',
  async (dialect) => {
    const { database, cookies, server, body, start, service, store } = await running(
      dialect,
      SOAK ? 1_000 : 200,
    );
    const booked: string[] = [];
    const book = async (cookie: string, index: number) => {
      const response = await fetch(`${server.url}/api/reservations`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: body(index),
      });
      const { data } = (await response.json()) as { data: { id: string } };
      expect(response.status).toBe(201);
      booked.push(data.id);
      if (booked.length === cookies.length / 4) process.kill(server.pid, 'SIGKILL');
    };
    try {
      const results = await Promise.allSettled(cookies.map(book));
      const lost = results.filter(({ status }) => status === 'rejected').length;
      expect(lost).toBeGreaterThan(0);
      expect(booked.length).toBeGreaterThanOrEqual(cookies.length / 4);
      const rows = new Set((await reservationsOf(store, service)).map(({ id }) => id));
      expect(booked.filter((id) => !rows.has(id))).toEqual([]);
      // It starts again on what is there, and serves it.
      const again = await start();
      try {
        const mine = await fetch(`${again.url}/api/reservations`, {
          headers: { cookie: cookies[0] as string },
        });
        expect(mine.status).toBe(200);
      } finally {
        expect(await again.stop()).toBe(0);
      }
    } finally {
      await server.stop();
      await database.close();
    }
  },
  PATIENCE,
);

test(
  'two instances that start together on one empty database migrate and fill it once',
  async () => {
    const admin = inject('postgresUrl');
    const databaseUrl = await createDatabase(admin);
    const start = () => startServer({ database: 'postgres', databaseUrl, env: { LOG_LEVEL: 'info' } });
    const started = await Promise.allSettled([start(), start()]);
    try {
      expect(started.map((each) => (each.status === 'rejected' ? String(each.reason) : 'up'))).toEqual([
        'up',
        'up',
      ]);
      const count = async (from: string) => {
        const client = new pg.Client({ connectionString: databaseUrl });
        await client.connect();
        try {
          return Number((await client.query(`SELECT count(*) AS n FROM ${from}`)).rows[0].n);
        } finally {
          await client.end();
        }
      };
      expect(await count("users WHERE email = 'admin@demo.example'")).toBe(1);
      expect(await count('locations')).toBe(1);
      expect(await count('migrations')).toBe(await count('(SELECT DISTINCT name FROM migrations) m'));
      const services = await count('services');
      expect(await count('(SELECT DISTINCT name FROM services) s')).toBe(services);
      const migrated = started.filter(
        (each) => each.status === 'fulfilled' && each.value.log().includes('migrations applied'),
      );
      expect(migrated).toHaveLength(1);
    } finally {
      for (const each of started) if (each.status === 'fulfilled') await each.value.stop();
      await dropDatabase(admin, databaseUrl);
    }
  },
  PATIENCE,
);

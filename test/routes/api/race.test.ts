import { expect, inject, test } from 'vitest';
import { addDays, localDay } from '../../../src/domain/days.ts';
import { SECRET, sessionCookies } from '../../support/app.ts';
import { buildScene, reservationsOf } from '../../support/builders.ts';
import { addCustomers } from '../../support/cast.ts';
import { DIALECTS, openDatabase } from '../../support/databases.ts';
import { type Server, startServer } from '../../support/server.ts';

const RACERS = 200;
const PLACES = 10;
const ROUND_THE_CLOCK = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
  weekday,
  opens: '00:00',
  closes: '24:00',
}));

/** SQLite serves one program; PostgreSQL serves two, which know nothing of each other. */
const INSTANCES = { sqlite: 1, postgres: 2 };

test.each(DIALECTS)(
  `${RACERS} customers race over HTTP for ${PLACES} places, on %s`,
  async (dialect) => {
    const database = await openDatabase(dialect);
    const servers: Server[] = [];
    try {
      const { service, location } = await buildScene(database.store, {
        capacity: PLACES,
        rules: ROUND_THE_CLOCK,
      });
      const cookies = await sessionCookies(
        database.store,
        await addCustomers(database.store, RACERS),
        false,
        SECRET,
      );
      for (let instance = 0; instance < INSTANCES[dialect]; instance++) {
        servers.push(
          await startServer({
            database: dialect,
            databaseUrl: database.url,
            postgresUrl: inject('postgresUrl'),
            env: { DEMO: '0', AUTH_SECRET: SECRET },
          }),
        );
      }
      const day = addDays(localDay(new Date(), location.timeZone), 2);
      const slots = await fetch(`${servers[0]?.url}/api/services/${service.id}/slots?date=${day}`);
      const { data } = (await slots.json()) as { data: { time_slot: string }[] };
      const time_slot = data[20]?.time_slot;
      const book = async (cookie: string, index: number) => {
        const response = await fetch(`${servers[index % servers.length]?.url}/api/reservations`, {
          method: 'POST',
          headers: { cookie, 'content-type': 'application/json' },
          body: JSON.stringify({ service_id: service.id, time_slot }),
        });
        const body = (await response.json()) as { error?: { code: string } };
        return `${response.status} ${body.error?.code ?? 'booked'}`;
      };
      const answers = await Promise.all(cookies.map(book));
      const counts = Object.fromEntries(
        [...Map.groupBy(answers, (each) => each)].map(([k, v]) => [k, v.length]),
      );
      expect(counts).toEqual({ '201 booked': PLACES, '409 slot_full': RACERS - PLACES });
      expect(await reservationsOf(database.store, service)).toHaveLength(PLACES);
      for (const server of servers) expect(server.log()).not.toMatch(/"level":"error"/);
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
      await database.close();
    }
  },
  120_000,
);

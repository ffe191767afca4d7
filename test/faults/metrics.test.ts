import { expect, inject, test } from 'vitest';
import { SECRET } from '../support/app.ts';
import { buildScene } from '../support/builders.ts';
import { DIALECTS, openDatabase } from '../support/databases.ts';
import { startServer } from '../support/server.ts';

test.each(DIALECTS)(
  'the running program counts the live screens that are open, on %s',
  async (dialect) => {
    const database = await openDatabase(dialect);
    const { service } = await buildScene(database.store);
    const server = await startServer({
      database: dialect,
      databaseUrl: database.url,
      postgresUrl: inject('postgresUrl'),
      env: { DEMO: '0', AUTH_SECRET: SECRET },
    });
    try {
      const streams = async () =>
        /^live_streams (\d+)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1];
      expect(await streams()).toBe('0');
      const leaving = new AbortController();
      const screen = await fetch(`${server.url}/live/lines/${service.slug}`, { signal: leaving.signal });
      expect(screen.status).toBe(200);
      expect(await streams()).toBe('1');
      leaving.abort();
      await expect.poll(streams).toBe('0');
    } finally {
      await server.stop();
      await database.close();
    }
  },
  120_000,
);

import { test as base } from '@playwright/test';
import { type Server, startServer } from './server.ts';

type WorkerFixtures = {
  /** The database of `app`: `test.use({ database: 'postgres' })` at the top of a file, or BROWSER_DATABASE. */
  database: 'sqlite' | 'postgres';
  /** A server with demo data, shared by the tests of a worker: `page.goto('/')` goes there. */
  app: Server;
};

export const test = base.extend<object, WorkerFixtures>({
  database: [
    process.env.BROWSER_DATABASE === 'postgres' ? 'postgres' : 'sqlite',
    { option: true, scope: 'worker' },
  ],
  app: [
    async ({ database }, use) => {
      const server = await startServer({ database });
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  baseURL: async ({ app }, use) => use(app.url),
});

export { expect } from '@playwright/test';

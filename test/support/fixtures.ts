import { test as base, expect, type Page } from '@playwright/test';
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

/** Logs a page's browser in to the demo, without the form: that is tried with the accounts. */
export async function logIn(page: Page, email: string): Promise<void> {
  const data = { email, password: 'now-serving-demo' };
  const answer = await page.request.post('/api/auth/login', { data });
  expect(answer.status()).toBe(200);
}

export { expect };

import { fileURLToPath } from 'node:url';
import { defineConfig, devices } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from './support/browser.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const executablePath = findBrowser();
/** Of a process for each site of each test, most do little but start: a visit takes a quarter less of the CPU without. */
const ONE_RENDERER = '--renderer-process-limit=1';

export default defineConfig({
  testDir: here('browser'),
  testMatch: '**/*.test.ts',
  outputDir: here('../test-results'),
  // Tests of one file share a server and its data, in their order, unless it says otherwise; files run side by side.
  fullyParallel: false,
  // More than the cores of a small machine: tests wait for a page to settle as often as they work.
  workers: 3,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  expect: { timeout: 7_000 },
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    screenshot: 'only-on-failure',
    trace: 'off',
    launchOptions: { ...(executablePath ? { executablePath } : {}), args: [...BROWSER_ARGS, ONE_RENDERER] },
  },
  projects: [
    { name: 'js', testIgnore: '**/*.nojs.test.ts' },
    { name: 'nojs', testIgnore: '**/*.js.test.ts', use: { javaScriptEnabled: false } },
    { name: 'screenshots', testMatch: '**/screenshots.ts' },
  ],
});

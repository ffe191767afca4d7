import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const soak = process.env.SOAK === '1';

export default defineConfig({
  root,
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/browser/**', 'node_modules/**', 'dist/**'],
    globalSetup: ['test/support/global-setup.ts'],
    // Two cores, and PostgreSQL works beside us: more workers only add waiting and flaky deadlines.
    pool: 'forks',
    maxWorkers: 2,
    // Modules are loaded once for all files: what the program remembers in them belongs to one store, or is the same for all.
    isolate: false,
    testTimeout: soak ? 600_000 : 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    env: { NODE_ENV: 'test', LOG_LEVEL: 'silent' },
    expect: { requireAssertions: true },
    restoreMocks: true,
    unstubEnvs: true,
  },
});

import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const DIST = fileURLToPath(new URL('../../dist/src', import.meta.url));

/** A module of the built program, under the types of its source: Node cannot run the JSX that it is written in. */
function built<T>(path: string): Promise<T> {
  return import(pathToFileURL(join(DIST, path)).href) as Promise<T>;
}

/** The parts of the program that the benches call themselves. */
export async function loadProgram() {
  return {
    ...(await built<typeof import('../../src/app.tsx')>('app.js')),
    ...(await built<typeof import('../../src/auth/auth.ts')>('auth/auth.js')),
    ...(await built<typeof import('../../src/auth/limits.ts')>('auth/limits.js')),
    ...(await built<typeof import('../../src/config.ts')>('config.js')),
    ...(await built<typeof import('../../src/db/demo/seed.ts')>('db/demo/seed.js')),
    ...(await built<typeof import('../../src/db/migrate.ts')>('db/migrate.js')),
    ...(await built<typeof import('../../src/db/open.ts')>('db/open.js')),
    ...(await built<typeof import('../../src/domain/clock.ts')>('domain/clock.js')),
    ...(await built<typeof import('../../src/domain/days.ts')>('domain/days.js')),
    ...(await built<typeof import('../../src/domain/slots.ts')>('domain/slots.js')),
    ...(await built<typeof import('../../src/domain/token.ts')>('domain/token.js')),
    ...(await built<typeof import('../../src/live/hub.ts')>('live/hub.js')),
    ...(await built<typeof import('../../src/log.ts')>('log.js')),
    ...(await built<typeof import('../../src/root.ts')>('root.js')),
    ...(await built<typeof import('../../src/web/assets.ts')>('web/assets.js')),
    ...(await built<typeof import('../../src/web/metrics.ts')>('web/metrics.js')),
  };
}

export type Program = Awaited<ReturnType<typeof loadProgram>>;
export type Store = ReturnType<Program['openStore']>;

export const BASE_URL = 'http://127.0.0.1';
export const AUTH_SECRET = 'the secret of a bench, which guards nothing at all';

/** The program inside of this process, as a request handler over a store. */
export function createProgram(program: Program, store: Store) {
  const config = program.readConfig({ BASE_URL, AUTH_SECRET, LOG_LEVEL: 'warn' });
  const log = program.createLog(config.logLevel);
  const auth = program.createAuth({
    store,
    config,
    clock: program.systemClock,
    sendResetLink: () => {},
    log: () => {},
  });
  return program.createApp({
    store,
    hub: new program.Hub({
      changes: store.changes,
      limits: { streams: 100, perAddress: 100 },
      onError: () => undefined,
    }),
    auth,
    clock: program.systemClock,
    limits: program.createLimits(),
    assets: program.loadAssets(program.projectRoot),
    config,
    log,
    metrics: program.createMetrics(),
    ready: async () => true,
  });
}

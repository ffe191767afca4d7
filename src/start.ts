import type { Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { en } from '../views/text/en.ts';
import { actOf } from './actions/act.ts';
import { endPastDays } from './actions/day-end.ts';
import { ensureLocation } from './actions/locations.ts';
import { createApp } from './app.tsx';
import { createAuth, ensureAdmin, hashPassword } from './auth/auth.ts';
import { createLimits } from './auth/limits.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { isPostgres } from './database-url.ts';
import { DEMO_LOGINS, DEMO_PASSWORD } from './db/demo/facts.ts';
import { isEmpty, seedDemo } from './db/demo/seed.ts';
import { isCurrent, migrate } from './db/migrate.ts';
import { openStore } from './db/open.ts';
import { isBusy } from './db/refusals.ts';
import type { Store } from './db/store.ts';
import { forgetSessions, userByEmail } from './db/users.ts';
import { MINUTE, systemClock } from './domain/clock.ts';
import { Hub } from './live/hub.ts';
import { createLog, type Log } from './log.ts';
import { createMailer } from './mail.ts';
import { projectRoot } from './root.ts';
import { loadAssets } from './web/assets.ts';
import { describeError } from './web/errors.ts';
import { createMetrics } from './web/metrics.ts';
import { forgetOldAnswers } from './web/once.ts';

/** Streams of one process, and of one address, behind which a whole office may stand. */
const LIVE_LIMITS = { streams: 20_000, perAddress: 2_000 };

/** Starts the program and returns when it listens. A wrong configuration or an unreachable database ends the process. */
export async function start(env: Record<string, string | undefined>): Promise<void> {
  const config = await withPort(configOrExit(env), env);
  const log = createLog(config.logLevel);
  await migrateWhenUp(config, log);
  const store = openStore({
    url: config.databaseUrl,
    poolSize: config.poolSize,
    directUrl: config.databaseDirectUrl,
    onIdleError: (error) => log.warn({ cause: error.message }, 'a database connection was lost'),
  });
  const mail = createMailer(config, log);
  const auth = createAuth({
    store,
    config,
    clock: systemClock,
    sendResetLink: ({ name, email }, link) => mail({ to: email, ...en.mails.reset(name, link) }),
    log: (level, message) => log[level]({ component: 'accounts' }, message),
  });
  const seeded = config.demo && (await isEmpty(store));
  if (seeded) await seedDemo(store, systemClock, hashPassword);
  const hasDemo = config.demo && (await store.run(userByEmail, { email: DEMO_LOGINS[0].email })).length > 0;
  await ensureLocation(actOf(store, systemClock, null), Intl.DateTimeFormat().resolvedOptions().timeZone);
  if (config.admin && !(await ensureAdmin(auth, store, systemClock, config.admin)))
    log.warn('there is no admin: ADMIN_EMAIL has an account already, and ADMIN_PASSWORD is not its password');

  const hub = new Hub({
    changes: store.changes,
    limits: LIVE_LIMITS,
    onError: (error) => log.warn({ err: describeError(error) }, 'a live screen could not be made'),
  });
  const life = { draining: false };
  const app = createApp({
    store,
    hub,
    auth,
    clock: systemClock,
    limits: createLimits(),
    assets: loadAssets(projectRoot),
    config,
    log,
    metrics: createMetrics(() => hub.size),
    ready: async () => !life.draining && (await isCurrent(store)),
  });
  const server = serve({ fetch: app.fetch, port: config.port, hostname: config.host }, ({ address, port }) =>
    announce(config, hasDemo, address, port),
  ) as Server;
  server.on('error', (error) => exitDeaf(config, error));
  // Whoever keeps a connection would go on asking here, and in the end be cut off in the middle of something.
  server.prependListener('request', (_, response) => {
    if (life.draining) response.shouldKeepAlive = false;
  });
  const chores = startChores(store, log);

  const stop = () => {
    if (life.draining) return;
    life.draining = true;
    void shutDown({ server, hub, chores, store, log, seconds: config.shutdownSeconds });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function configOrExit(env: Record<string, string | undefined>): Config {
  try {
    return readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) exit(error.message);
    throw error;
  }
}

/** With a free port in place of 0, before anything is made of the address that links start with. */
async function withPort(config: Config, env: Record<string, string | undefined>): Promise<Config> {
  if (config.port !== 0) return config;
  const server = createServer().on('error', (error) => exitDeaf(config, error));
  await new Promise<void>((resolve) => server.listen(0, config.host, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return configOrExit({ ...env, PORT: String(port) });
}

/** How long one try waits for a lock: whatever a migration waits for keeps others waiting behind it. */
const LOCK_WAIT_MS = 5_000;

/** A database that is still starting or was stopped, and an instance that migrates, are waited for; then the reason is said. */
async function migrateWhenUp(config: Config, log: Log): Promise<void> {
  const deadline = Date.now() + config.databaseWaitSeconds * 1000;
  for (;;) {
    try {
      // Through a pooler, the lock of whoever migrates could be left on a connection that others use.
      const applied = await migrate(config.databaseDirectUrl ?? config.databaseUrl, LOCK_WAIT_MS);
      if (applied.length > 0) log.info({ applied }, 'migrations applied');
      return;
    } catch (error) {
      const { message, code } = error as Error & { code?: string };
      const isAway = isPostgres(config.databaseUrl) && isBusy(error);
      if (!isAway || Date.now() > deadline) exit(`The database cannot be used: ${message || code}`);
      log.warn({ cause: message || code }, 'waiting for the database');
      await wait(1000);
    }
  }
}

/** What has to be done now and then, whichever instance does it first. */
function startChores(store: Store, log: Log): NodeJS.Timeout {
  const run = async () => {
    const now = systemClock();
    const outcomes = await Promise.allSettled([
      endPastDays(actOf(store, systemClock, null)),
      forgetOldAnswers(store, now),
      store.transaction((tx) => tx.run(forgetSessions, { now })),
    ]);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') log.error({ err: describeError(outcome.reason) }, 'a chore failed');
  };
  void run();
  return setInterval(run, MINUTE);
}

interface Running {
  server: Server;
  hub: Hub;
  chores: NodeJS.Timeout;
  store: Store;
  log: Log;
  seconds: number;
}

/** How long the end may take once every request was answered. */
const CLOSING_MS = 5_000;

/** Answers what is in flight, takes nothing new, and ends; what takes too long is cut off. */
async function shutDown({ server, hub, chores, store, log, seconds }: Running): Promise<void> {
  log.info('shutting down');
  clearInterval(chores);
  const closed = new Promise((resolve) => server.close(resolve));
  hub.close();
  server.closeIdleConnections();
  await Promise.race([closed, wait(seconds * 1000)]);
  server.closeAllConnections();
  // A database that is away would be waited for until somebody kills us.
  await Promise.race([store.close(), wait(CLOSING_MS)]);
  process.exit(0);
}

function announce(config: Config, hasDemo: boolean, address: string, port: number): void {
  const host = address.includes(':') ? `[${address}]` : address;
  const url = config.production
    ? config.baseUrl
    : `http://${host === '127.0.0.1' ? 'localhost' : host}:${port}`;
  const lines = [`Now Serving is at ${url}`];
  if (hasDemo)
    lines.push(`Demo logins, password ${DEMO_PASSWORD}:`, ...DEMO_LOGINS.map(({ email }) => `  ${email}`));
  process.stdout.write(`${lines.join('\n')}\n`);
}

function exitDeaf({ host, port }: Config, { code, message }: NodeJS.ErrnoException): never {
  exit(`Cannot listen on ${host}:${port}: ${code ?? message}`);
}

function exit(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

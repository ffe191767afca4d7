import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createDatabase, dropDatabase, freePort, startPostgres } from './postgres.ts';
import { watchOver } from './watchdog.ts';

export type Server = {
  /** Its address, without a slash at its end. */
  url: string;
  databaseUrl: string;
  /** Its own process, for tests that kill it. */
  pid: number;
  /** What it has written so far, both streams. */
  log: () => string;
  /**
   * Asks it to end (SIGTERM), and removes its database. Safe to call twice.
   *
   * @returns its exit code, or null when it had to be killed after 20 seconds
   */
  stop: () => Promise<number | null>;
};

export type ServerOptions = {
  database: 'sqlite' | 'postgres';
  /** Added to the environment of the program; `undefined` unsets. */
  env?: Record<string, string | undefined>;
  /** The server in which a database is made for `postgres`; by default `TEST_DATABASE_URL`, else a new one. */
  postgresUrl?: string;
  /** An existing database, which is then left alone: a second instance on the data of the first. */
  databaseUrl?: string;
  /** What is run; by default the built program. */
  entry?: string;
  /** How long the start may take. */
  timeoutMs?: number;
};

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs the built program as a process of its own, with demo data, on a free port of 127.0.0.1 and
 * a database of its own, and waits until `/readyz` says yes.
 *
 * @throws with the program's output, if it ends or is not ready in time
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const entry = options.entry ?? join(ROOT, 'dist/src/main.js');
  if (!existsSync(entry)) throw new Error(`${entry} is missing: run npm run build`);
  const database = await provideDatabase(options);
  try {
    for (let attempt = 1; ; attempt++) {
      const server = await launch(entry, database, options);
      if (server) return server;
      if (attempt === 5) throw new Error('No free port');
    }
  } catch (error) {
    await database.remove();
    throw error;
  }
}

type Database = { url: string; folders: string[]; remove: () => Promise<void> };

async function provideDatabase(options: ServerOptions): Promise<Database> {
  if (options.databaseUrl) return { url: options.databaseUrl, folders: [], remove: async () => {} };
  if (options.database === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'now-serving-'));
    return {
      url: `file:${join(folder, 'test.db')}`,
      folders: [folder],
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  }
  const given = options.postgresUrl ?? process.env.TEST_DATABASE_URL;
  if (given) {
    const url = await createDatabase(given);
    return { url, folders: [], remove: () => dropDatabase(given, url) };
  }
  const own = await startPostgres();
  return { url: await createDatabase(own.url), folders: [], remove: own.stop };
}

/** @returns undefined when somebody else took the port in the meantime */
async function launch(
  entry: string,
  database: Database,
  options: ServerOptions,
): Promise<Server | undefined> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['--enable-source-maps', entry], {
    cwd: ROOT,
    env: {
      ...inherited(),
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: String(port),
      BASE_URL: url,
      DATABASE_URL: database.url,
      DEMO: '1',
      LOG_LEVEL: 'warn',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      // Enough for a failing test to show, without keeping all of a soak run's log.
      log = (log + text).slice(-500_000);
    });
  }
  const callOff = watchOver(child.pid as number, { folders: database.folders });
  const ready = await waitUntilReady(child, url, options.timeoutMs ?? 60_000);
  if (ready) return handle(child, url, database, () => log, callOff);
  await end(child);
  callOff();
  if (/EADDRINUSE/.test(log)) return undefined;
  throw new Error(`The server did not become ready (exit code ${child.exitCode}):\n${log}`);
}

/** The settings of whoever runs the tests must not reach the program under test. */
function inherited(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'LANG', 'TZ', 'NODE_V8_COVERAGE'];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

async function waitUntilReady(child: ChildProcess, url: string, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (hasNotEnded(child) && Date.now() < deadline) {
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) });
      await response.arrayBuffer();
      if (response.ok) return hasNotEnded(child);
    } catch {
      // Not listening yet.
    }
    await sleep(50);
  }
  return false;
}

function handle(
  child: ChildProcess,
  url: string,
  database: Database,
  log: () => string,
  callOff: () => void,
): Server {
  let stopping: Promise<number | null> | undefined;
  const stop = async () => {
    const code = await end(child);
    callOff();
    await database.remove();
    return code;
  };
  return {
    url,
    databaseUrl: database.url,
    pid: child.pid as number,
    log,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

function hasNotEnded(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function end(child: ChildProcess): Promise<number | null> {
  if (!hasNotEnded(child)) return child.exitCode;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await exited;
  clearTimeout(patience);
  return child.exitCode;
}

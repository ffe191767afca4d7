import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, expect, inject, test } from 'vitest';
import { createDatabase, dropDatabase } from './postgres.ts';

const made: string[] = [];

async function make(name?: string, template?: string): Promise<string> {
  const url = await createDatabase(inject('postgresUrl'), name, template);
  made.push(url);
  return url;
}

async function rows(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

afterAll(async () => {
  for (const url of made) await dropDatabase(inject('postgresUrl'), url);
});

test('the server is PostgreSQL 18 or newer, in UTF-8', async () => {
  const [{ version, encoding }] = (await rows(
    inject('postgresUrl'),
    "select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding",
  )) as [{ version: number; encoding: string }];
  expect(version).toBeGreaterThanOrEqual(180_000);
  expect(encoding).toBe('UTF8');
});

test('a database can be copied with its data, by many at once', async () => {
  const template = await make();
  await rows(template, 'create table facts as select 42 as answer');
  const name = new URL(template).pathname.slice(1);
  const copies = await Promise.all([make(undefined, name), make(undefined, name), make(undefined, name)]);
  for (const copy of copies) expect(await rows(copy, 'select answer from facts')).toEqual([{ answer: 42 }]);
});

test('a database is dropped while somebody is connected', async () => {
  const url = await createDatabase(inject('postgresUrl'), 'test name "quoted"');
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  await dropDatabase(inject('postgresUrl'), url);
  await expect(client.query('select 1')).rejects.toThrow();
});

test.skipIf(process.platform !== 'linux')('a server does not outlive a process that was killed', async () => {
  const script = `
    import { startPostgres } from ${JSON.stringify(new URL('postgres.ts', import.meta.url).href)};
    const server = await startPostgres();
    console.log(JSON.stringify({ pid: server.pid, folder: /-D (\\S+)\\/data/.exec((await import('node:fs')).readFileSync('/proc/' + server.pid + '/cmdline', 'utf8').replaceAll('\\0', ' '))[1] }));
    setInterval(() => {}, 1000);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const { pid, folder } = JSON.parse(line.toString()) as { pid: number; folder: string };
  expect(existsSync(folder)).toBe(true);
  parent.kill('SIGKILL');
  for (let waited = 0; waited < 100 && existsSync(folder); waited++) await sleep(100);
  expect(existsSync(folder)).toBe(false);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startServer } from './server.ts';

let folder: string;

/** A program that stands in for ours: it answers with its environment, and is ready at the third question. */
const PROGRAM = `
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
let asked = 0;
if (process.env.FAIL) { console.error('no luck'); process.exit(3); }
if (process.env.DATABASE_URL.startsWith('file:')) writeFileSync(process.env.DATABASE_URL.slice(5), '');
createServer((request, response) => {
  response.statusCode = request.url === '/readyz' && ++asked < 3 ? 503 : 200;
  response.end(JSON.stringify(process.env));
}).listen(Number(process.env.PORT), process.env.HOST, () => console.log('listening'));
process.on('SIGTERM', () => { console.log('bye'); process.exit(0); });
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'now-serving-stub-'));
  writeFileSync(join(folder, 'main.mjs'), PROGRAM);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const entry = () => join(folder, 'main.mjs');

test('a server gets a SQLite file of its own, which goes when it stops', async () => {
  const server = await startServer({
    database: 'sqlite',
    entry: entry(),
    env: { EXTRA: 'yes', DEMO: undefined },
  });
  const env = (await (await fetch(server.url)).json()) as Record<string, string>;
  expect(env).toMatchObject({ EXTRA: 'yes', NODE_ENV: 'development', BASE_URL: server.url });
  expect(env.DEMO).toBeUndefined();
  // What vitest sets for the tests is not handed on.
  expect(env.VITEST).toBeUndefined();
  const file = server.databaseUrl.slice('file:'.length);
  expect(existsSync(file)).toBe(true);
  expect(await server.stop()).toBe(0);
  expect(await server.stop()).toBe(0);
  expect(server.log()).toContain('listening\nbye');
  expect(existsSync(dirname(file))).toBe(false);
  await expect(fetch(server.url)).rejects.toThrow();
});

test('a server gets a PostgreSQL database of its own, which goes when it stops', async () => {
  const server = await startServer({
    database: 'postgres',
    entry: entry(),
    postgresUrl: inject('postgresUrl'),
  });
  const client = new pg.Client({ connectionString: server.databaseUrl });
  client.on('error', () => {});
  await client.connect();
  await server.stop();
  await expect(new pg.Client({ connectionString: server.databaseUrl }).connect()).rejects.toThrow(
    'does not exist',
  );
});

test('a server that ends at its start fails with its own words', async () => {
  await expect(startServer({ database: 'sqlite', entry: entry(), env: { FAIL: '1' } })).rejects.toThrow(
    /exit code 3.*no luck/s,
  );
});

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { projectRoot } from '../../src/root.ts';
import { freePort } from '../support/postgres.ts';

const PATIENCE = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'now-serving-start-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Runs the built program until it ends, as it does when it cannot start.
 *
 * @param onStart is told of the address where it listens; then it is asked to end
 */
function run(
  env: Record<string, string>,
  flags: string[] = [],
  onStart: (url: string) => Promise<void> = async () => undefined,
) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, join(projectRoot, 'dist/src/main.js')], {
      env: {
        PATH: process.env.PATH,
        PORT: '0',
        DATABASE_URL: `file:${join(folder, 'x.db')}`,
        DEMO: '0',
        ...env,
      },
      cwd: folder,
    });
    let stdout = '';
    let stderr = '';
    let started: Promise<void> | undefined;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const url = /^Now Serving is at (\S+)\n/.exec(stdout)?.[1];
      if (url && !started) started = onStart(url).finally(() => child.kill('SIGTERM'));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const patience = setTimeout(() => child.kill('SIGKILL'), 40_000);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(patience);
      const outcome = { code, stdout, stderr };
      Promise.resolve(started).then(() => resolve(outcome), reject);
    });
  });
}

test(
  'bad settings end the start with a clear line each, and no secret in it',
  async () => {
    const { code, stdout, stderr } = await run({
      PORT: 'http',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      BASE_URL: 'https://x.example/app',
      TRUSTED_PROXIES: 'everybody',
      AUTH_SECRET: 'hunter2',
    });
    expect(code).toBe(1);
    const lines = stderr.trim().split('\n');
    expect(lines.map((line) => line.split(':')[0]).sort()).toEqual([
      'AUTH_SECRET',
      'BASE_URL',
      'DATABASE_URL',
      'PORT',
      'TRUSTED_PROXIES',
    ]);
    expect(lines).toContain('PORT: must be a number from 0 to 65535, got "http"');
    expect(stderr + stdout).not.toContain('hunter2');
  },
  PATIENCE,
);

test(
  'production without its settings ends the start with a clear line each',
  async () => {
    const { code, stderr } = await run({ NODE_ENV: 'production' });
    expect(code).toBe(1);
    expect(stderr.trim()).toMatch(/^BASE_URL: is required[^\n]*\nAUTH_SECRET: is required[^\n]*$/);
  },
  PATIENCE,
);

test(
  'a port that is taken ends the start with a clear line',
  async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', () => resolve()));
    const { port } = holder.address() as AddressInfo;
    const { code, stderr } = await run({ PORT: String(port) });
    expect([code, stderr.trim()]).toEqual([1, `Cannot listen on 127.0.0.1:${port}: EADDRINUSE`]);
    holder.close();
  },
  PATIENCE,
);

test(
  'a free port is taken for 0, and links lead there',
  async () => {
    const seen: string[] = [];
    const { code } = await run({ PORT: '0' }, [], async (url) => {
      const description = await (await fetch(`${url}/api/openapi.json`)).json();
      seen.push(url, (description as { servers: { url: string }[] }).servers[0]?.url ?? '');
    });
    expect([code, seen[0]]).toEqual([0, expect.stringMatching(/^http:\/\/localhost:[1-9]\d*$/)]);
    expect(seen[1]).toBe(seen[0]);
    const nowhere = await run({ PORT: '0', HOST: '192.0.2.1' });
    expect([nowhere.code, nowhere.stderr.trim()]).toEqual([1, 'Cannot listen on 192.0.2.1:0: EADDRNOTAVAIL']);
  },
  PATIENCE,
);

test(
  'a database that is never there, or refuses us, ends the start with a clear line',
  async () => {
    const port = await freePort();
    const nobody = await run({
      DATABASE_URL: `postgres://u:hunter2@127.0.0.1:${port}/x`,
      DATABASE_WAIT_SECONDS: '1',
      LOG_LEVEL: 'silent',
    });
    expect(nobody.code).toBe(1);
    expect(nobody.stderr.trim()).toMatch(/^The database cannot be used: [^\n]*ECONNREFUSED[^\n]*$/);
    // A proxy whose database is away may take the connection and say nothing.
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', () => resolve()));
    const silent = await run({
      DATABASE_URL: `postgres://u:hunter2@127.0.0.1:${(mute.address() as AddressInfo).port}/x`,
      DATABASE_WAIT_SECONDS: '1',
      LOG_LEVEL: 'silent',
    });
    mute.close();
    expect([silent.code, silent.stderr.trim()]).toEqual([1, 'The database cannot be used: timeout expired']);
    const wrong = new URL(inject('postgresUrl'));
    wrong.password = 'hunter2';
    const refused = await run({ DATABASE_URL: wrong.href });
    expect(refused.code).toBe(1);
    expect(refused.stderr.trim()).toMatch(
      /^The database cannot be used: password authentication failed[^\n]*$/,
    );
    const folderAsFile = await run({ DATABASE_URL: `file:${folder}` });
    expect(folderAsFile.code).toBe(1);
    expect(folderAsFile.stderr.trim()).toMatch(/^The database cannot be used: [^\n]*$/);
    for (const { stderr } of [nobody, silent, refused, folderAsFile]) expect(stderr).not.toContain('hunter2');
  },
  PATIENCE,
);

test(
  'an older Node is told so before any driver is loaded',
  async () => {
    const older = "Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.19.0'}})";
    const { code, stderr } = await run({}, ['--import', `data:text/javascript,${encodeURIComponent(older)}`]);
    expect(code).toBe(1);
    expect(stderr.trim()).toBe(
      'Now Serving needs Node 22.22 or newer; this is 20.19.0. Start it with "npm start".',
    );
  },
  PATIENCE,
);

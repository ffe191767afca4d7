import { expect, test } from 'vitest';
import { buildApp, openApp } from '../support/app.ts';
import { onBothDatabases } from '../support/databases.ts';

onBothDatabases('the program', (open) => {
  test('says that it is alive and ready', async () => {
    const app = await buildApp(open().store);
    for (const [path, text] of [
      ['/healthz', 'ok'],
      ['/readyz', 'ready'],
    ] as const) {
      const answer = await app.page(path);
      expect([answer.status, answer.text]).toEqual([200, text]);
    }
  });

  test('says that it is not ready, with Retry-After, and stays alive', async () => {
    const scene = await buildApp(open().store);
    for (const ready of [async () => false, () => Promise.reject(new Error('no database'))]) {
      const app = openApp(scene, { parts: { ready } });
      const answer = await app.page('/readyz');
      expect([answer.status, answer.text, answer.headers.get('retry-after')]).toEqual([
        503,
        'not ready',
        '2',
      ]);
      expect((await app.page('/healthz')).status).toBe(200);
    }
  });

  test('shows its metrics to this machine alone, or with the token', async () => {
    const scene = await buildApp(open().store);
    const app = openApp(scene, { env: { METRICS_TOKEN: 'sixteen letters!'.replace(' ', '-') } });
    const ask = async (from: string, headers: Record<string, string> = {}) =>
      (await app.page('/metrics', { from, headers })).status;
    for (const from of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '127.8.8.8'])
      expect(await ask(from), from).toBe(200);
    expect(await ask('203.0.113.7')).toBe(404);
    expect(await ask('10.0.0.1')).toBe(404);
    // What came through a proxy on this machine did not come from this machine.
    expect(await ask('127.0.0.1', { 'x-forwarded-for': '203.0.113.7' })).toBe(404);
    for (const name of ['x-forwarded-proto', 'x-real-ip', 'forwarded', 'via'])
      expect(await ask('127.0.0.1', { [name]: 'a proxy' }), name).toBe(404);
    expect(await ask('203.0.113.7', { 'x-forwarded-for': '127.0.0.1' })).toBe(404);
    expect(await ask('203.0.113.7', { authorization: 'Bearer sixteen-letters!' })).toBe(200);
    for (const authorization of [
      'Bearer wrong',
      'sixteen-letters!',
      'Bearer ',
      'Bearer undefined',
      'Basic x',
    ])
      expect(await ask('203.0.113.7', { authorization }), authorization).toBe(404);
    const none = openApp(scene);
    const guess = { from: '203.0.113.7', headers: { authorization: 'Bearer undefined' } };
    expect((await none.page('/metrics', guess)).status).toBe(404);
    const { text, headers } = await app.page('/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/healthz",status="200"\}|http_request/,
    );
  });

  test('behind a trusted proxy takes the proxy at its word for metrics', async () => {
    const scene = await buildApp(open().store);
    const app = openApp(scene, { env: { TRUSTED_PROXIES: '10.0.0.1' } });
    const spoofed = { from: '10.0.0.1', headers: { 'x-forwarded-for': '127.0.0.1' } };
    expect((await app.page('/metrics', spoofed)).status).toBe(404);
  });
});

import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Assets, assetRoutes, loadAssets } from '../../src/web/assets.ts';

const CSS = `body { margin: 0 }\n${'/* filler */'.repeat(200)}`;
let root: string;
let assets: Assets;
let app: Hono;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'now-serving-assets-'));
  const files: Record<string, string> = {
    'node_modules/htmx.org/dist/htmx.min.js':
      'var htmx = 1 // no semicolon\n//# sourceMappingURL=htmx.min.js.map\n',
    'node_modules/htmx.org/dist/ext/hx-ptag.min.js': '(function () { htmx += 1 })()',
    'public/app.js': '// Why.\n(function () {\n  // Why.\n  globalThis.answer = htmx })()',
    'public/app.css': CSS,
    'public/icons/dot.svg': '<svg/>',
    'public/noise.txt': randomBytes(500).toString('latin1'),
    'public/favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'public/robots.txt': 'User-agent: *\n',
    'public/.hidden': 'secret',
    'secret.txt': 'secret',
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content, 'latin1');
  }
  assets = loadAssets(root);
  app = new Hono();
  app.route('/', assetRoutes(assets));
  app.get('/page', (c) => c.text('a page'));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return app.request(path, { method, headers });
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

describe('fingerprints', () => {
  test('are in the address, and change with the content', () => {
    expect(assets.url('app.css')).toMatch(/^\/assets\/app\.[0-9a-f]{8}\.css$/);
    expect(assets.url('icons/dot.svg')).toMatch(/^\/assets\/icons\/dot\.[0-9a-f]{8}\.svg$/);
    const before = assets.url('app.js');
    const script = readFileSync(join(root, 'public/app.js'));
    writeFileSync(join(root, 'public/app.js'), 'globalThis.answer = 0');
    const after = loadAssets(root).url('app.js');
    writeFileSync(join(root, 'public/app.js'), script);
    expect(after).not.toBe(before);
    expect(loadAssets(root).url('app.js')).toBe(before);
  });

  test.each(['ap.css', '.hidden', '../secret.txt'])(
    'the unknown name %s fails where it is written',
    (name) => {
      expect(() => assets.url(name)).toThrow(`No file public/${name}`);
    },
  );
});

test('the script is htmx, its extension and ours, in this order, and each stays whole', async () => {
  const script = await (await get(assets.url('app.js'))).text();
  const scope: { answer?: number } = {};
  new Function('globalThis', script)(scope);
  expect(scope.answer).toBe(2);
  expect(script).not.toContain('sourceMappingURL');
  expect(script).not.toContain('Why');
});

describe('answers', () => {
  test.each([
    ['app.css', 'text/css; charset=utf-8'],
    ['app.js', 'text/javascript; charset=utf-8'],
    ['favicon.svg', 'image/svg+xml'],
    ['robots.txt', 'text/plain; charset=utf-8'],
  ])('%s is %s and may be kept for a year', async (name, type) => {
    const response = await get(assets.url(name));
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(type);
    expect(response.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('Vary')).toBe('Accept-Encoding');
  });

  test.each(['/favicon.svg', '/robots.txt'])('%s is kept for a day', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('Cache-Control')).toBe('public, max-age=86400');
  });

  test('HEAD has the headers of GET and no body', async () => {
    const response = await get(assets.url('app.css'), { 'Accept-Encoding': 'br' }, 'HEAD');
    const whole = await get(assets.url('app.css'), { 'Accept-Encoding': 'br' });
    expect(response.status).toBe(200);
    expect([...response.headers]).toEqual([...whole.headers]);
    expect(await bytesOf(response)).toHaveLength(0);
    expect(response.headers.get('Content-Length')).toBe(String((await bytesOf(whole)).length));
  });

  test.each([
    '/assets/app.00000000.css',
    '/assets/app.css',
    '/assets/',
    '/assets/.hidden',
    '/assets/../secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/....//secret.txt',
    '/assets/__proto__',
  ])('%s is not found', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('secret');
  });

  test('whatever else is asked for goes on to the pages', async () => {
    expect(await (await get('/page')).text()).toBe('a page');
    expect((await get('/app.css')).status).toBe(404);
  });
});

describe('encodings', () => {
  const decoders: Record<string, (bytes: Buffer) => Buffer> = {
    br: (bytes) => brotliDecompressSync(bytes),
    gzip: (bytes) => gunzipSync(bytes),
    identity: (bytes) => bytes,
  };

  test.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['GZIP;Q=1', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0, gzip;q=0', 'identity'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0.0', 'identity'],
    ['*', 'br'],
    ['*;q=0', 'identity'],
    ['*, br;q=0', 'gzip'],
    ['identity, br;q=0.5', 'identity'],
    ['deflate', 'identity'],
    ['br;q=nonsense', 'br'],
  ])('%j gets %s', async (accept, encoding) => {
    const response = await get(
      assets.url('app.css'),
      accept === undefined ? {} : { 'Accept-Encoding': accept },
    );
    expect(response.headers.get('Content-Encoding') ?? 'identity').toBe(encoding);
    const body = await bytesOf(response);
    expect(Number(response.headers.get('Content-Length'))).toBe(body.length);
    const plain = await bytesOf(await get(assets.url('app.css')));
    expect(decoders[encoding]?.(body).equals(plain)).toBe(true);
    if (encoding !== 'identity') expect(body.length).toBeLessThan(plain.length / 2);
  });

  test('what compression makes no smaller is sent as it is', async () => {
    const response = await get(assets.url('noise.txt'), { 'Accept-Encoding': 'br, gzip' });
    expect(response.headers.get('Content-Encoding')).toBeNull();
  });
});

describe('validators', () => {
  test('each encoding has a tag of its own, and a known tag is answered with 304', async () => {
    const url = assets.url('app.css');
    const tags = new Set<string>();
    for (const encoding of ['br', 'gzip', 'identity']) {
      const etag = (await get(url, { 'Accept-Encoding': encoding })).headers.get('ETag') as string;
      tags.add(etag);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const response = await get(url, { 'Accept-Encoding': encoding, 'If-None-Match': known });
        expect(response.status, known).toBe(304);
        expect(response.headers.get('ETag')).toBe(etag);
        expect(response.headers.get('Vary')).toBe('Accept-Encoding');
        expect(await bytesOf(response)).toHaveLength(0);
      }
    }
    expect(tags.size).toBe(3);
  });

  test('an unknown tag gets the file', async () => {
    expect((await get(assets.url('app.css'), { 'If-None-Match': '"other"' })).status).toBe(200);
  });
});

test("the program's own files load within the time a start may take", () => {
  const started = performance.now();
  const own = loadAssets(fileURLToPath(new URL('../..', import.meta.url)));
  expect(performance.now() - started).toBeLessThan(2000);
  for (const name of ['app.css', 'app.js', 'favicon.svg', 'robots.txt'])
    expect(own.at(own.url(name))).toBeDefined();
});

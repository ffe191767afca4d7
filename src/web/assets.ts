import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Context, Hono } from 'hono';
import { brotli, type Encoding, gzip, pickEncoding } from './compress.ts';

/** One static file, in every encoding it is sent in. */
type Asset = {
  type: string;
  cacheControl: string;
  /** Of the bytes before compression; an encoding adds its own name to it. */
  hash: string;
  identity: Uint8Array<ArrayBuffer>;
} & Partial<Record<Encoding, Uint8Array<ArrayBuffer>>>;

/** The static files of the program, in memory. */
export type Assets = {
  /**
   * The address of a file of `public/`, with its fingerprint: `app.css` gives `/assets/app.1a2b3c4d.css`.
   *
   * @throws if there is no such file, so that a typo fails in the first test that renders it
   */
  url: (name: string) => string;
  /** What is served at a path, or nothing. */
  at: (path: string) => Asset | undefined;
};

/** What browsers and robots ask for by a fixed name. */
const FIXED = ['favicon.svg', 'robots.txt'];

/** What the scripts that pages load are made of: what ours may use, then our own. */
const SCRIPTS: Record<string, readonly string[]> = {
  'app.js': [
    'node_modules/htmx.org/dist/htmx.min.js',
    'node_modules/htmx.org/dist/ext/hx-ptag.min.js',
    'public/app.js',
  ],
  // Only on screens that stay open.
  'live.js': ['node_modules/htmx.org/dist/ext/hx-sse.min.js', 'public/live.js'],
};

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

const YEAR = 'public, max-age=31536000, immutable';
const DAY = 'public, max-age=86400';

/**
 * Reads, fingerprints and compresses every static file, once, at the start.
 *
 * @param root the folder that holds `public/` and `node_modules/`
 * @throws if a file of the script bundle is missing
 */
export function loadAssets(root: string): Assets {
  const urls = new Map<string, string>();
  const files = new Map<string, Asset>();
  for (const [name, content] of readFiles(root)) {
    const asset = toAsset(TYPES[extname(name)] ?? 'application/octet-stream', DAY, content);
    const url = `/assets/${fingerprinted(name, asset.hash)}`;
    urls.set(name, url);
    files.set(url, { ...asset, cacheControl: YEAR });
    if (FIXED.includes(name)) files.set(`/${name}`, asset);
  }
  return {
    url: (name) => {
      const url = urls.get(name);
      if (!url) throw new Error(`No file public/${name}`);
      return url;
    },
    at: (path) => files.get(path),
  };
}

/** The static files. A path is only ever looked up in memory, so none can reach outside `public/`. */
export function assetRoutes(assets: Assets): Hono {
  const routes = new Hono();
  for (const path of ['/assets/*', ...FIXED.map((name) => `/${name}`)]) {
    routes.get(path, (c) => {
      const asset = assets.at(c.req.path);
      return asset ? sendAsset(c, asset) : c.text('Not found\n', 404);
    });
  }
  return routes;
}

/** In the encoding that the client likes best, or not at all if it has it already. */
export function sendAsset(c: Context, asset: Asset): Response {
  const encoding = pickEncoding(c.req.header('Accept-Encoding'), (name) => asset[name] !== undefined);
  const etag = encoding ? `"${asset.hash}-${encoding}"` : `"${asset.hash}"`;
  const headers: Record<string, string> = {
    'Cache-Control': asset.cacheControl,
    ETag: etag,
    Vary: 'Accept-Encoding',
  };
  if (matches(c.req.header('If-None-Match'), etag)) return c.body(null, 304, headers);
  const body = (encoding && asset[encoding]) ?? asset.identity;
  if (encoding) headers['Content-Encoding'] = encoding;
  headers['Content-Type'] = asset.type;
  headers['Content-Length'] = String(body.byteLength);
  return c.body(body, 200, headers);
}

/** Every file by its name. */
function readFiles(root: string): [name: string, content: Buffer][] {
  const folder = join(root, 'public');
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
  return names.map((name): [string, Buffer] => [
    name,
    SCRIPTS[name] ? bundle(root, SCRIPTS[name]) : readFileSync(join(folder, name)),
  ]);
}

function bundle(root: string, scripts: readonly string[]): Buffer {
  // A file may end in a comment or without a semicolon: the next one must not become part of it.
  return Buffer.from(
    scripts.map((path) => withoutComments(readFileSync(join(root, path), 'utf8'))).join('\n;\n'),
  );
}

/** Without lines that are nothing else, and without the address of a source map: a phone has no use for either. */
function withoutComments(script: string): string {
  return script.replace(/^[ \t]*\/\/.*\n?/gm, '').trimEnd();
}

/** Fingerprints and compresses what is then sent by `sendAsset`. */
export function toAsset(type: string, cacheControl: string, content: Buffer): Asset {
  const identity = new Uint8Array(content);
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  const asset: Asset = { type, cacheControl, hash, identity };
  const br = brotli(identity, 11);
  const gz = gzip(identity, 9);
  if (br.length < identity.length) asset.br = br;
  if (gz.length < identity.length) asset.gzip = gz;
  return asset;
}

function fingerprinted(name: string, hash: string): string {
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)}.${hash.slice(0, 8)}${extension}`;
}

/** If-None-Match compares weakly: a proxy may have marked our tag with `W/`. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (!ifNoneMatch) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

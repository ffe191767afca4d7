// The floor of a page: a bare Hono on the same server that answers the same bytes under the same headers.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, constants } from 'node:zlib';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { serveParent } from '../processes.ts';

/** An answer to give again. */
export interface Recorded {
  path: string;
  headers: [name: string, value: string][];
  /** Null with 304. */
  body: string | null;
}

const answers = new Map<string, Recorded>();

serveParent(async ({ pages = [] }: { pages?: Recorded[] }) => {
  for (const page of pages) answers.set(page.path, page);
  return pages.length > 0 ? undefined : listen();
});

const app = new Hono();
app.get('*', (c) => {
  const answer = answers.get(c.req.path);
  if (!answer) return c.notFound();
  for (const [name, value] of answer.headers) c.header(name, value);
  if (answer.body === null) return c.body(null, 304);
  if (!c.req.header('accept-encoding')) return c.body(answer.body);
  c.header('Content-Encoding', 'br');
  return c.body(compress(answer.body));
});

function listen(): Promise<number> {
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () =>
      resolve((server.address() as AddressInfo).port),
    ) as Server;
  });
}

/** As the program compresses a page for one answer. */
function compress(text: string): Uint8Array<ArrayBuffer> {
  return brotliCompressSync(Buffer.from(text), {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 2,
      [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text),
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    },
  });
}

// Many viewers of one stream, on bare sockets. Told to expect an event, it answers when each viewer had it.
import { connect, type Socket } from 'node:net';
import { serveParent } from '../processes.ts';

export type Order =
  | { open: { port: number; path: string; count: number } }
  /** Answers with the moments at which the first, the middle and the last viewer had the text. */
  | { expect: string };

export interface Seen {
  /** By the wall clock, in milliseconds. */
  first: number;
  last: number;
  viewers: number;
  /** Of the event, without chunk sizes. */
  bytes: number;
}

/** So many connect at a time: a listener's backlog is short. */
const AT_ONCE = 200;

const sockets: Socket[] = [];
let wanted = Buffer.alloc(0);
let missing = new Set<Socket>();
let seen: Seen = { first: 0, last: 0, viewers: 0, bytes: 0 };
let done: (seen: Seen) => void = () => undefined;

serveParent(async (order: Order | Record<string, never>) => {
  if ('open' in order && order.open) return open(order.open);
  if ('expect' in order && order.expect) return expect(order.expect);
  return undefined;
});

async function open({ port, path, count }: { port: number; path: string; count: number }): Promise<number> {
  for (let from = 0; from < count; from += AT_ONCE) {
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) => watch(port, path, from + index)),
    );
  }
  return sockets.length;
}

/** Each stands at an address of its own, as far as the server is told. */
function watch(port: number, path: string, index: number): Promise<void> {
  const address = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', reject);
    socket.once('connect', () =>
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Forwarded-For: ${address}\r\nAccept: text/event-stream\r\n\r\n`,
      ),
    );
    // The first event ends the opening.
    socket.once('data', (chunk: Buffer) => {
      if (!chunk.toString('latin1', 0, 12).endsWith(' 200')) return reject(new Error(chunk.toString()));
      sockets.push(socket);
      socket.on('data', (more: Buffer) => receive(socket, more));
      resolve();
    });
  });
}

function expect(text: string): Promise<Seen> {
  wanted = Buffer.from(text);
  missing = new Set(sockets);
  seen = { first: 0, last: 0, viewers: 0, bytes: 0 };
  return new Promise((resolve) => {
    done = resolve;
  });
}

/** An event is small enough to come in one piece on a local socket. */
function receive(socket: Socket, chunk: Buffer): void {
  if (!missing.has(socket) || !chunk.includes(wanted)) return;
  missing.delete(socket);
  const now = performance.timeOrigin + performance.now();
  seen.first ||= now;
  seen.last = now;
  seen.viewers += 1;
  seen.bytes = chunk.length;
  if (missing.size === 0) done(seen);
}

// Sends prepared requests over a fixed number of kept connections, each the next as soon as it is answered.
// Its HTTP client knows just enough for our own servers, so that it takes little from the core that it shares
// with the database.
import { connect, type Socket } from 'node:net';
import { serveParent } from '../processes.ts';

export interface Booking {
  kind: 'booking';
  /** One a customer. */
  cookies: string[];
  /** What can be booked; each is taken by as many customers as it has places. */
  slots: { serviceId: string; timeSlot: string }[];
  /** Whether each carries an `Idempotency-Key`, as every form does. They are other bookings than those without. */
  keyed?: boolean;
}

export interface Fixed {
  kind: 'fixed';
  path: string;
  headers: Record<string, string>;
  /** GET without a body, unless told. */
  method?: 'POST';
  body?: string;
  /** Another address each time, so that no answer is kept for it. */
  fresh?: boolean;
}

/** A screen each, one after the other: each asks for itself. */
export interface Polls {
  kind: 'polls';
  screens: { path: string; headers: Record<string, string> }[];
}

export interface Run {
  port: number;
  source: string;
  connections: number;
  seconds: number;
  /** Milliseconds that a client waits between answer and next request; none unless told. */
  pause?: number;
  /**
   * Whether the load stays awake while it waits. Asleep on an idle core, it would have to be woken by almost every answer,
   * which takes longer than a small answer itself, and is charged to the one who answers: the slower the more often.
   */
  awake?: boolean;
  /** What is sent between so many requests and the next, alone. Its time counts; it is none of the requests. */
  between?: { requests: number; source: string };
}

export interface Load {
  requests: number;
  seconds: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Answers by status. */
  statuses: Record<string, number>;
  /** Of the last answer, without chunk sizes and headers. */
  bytes: number;
}

type Source = (port: number) => string;

const sources = new Map<string, Source>();

serveParent(async (message: { sources: Record<string, Booking | Fixed | Polls> } | { run: Run }) => {
  if ('run' in message) return run(message.run);
  for (const [name, source] of Object.entries(message.sources)) {
    sources.set(name, sourceOf(source));
  }
  return undefined;
});

async function run(options: Run): Promise<Load> {
  const { port, connections, seconds, pause = 0, awake = false } = options;
  const next = sourceNamed(options.source);
  const turn = options.between ? await turns(port, options.between) : undefined;
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  let bytes = 0;
  const asleep = awake ? stayAwake() : () => undefined;
  const started = performance.now();
  const until = started + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = await open(port);
      while (performance.now() < until) {
        await turn?.next();
        const sent = performance.now();
        const answer = await client.send(next(port));
        times.push(performance.now() - sent);
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        bytes = answer.bytes;
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      }
      client.close();
    }),
  );
  asleep();
  turn?.close();
  const elapsed = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { requests: times.length, seconds: elapsed, p50: at(0.5), p99: at(0.99), statuses, bytes };
}

/** Whose turn it is: requests wait while what is between them is sent. */
async function turns(port: number, { requests, source }: NonNullable<Run['between']>) {
  const between = sourceNamed(source);
  const client = await open(port);
  let left = requests;
  let sending: Promise<void> | undefined;
  const send = async () => {
    const { status } = await client.send(between(port));
    if (status !== 200) throw new Error(`${source} answered ${status}`);
    left = requests;
    sending = undefined;
  };
  return {
    next: async () => {
      while (left === 0) {
        sending ??= send();
        await sending;
      }
      left -= 1;
    },
    close: () => client.close(),
  };
}

function sourceNamed(name: string): Source {
  const source = sources.get(name);
  if (!source) throw new Error(`No source ${name}`);
  return source;
}

/** Looks for work all the time, until it is told that it may sleep. */
function stayAwake(): () => void {
  let awake = true;
  const look = () => {
    if (awake) setImmediate(look);
  };
  look();
  return () => {
    awake = false;
  };
}

function sourceOf(source: Booking | Fixed | Polls): Source {
  if (source.kind === 'booking') return bookings(source);
  return source.kind === 'fixed' ? fixed(source) : polls(source);
}

function polls({ screens }: Polls): Source {
  const all = screens.map((screen) => fixed({ kind: 'fixed', ...screen }));
  let count = 0;
  return (port) => (all[count++ % all.length] as Source)(port);
}

function fixed({ path, headers, method, body = '', fresh = false }: Fixed): Source {
  let count = 0;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return (port) =>
    `${method ?? 'GET'} ${path}${fresh ? `${path.includes('?') ? '&' : '?'}n=${count++}` : ''} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines.join('')}\r\n${body}`;
}

/** The next customer takes a place in the next slot; they meet again only after all combinations. */
function bookings({ cookies, slots, keyed = false }: Booking): Source {
  let count = keyed ? (cookies.length * slots.length) >> 1 : 0;
  return (port) => {
    const slot = slots[count % slots.length];
    const cookie = cookies[count % cookies.length];
    count += 1;
    const body = JSON.stringify({ service_id: slot?.serviceId, time_slot: slot?.timeSlot });
    const key = keyed ? `Idempotency-Key: ${count}\r\n` : '';
    return `POST /api/reservations HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\n${key}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
}

interface Client {
  send(request: string): Promise<{ status: number; bytes: number }>;
  close(): void;
}

async function open(port: number): Promise<Client> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return { send: (request) => send(socket, request), close: () => socket.destroy() };
}

function send(socket: Socket, request: string): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    let head: Head | undefined;
    const done = (act: () => void) => {
      socket.off('data', onData).off('close', onEnd);
      act();
    };
    const onEnd = () => done(() => reject(new Error('The server closed a connection')));
    const onData = (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      head ??= readHead(received);
      if (!head) return;
      const bytes = head.length ?? chunkedLength(received, head.end);
      if (bytes === undefined || received.length < head.end + (head.length ?? 0)) return;
      const { status } = head;
      done(() => resolve({ status, bytes }));
    };
    socket.on('data', onData).once('close', onEnd);
    socket.write(request);
  });
}

/** `length` is undefined for a body in chunks. */
interface Head {
  status: number;
  end: number;
  length: number | undefined;
}

function readHead(received: Buffer): Head | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const text = received.toString('latin1', 0, end);
  const status = Number(text.slice(9, 12));
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  const chunked = /\r\ntransfer-encoding: chunked/i.test(text);
  return { status, end: end + 4, length: chunked ? undefined : Number(length ?? 0) };
}

/** @returns undefined while chunks are still missing */
function chunkedLength(received: Buffer, from: number): number | undefined {
  let at = from;
  let bytes = 0;
  for (;;) {
    const line = received.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(received.toString('latin1', at, line), 16);
    at = line + 2 + size + 2;
    if (at > received.length) return undefined;
    if (size === 0) return bytes;
    bytes += size;
  }
}

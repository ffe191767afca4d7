import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { type Changes, EVERYTHING, type Topic } from './changes.ts';

const CHANNEL = 'now_serving_changes';
/** PostgreSQL takes less than 8,000 bytes. */
const MAX_PAYLOAD = 7_900;
/** A line that has gone silent looks like one on which nothing happens: it is asked this often, and given this long. */
const HEARTBEAT_MS = 2_000;
const SILENCE_MS = 3_000;
const RETRY_MS = { first: 100, most: 5_000 };

export interface Listening {
  /** The name of this instance in what it announces. */
  readonly origin: string;
  close(): Promise<void>;
}

/** The statement that tells other instances with a commit what changed; nothing when nothing did. */
export function notification(origin: string, topics: ReadonlySet<Topic>): string {
  if (topics.size === 0) return '';
  const named = [origin, ...topics].join(' ');
  const payload = Buffer.byteLength(named) > MAX_PAYLOAD ? `${origin} ${EVERYTHING}` : named;
  return `NOTIFY ${CHANNEL}, ${pg.escapeLiteral(payload)}; `;
}

/**
 * Hears what other instances changed, on a connection of its own that is opened again whenever it is lost. Until it
 * stands, and whenever it does not answer, `changes` are lost, so that nothing kept is trusted.
 */
export function listen({
  url,
  changes,
  onError,
}: {
  url: string;
  changes: Changes;
  onError: (error: Error) => void;
}): Listening {
  const origin = randomUUID().slice(0, 8);
  const closing = new AbortController();
  changes.lose();

  const ended = (async () => {
    let retry = RETRY_MS.first;
    while (!closing.signal.aborted) {
      try {
        await hear(() => {
          retry = RETRY_MS.first;
        });
      } catch (error) {
        if (!closing.signal.aborted) onError(error as Error);
      }
      changes.lose();
      // Not all instances at once, when the database is back.
      await pause(retry * (0.5 + Math.random()), closing.signal);
      retry = Math.min(retry * 2, RETRY_MS.most);
    }
  })();

  async function hear(onUp: () => void): Promise<void> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: SILENCE_MS,
      query_timeout: SILENCE_MS,
      keepAlive: true,
      application_name: 'now-serving listener',
    });
    const over = new AbortController();
    const lost = (error: Error) => {
      // At once: until the next try, and while nobody knows better, kept answers are not trusted.
      changes.lose();
      over.abort(error);
    };
    client.on('error', lost);
    client.on('end', () => lost(new Error('The connection that listens was closed')));
    client.on('notification', ({ payload = '' }) => {
      const [from, ...topics] = payload.split(' ');
      // Our own changes were announced with their commits.
      if (from !== origin) changes.announce(topics);
    });
    const hangUp = () => void client.end().catch(() => undefined);
    closing.signal.addEventListener('abort', hangUp, { once: true });
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      changes.regain();
      onUp();
      const stop = AbortSignal.any([over.signal, closing.signal]);
      while (!stop.aborted) {
        await pause(HEARTBEAT_MS, stop);
        if (!stop.aborted) await client.query('SELECT 1');
      }
      over.signal.throwIfAborted();
    } finally {
      closing.signal.removeEventListener('abort', hangUp);
      hangUp();
    }
  }

  return {
    origin,
    close: async () => {
      closing.abort();
      await ended;
    },
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}

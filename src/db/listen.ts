import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { Announcer } from './announce.ts';
import type { Changes, Mark, Topic } from './changes.ts';
import { Heard } from './heard.ts';

const CHANNEL = 'now_serving_changes';
const NAME = 'now-serving listener';
/** A line that has gone silent looks like one on which nothing happens: it is asked this often, and given this long. */
const HEARTBEAT_MS = 2_000;
const SILENCE_MS = 3_000;
const RETRY_MS = { first: 100, most: 5_000 };

const NOTIFY = { name: 'notify', text: 'SELECT pg_notify($1, $2)' };
const HERE_I_AM = 'SELECT pg_notify($1, $2 || pg_backend_pid())';
/** Which listeners there are: one that went may have committed what it could no longer announce. */
const LISTENERS = {
  name: 'listeners',
  text: `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = '${NAME}'`,
};

/** Begins what a listener says when it is there: its backend follows. */
const HERE = '+';

export interface Listening {
  /** Tells the other instances of a commit, in a moment. */
  announce(topics: Iterable<Topic>): void;
  /** Names what was announced here by now. */
  readonly mark: Mark;
  /** Waits until what another instance announced was heard here, for a moment at most. */
  caughtUp(mark: Mark): Promise<void>;
  /** Ends the line after everything was told. */
  close(): Promise<void>;
}

/**
 * Hears what other instances changed and tells them what this one did, on a connection of its own that is opened again
 * whenever it is lost. Until it stands, and whenever it does not answer, `changes` are lost, so that nothing kept is
 * trusted.
 *
 * @param pool by which things are told while the line is down
 */
export function listen({
  url,
  pool,
  changes,
  onError,
}: {
  url: string;
  pool: pg.Pool;
  changes: Changes;
  onError: (error: Error) => void;
}): Listening {
  const origin = randomUUID().slice(0, 8);
  const closing = new AbortController();
  const heard = new Heard();
  let line: pg.Client | undefined;
  const announcer = new Announcer({
    origin,
    tell: async (payload) => {
      await (line ?? pool).query({ ...NOTIFY, values: [CHANNEL, payload] });
    },
    onError,
  });
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
      application_name: NAME,
    });
    const over = new AbortController();
    const lost = (error: Error) => {
      // What it still says once it was given up is not about the one that listens then.
      if (over.signal.aborted) return;
      over.abort(error);
      // At once: until the next try, and while nobody knows better, kept answers are not trusted.
      line = undefined;
      changes.lose();
    };
    client.on('error', lost);
    client.on('end', () => lost(new Error('The connection that listens was closed')));
    let others = new Set<number>();
    client.on('notification', ({ payload = '' }) => {
      const [from = '', ...topics] = payload.split(' ');
      // Our own changes were announced with their commits.
      if (from.startsWith(origin)) return;
      if (topics[0]?.startsWith(HERE)) others.add(Number(topics[0].slice(HERE.length)));
      else {
        changes.announce(topics, from);
        heard.note(from);
      }
    });
    const hangUp = () => {
      line = undefined;
      void client.end().catch(() => undefined);
    };
    closing.signal.addEventListener('abort', hangUp, { once: true });
    try {
      await client.connect();
      // What is told is in no row: its commits need no flush to the disk, which others would wait for.
      await client.query(`SET synchronous_commit = off; LISTEN ${CHANNEL}`);
      others = await listeners(client);
      // Or nobody would miss one that goes before they looked for the first time.
      await client.query(HERE_I_AM, [CHANNEL, `${origin} ${HERE}`]);
      changes.regain();
      line = client;
      onUp();
      const stop = AbortSignal.any([over.signal, closing.signal]);
      while (!stop.aborted) {
        await pause(HEARTBEAT_MS, stop);
        if (stop.aborted) break;
        const present = await listeners(client);
        if ([...others].some((pid) => !present.has(pid))) changes.regain();
        others = present;
      }
      over.signal.throwIfAborted();
    } finally {
      over.abort();
      closing.signal.removeEventListener('abort', hangUp);
      hangUp();
    }
  }

  return {
    announce: (topics) => announcer.announce(topics),
    get mark() {
      return announcer.mark;
    },
    caughtUp: async (mark) => {
      // What is kept is not trusted without the line, and what happened here is known.
      if (line && !mark.startsWith(origin)) await heard.upTo(mark);
    },
    close: async () => {
      await announcer.close();
      closing.abort();
      await ended;
    },
  };
}

async function listeners(client: pg.Client): Promise<Set<number>> {
  const { rows } = await client.query<{ pid: number }>(LISTENERS);
  return new Set(rows.map(({ pid }) => pid));
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}

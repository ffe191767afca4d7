import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import type { Topic } from './changes.ts';
import { translate } from './refusals.ts';
import { reasonOf } from './store.ts';

/** How many waiting transactions share one COMMIT at most; bounds how long the first of them waits. */
const GROUP = 64;

/** What a transaction has set going and changed so far. */
export interface Doings {
  /** Writes whose outcome nobody waits for before the end. */
  sent: Promise<unknown>[];
  changed: Set<Topic>;
}

interface Job {
  work: (doings: Doings) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

/**
 * Lets one transaction at a time write to a SQLite connection. What waits runs as savepoints of one transaction and is
 * answered after its COMMIT, so that a full flush to the disk is shared (docs/decisions/0003-sqlite-durability.md).
 */
export class Gate {
  readonly #writer: Database.Database;
  readonly #announce: (topics: Iterable<Topic>) => void;
  readonly #control;
  readonly #inside = new AsyncLocalStorage<true>();
  readonly #waiting: Job[] = [];
  #running: Promise<void> | null = null;

  /** @param announce is told what a group changed, once it is durable */
  constructor(writer: Database.Database, announce: (topics: Iterable<Topic>) => void) {
    this.#writer = writer;
    this.#announce = announce;
    this.#control = {
      begin: writer.prepare('BEGIN IMMEDIATE'),
      commit: writer.prepare('COMMIT'),
      savepoint: writer.prepare('SAVEPOINT job'),
      release: writer.prepare('RELEASE job'),
    };
  }

  /** Runs `work` as a transaction of its own. Throws inside of another, which would wait for itself. */
  pass<T>(work: (doings: Doings) => Promise<T>): Promise<T> {
    if (this.#inside.getStore()) throw new Error('A transaction inside a transaction');
    return new Promise<T>((resolve, reject) => {
      // The gate may have been set going by somebody else: each job runs in the context of whoever asked for it.
      const bound = AsyncResource.bind((doings: Doings) => this.#inside.run(true, () => work(doings)));
      this.#waiting.push({ work: bound, resolve: resolve as (value: unknown) => void, reject });
      this.#running ??= this.#drain();
    });
  }

  /** When nobody waits any more. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Requests that came together are handled one after the other, each as far as this gate: only then is the group whole.
      await endOfTurn();
      await this.#runGroup(this.#waiting.splice(0, GROUP));
    }
    this.#running = null;
  }

  async #runGroup(jobs: Job[]): Promise<void> {
    const answers: (() => void)[] = [];
    const topics = new Set<Topic>();
    try {
      this.#control.begin.run();
      for (const job of jobs) answers.push(await this.#runOne(job, topics));
      this.#control.commit.run();
    } catch (error) {
      if (this.#writer.inTransaction) this.#writer.exec('ROLLBACK');
      for (const job of jobs) job.reject(translate(error));
      return;
    }
    this.#announce(topics);
    for (const answer of answers) answer();
  }

  async #runOne(job: Job, topics: Set<Topic>): Promise<() => void> {
    this.#control.savepoint.run();
    const doings: Doings = { sent: [], changed: new Set() };
    try {
      const value = await job.work(doings);
      await Promise.all(doings.sent);
      this.#control.release.run();
      for (const topic of doings.changed) topics.add(topic);
      return () => job.resolve(value);
    } catch (error) {
      // What was sent must not run later, in somebody else's savepoint.
      const reason = await reasonOf(error, doings.sent);
      // A full disk or a failed write rolls the whole transaction back by itself: then all of the group failed.
      if (!this.#writer.inTransaction) throw reason;
      this.#writer.exec('ROLLBACK TO job; RELEASE job');
      return () => job.reject(translate(reason));
    }
  }
}

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { actOf } from '../../src/actions/act.ts';
import { openStore } from '../../src/db/open.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { buildScene, entriesOf, eventsOf, type Scene, walkIn } from '../support/builders.ts';
import { openDatabase, SOAK, type TestDatabase } from '../support/databases.ts';

const ROUNDS = SOAK ? 40 : 3;
/** On the day of the scene. */
const NOW = new Date('2026-03-02T08:00:00Z');

/**
 * A program that adds walk-ins to the line of a day as fast as it can, 40 at a time, and prints each number after it was
 * answered. What a power cut would take besides is up to `synchronous = FULL`, which no test on a running machine can show.
 */
function program({ url }: TestDatabase, { service, cast }: Scene, now: Date): string {
  const source = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
  return `
    const { openStore } = await import(${source('db/open.ts')});
    const { actOf } = await import(${source('actions/act.ts')});
    const { addWalkIn } = await import(${source('actions/queue.ts')});
    const { serviceById } = await import(${source('db/services.ts')});
    const store = openStore({ url: ${JSON.stringify(url)} });
    const service = await serviceById(store, ${JSON.stringify(service.id)});
    const act = actOf(store, () => new Date(${now.getTime()}), ${JSON.stringify(cast.staff)});
    await Promise.all(Array.from({ length: 40 }, async () => {
      for (;;) {
        const entry = await addWalkIn(act, service, { name: 'W', phone: null, priority: 0 });
        process.stdout.write(entry.id + '\\n');
        await new Promise(setImmediate);
      }
    }));
  `;
}

/** Runs the program until it has answered that many, kills it, and says what it had answered. */
async function answeredBeforeDeath(script: string, enough: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('exit', (_, signal) => resolve(signal)),
  );
  const answered: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    answered.push(line);
    if (answered.length === enough) child.kill('SIGKILL');
  }
  expect(await ended).toBe('SIGKILL');
  return answered.filter((id) => id.length === 36);
}

test('SQLite keeps every answered transaction of a program that was killed, and half of none', async () => {
  const database = await openDatabase('sqlite');
  try {
    const scene = await buildScene(database.store);
    await database.store.close();
    const answered: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // Each on a day of its own: the longer a line, the longer it takes to say what a new number will wait.
      const script = program(database, scene, addMinutes(NOW, round * 24 * 60));
      answered.push(...(await answeredBeforeDeath(script, 150 + round * 17)));
      const file = new Database(database.url.replace('file:', ''));
      expect(file.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(file.pragma('foreign_key_check')).toEqual([]);
      file.close();
    }
    const store = openStore({ url: database.url });
    const entries = await entriesOf(store, scene.service);
    const kept = new Set(entries.map(({ id }) => id));
    expect(answered.filter((id) => !kept.has(id))).toEqual([]);
    expect(answered.length).toBeGreaterThan(150 * ROUNDS);
    // Each ticket with its event and its number, or nothing of it.
    const told = (await eventsOf(store, scene.service)).map(({ entryId }) => entryId);
    expect(new Set(told)).toEqual(kept);
    const days = Map.groupBy(entries, ({ localDay }) => localDay);
    expect(days.size).toBe(ROUNDS);
    for (const line of days.values())
      expect(line.map(({ position }) => position)).toEqual(line.map((_, index) => index + 1));
    expect(
      (
        await walkIn({
          ...scene,
          act: (actor) => actOf(store, scene.clock, actor),
        })
      ).position,
    ).toBe((days.get('2026-03-02')?.length ?? 0) + 1);
    await store.close();
  } finally {
    await database.close();
  }
}, 600_000);

import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { Announcer, payloadOf } from '../../src/db/announce.ts';
import { CATALOG, EVERYTHING, lineTopic, PEOPLE } from '../../src/db/changes.ts';
import { serviceById } from '../../src/db/services.ts';
import { newId } from '../../src/domain/id.ts';
import { buildLocation, buildService } from '../support/builders.ts';
import { heard, useDatabase } from '../support/databases.ts';

/** By then everybody has looked who is there. */
const LOOK_MS = 2_500;

describe('an announcer', () => {
  test('tells what was committed in the same moment in one go', async () => {
    const told: string[] = [];
    const announcer = new Announcer({
      origin: 'me',
      tell: async (payload) => {
        told.push(payload);
      },
    });
    announcer.announce([CATALOG]);
    announcer.announce([PEOPLE, CATALOG]);
    announcer.announce([]);
    await announcer.close();
    expect(told).toEqual([`me.1 ${CATALOG} ${PEOPLE}`]);
  });

  test('tells later what could not be told, with what came meanwhile', async () => {
    const told: string[] = [];
    let down = true;
    const errors: string[] = [];
    const announcer = new Announcer({
      origin: 'me',
      onError: ({ message }) => errors.push(message),
      tell: async (payload) => {
        if (down) throw new Error('nobody there');
        told.push(payload);
      },
    });
    announcer.announce(['a']);
    await wait(50);
    announcer.announce(['b']);
    down = false;
    await expect.poll(() => told).toEqual(['me.2 a b']);
    expect(errors).toEqual(['nobody there']);
    announcer.announce(['c']);
    await announcer.close();
    expect(told).toEqual(['me.2 a b', 'me.3 c']);
  });

  test('lets a program end though nobody can be told', async () => {
    let tries = 0;
    const announcer = new Announcer({
      origin: 'me',
      tell: () => {
        tries += 1;
        return Promise.reject(new Error('nobody there'));
      },
    });
    announcer.announce(['a']);
    await announcer.close();
    expect(tries).toBeGreaterThan(1);
  });

  test('says that everything changed where it is too much to name', () => {
    const many = new Set(Array.from({ length: 500 }, () => lineTopic(newId(), '2026-11-23')));
    expect(payloadOf('me.7', many)).toBe(`me.7 ${EVERYTHING}`);
  });
});

describe('on postgres, when an instance is gone that may not have told everything', () => {
  const open = useDatabase('postgres');

  test('the others forget what they kept', async () => {
    const { store, url } = open();
    const { id } = await buildService(store, await buildLocation(store));
    const dying = new pg.Client({ connectionString: url, application_name: 'now-serving listener' });
    await dying.connect();
    await heard(store);
    await wait(LOOK_MS);
    await serviceById(store, id);
    const nameNow = async () => (await serviceById(store, id))?.name;

    await dying.query(`UPDATE services SET name = 'Renamed' WHERE id = '${id}'`);
    await wait(LOOK_MS);
    expect(await nameNow()).not.toBe('Renamed');
    await dying.end();
    await expect.poll(nameNow, { timeout: 4_000 }).toBe('Renamed');
  }, 15_000);

  test('also when it had just come', async () => {
    const { store, url, openAnother } = open();
    const { id } = await buildService(store, await buildLocation(store));
    await heard(store);
    const nameNow = async () => (await serviceById(store, id))?.name;
    await nameNow();
    const dying = new pg.Client({ connectionString: url, application_name: 'now-serving listener' });
    await dying.connect();
    // It says that it is there as every instance does. What was built above may still be told meanwhile.
    const said = new Promise<string>((resolve) => {
      dying.on('notification', ({ payload = '' }) => payload.endsWith(' *') || resolve(payload));
    });
    await dying.query('LISTEN now_serving_changes');
    openAnother();
    const [, here = ''] = (await said).split(' ');
    expect(here).toMatch(/^\+\d+$/);
    await dying.query(`SELECT pg_notify('now_serving_changes', 'dying +' || pg_backend_pid())`);
    await dying.query(`UPDATE services SET name = 'Renamed' WHERE id = '${id}'`);
    await dying.end();
    await expect.poll(nameNow, { timeout: 4_000 }).toBe('Renamed');
  }, 15_000);
});

import { expect, test } from 'vitest';
import { Turnstile } from '../../src/auth/turnstile.ts';
import { refusalOf } from '../support/builders.ts';

/** Work that lasts until it is told to end, and who was let in, in that order. */
function works(turnstile: Turnstile) {
  const inside: string[] = [];
  const ends = new Map<string, () => void>();
  const pass = (key: string, name = key) =>
    turnstile.pass(
      key,
      () =>
        new Promise<string>((resolve) => {
          inside.push(name);
          ends.set(name, () => resolve(name));
        }),
    );
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { inside, pass, end };
}

test('lets so many in at once, and the next when one is done, also with a failure', async () => {
  const turnstile = new Turnstile({ places: 2, waiting: 10, perKey: 10 });
  const { inside, pass, end } = works(turnstile);
  const failing = turnstile.pass('f', async () => {
    throw new Error('failed');
  });
  void pass('a');
  void pass('b');
  expect(inside).toEqual(['a']);
  await expect(failing).rejects.toThrow('failed');
  expect(inside).toEqual(['a', 'b']);
  void pass('c');
  await end('b');
  expect(inside).toEqual(['a', 'b', 'c']);
  await end('a');
  await end('c');
  void pass('d');
  void pass('e');
  expect(inside).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('lets nobody wait behind all that somebody else asks for', async () => {
  const { inside, pass, end } = works(new Turnstile({ places: 1, waiting: 100, perKey: 100 }));
  for (const name of ['m1', 'm2', 'm3', 'm4']) void pass('many', name);
  void pass('few', 'f1');
  void pass('few', 'f2');
  for (const name of ['m1', 'm2', 'f1', 'm3', 'f2', 'm4']) await end(name);
  expect(inside).toEqual(['m1', 'm2', 'f1', 'm3', 'f2', 'm4']);
});

test('refuses whoever would be one too many, of one key and of all, and takes others when those are gone', async () => {
  const { inside, pass, end } = works(new Turnstile({ places: 1, waiting: 3, perKey: 2 }));
  for (const name of ['a1', 'a2', 'a3']) void pass('a', name);
  expect(await refusalOf(pass('a', 'a4'))).toMatchObject({ code: 'busy', retryAfter: 2 });
  void pass('b', 'b1');
  expect(await refusalOf(pass('c', 'c1'))).toMatchObject({ code: 'busy' });
  for (const name of ['a1', 'a2', 'b1']) await end(name);
  expect(inside).toEqual(['a1', 'a2', 'b1', 'a3']);
  void pass('a', 'a5');
  await end('a3');
  expect(inside.at(-1)).toBe('a5');
});

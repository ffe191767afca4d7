import { expect, test } from 'vitest';
import { Heard } from '../../src/db/heard.ts';

test('what was heard is not waited for, and what is told by the same instance later tells it too', async () => {
  const heard = new Heard();
  heard.note('a.7');
  await heard.upTo('a.7');
  await heard.upTo('a.3');
  const order: string[] = [];
  const waiting = [
    heard.upTo('a.9').then(() => order.push('a.9')),
    heard.upTo('b.1').then(() => order.push('b.1')),
  ];
  heard.note('a.8');
  heard.note('a.10');
  await waiting[0];
  expect(order).toEqual(['a.9']);
  heard.note('b.1');
  await Promise.all(waiting);
  expect(order).toEqual(['a.9', 'b.1']);
});

test('an instance that tells nothing any more is waited for a moment', async () => {
  const before = performance.now();
  await new Heard().upTo('gone.1');
  expect(performance.now() - before).toBeGreaterThan(250);
});

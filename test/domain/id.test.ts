import { expect, test } from 'vitest';
import { isId, newId } from '../../src/domain/id.ts';

test('ids are UUIDs, sort by when they were made, and never repeat', () => {
  const ids = Array.from({ length: 5_000 }, newId);
  expect(ids.every(isId)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
  expect(ids[0]?.[14]).toBe('7');
});

test.each([
  undefined,
  null,
  7,
  '',
  'abc',
  '019',
  `${newId()}x`,
  ` ${newId()}`,
  newId().replaceAll('-', ''),
  `${newId()}\n`,
])('%j is none', (text) => {
  expect(isId(text)).toBe(false);
});

test('is written in small letters', () => {
  expect(isId(newId().toUpperCase())).toBe(false);
});

import { expect, test } from 'vitest';
import { createFormat } from '../../views/format.ts';
import { en } from '../../views/text/en.ts';

const BERLIN = 'Europe/Berlin';
const formatAt = createFormat(en.locale);

test('a date has its year when that is not the year of now', () => {
  const format = formatAt(new Date('2026-11-29T12:00:00Z'));
  expect(format.moment(new Date('2026-11-30T10:30:00Z'), BERLIN)).toBe('Monday 30 November, 11:30');
  expect(format.moment(new Date('2027-11-30T10:30:00Z'), BERLIN)).toBe('Tuesday 30 November 2027, 11:30');
  expect(format.shortMoment(new Date('2026-01-05T10:30:00Z'), BERLIN)).toBe('Mon 5 Jan, 11:30');
  expect(format.shortMoment(new Date('2025-01-05T10:30:00Z'), BERLIN)).toBe('Sun 5 Jan 2025, 11:30');
  expect(format.day('2026-12-31')).toBe('Thursday 31 December');
  expect(format.day('2027-01-01')).toBe('Friday 1 January 2027');
});

test('the year turns where the clock of the place does', () => {
  const [before, after] = [new Date('2026-12-31T22:59:00Z'), new Date('2026-12-31T23:00:00Z')];
  expect(formatAt(before).moment(after, BERLIN)).toBe('Friday 1 January 2027, 00:00');
  expect(formatAt(after).moment(after, BERLIN)).toBe('Friday 1 January, 00:00');
  expect(formatAt(after).moment(before, BERLIN)).toBe('Thursday 31 December 2026, 23:59');
});

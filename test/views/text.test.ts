import { describe, expect, test } from 'vitest';
import { en } from '../../views/text/en.ts';

describe('how long it may still take', () => {
  test.each([
    [0, 1, 'About a minute'],
    [4, 4, 'About 4 minutes'],
    [10, 25, 'About 10 to 25 minutes'],
    [60, 60, 'About 60 minutes'],
    // Beyond an hour the range only gets wider.
    [58, 61, 'About 55 min to 1 h 5 min'],
    [60, 61, 'About 1 h to 1 h 5 min'],
    [118, 131, 'About 1 h 55 min to 2 h 15 min'],
    [120, 120, 'About 2 h to 2 h 5 min'],
  ])('%d to %d minutes: %s', (low, high, text) => {
    // No line ends between a number and its unit.
    expect(en.ticket.estimate(low, high)).toBe(
      text.replaceAll(/(?<=\d) (?=h|min\b)|(?<=h) (?=\d)/g, '\u00a0'),
    );
  });
});

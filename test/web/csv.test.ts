import { expect, test } from 'vitest';
import { csvOf } from '../../src/web/csv.ts';

test('cells are parted by commas, rows end as RFC 4180 says', () => {
  expect(
    csvOf([
      ['day', 'count'],
      ['2026-03-02', 12.5],
      ['', null],
    ]),
  ).toBe('day,count\r\n2026-03-02,12.5\r\n,\r\n');
});

test('commas, quotes and line ends stay inside of their cell', () => {
  expect(csvOf([['a,b', 'say "hi"', 'two\nlines', 'cr\rlf', 'plain']])).toBe(
    '"a,b","say ""hi""","two\nlines","cr\rlf",plain\r\n',
  );
});

test('no text is a formula, and numbers stay numbers', () => {
  expect(csvOf([['=1+1', '+1', '-1', '@SUM(A1)', '\tx', -1]])).toBe(`'=1+1,'+1,'-1,'@SUM(A1),'\tx,-1\r\n`);
  expect(csvOf([['=HYPERLINK("http://x","y")', '\rx']])).toBe(`"'=HYPERLINK(""http://x"",""y"")","'\rx"\r\n`);
});

import { expect, test } from 'vitest';
import { parse } from '../../src/forms/parse.ts';
import { rangeForm } from '../../src/forms/report.ts';
import { refusalOf } from '../support/builders.ts';

const refused = async (range: object) => (await refusalOf(async () => parse(rangeForm, range))).fields;

test('a file has at least one day and at most a quarter of them', async () => {
  const day = { from: '2026-03-02', to: '2026-03-02' };
  expect(parse(rangeForm, day)).toEqual(day);
  const quarter = { from: '2026-07-01', to: '2026-09-30' };
  expect(parse(rangeForm, quarter)).toEqual(quarter);
  expect(await refused({ ...quarter, to: '2026-10-01' })).toEqual({
    to: { code: 'too_many_days', limit: 92 },
  });
  expect(await refused({ from: '2026-03-02', to: '2026-03-01' })).toEqual({
    to: { code: 'window_reversed' },
  });
  expect(await refused({ from: '', to: 'soon' })).toEqual({
    from: { code: 'required' },
    to: { code: 'day' },
  });
});

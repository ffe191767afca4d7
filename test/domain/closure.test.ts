import { expect, test } from 'vitest';
import { closureRuns, lastDayOf } from '../../src/domain/closure.ts';
import { newId } from '../../src/domain/id.ts';

const HOLIDAY = {
  locationId: 'here',
  serviceId: null,
  kind: 'closed' as const,
  opens: null,
  closes: null,
  reason: 'Holidays',
};

test('closures make a run as long as days follow each other and nothing else differs', () => {
  const on = (day: string, change = {}) => ({ ...HOLIDAY, id: newId(), day, ...change });
  const runs = closureRuns([
    on('2026-12-29'),
    on('2026-12-30'),
    on('2026-12-30'),
    on('2026-12-30', { serviceId: 'one' }),
    on('2026-12-31', { reason: 'Stocktaking' }),
    on('2026-12-31', { serviceId: 'one' }),
    on('2026-12-31'),
    on('2026-12-31'),
    on('2027-01-01'),
    on('2027-01-02'),
  ]);
  expect(runs.map((run) => [run[0].day, lastDayOf(run)])).toEqual([
    ['2026-12-29', '2027-01-02'],
    ['2026-12-30', '2026-12-31'],
    ['2026-12-30', '2026-12-31'],
    ['2026-12-31', '2026-12-31'],
  ]);
});

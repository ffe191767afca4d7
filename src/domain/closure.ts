import { addDays, type LocalDay } from './days.ts';
import type { Closure } from './service.ts';

type PlacedClosure = Closure & { locationId: string };

/** How many days in a row can be closed at once. */
export const MOST_CLOSED_DAYS = 92;

/** Closures of days that follow each other and are the same otherwise, such as a fortnight of holidays. */
export type ClosureRun<C> = readonly [first: C, ...others: C[]];

/** Closures, sorted by their days, as runs in the order of their first days. */
export function closureRuns<C extends PlacedClosure>(closures: readonly C[]): ClosureRun<C>[] {
  const runs: [C, ...C[]][] = [];
  for (const closure of closures) {
    const before = addDays(closure.day, -1);
    const run = runs.find((each) => lastDayOf(each) === before && isAlike(each[0], closure));
    if (run) run.push(closure);
    else runs.push([closure]);
  }
  return runs;
}

/** Whether two closures are the same but for their day. */
export function isAlike(one: Omit<PlacedClosure, 'id' | 'day'>, other: Omit<PlacedClosure, 'id' | 'day'>) {
  return (['locationId', 'serviceId', 'kind', 'opens', 'closes', 'reason'] as const).every(
    (field) => one[field] === other[field],
  );
}

/** The last day of closures that follow each other. */
export function lastDayOf<C extends Closure>([first, ...others]: ClosureRun<C>): LocalDay {
  return (others.at(-1) ?? first).day;
}

import { z } from 'zod';
import { daysFrom } from '../domain/days.ts';
import { MOST_REPORTED_DAYS } from '../domain/report.ts';
import { day, problem } from './fields.ts';

/** The days of a file, the first and the last included. */
export const rangeForm = z.object({ from: day, to: day }).superRefine(({ from, to }, context) => {
  if (to < from) context.addIssue({ code: 'custom', path: ['to'], ...problem('window_reversed') });
  else if (daysFrom(from, to) >= MOST_REPORTED_DAYS)
    context.addIssue({ code: 'custom', path: ['to'], ...problem('too_many_days', MOST_REPORTED_DAYS) });
});

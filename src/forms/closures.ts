import { z } from 'zod';
import { MOST_CLOSED_DAYS } from '../domain/closure.ts';
import { daysFrom } from '../domain/days.ts';
import { day, id, maybe, paragraph, problem, wallTime } from './fields.ts';

/**
 * A day that is closed, a break in it (`break`), or the day's own hours (`special`); each day until `until`, where that is
 * given. `scope` is the id of a location or of a service.
 */
export const closureForm = z
  .object({
    scope: id,
    hours: z.enum(['day', 'break', 'special']),
    day,
    until: maybe(day),
    opens: maybe(wallTime),
    closes: maybe(wallTime),
    reason: paragraph(200).default(''),
  })
  .superRefine((closure, context) => {
    const { hours, day, until, opens, closes } = closure;
    if (until !== null && until < day)
      context.addIssue({ code: 'custom', path: ['until'], ...problem('window_reversed') });
    else if (until !== null && daysFrom(day, until) >= MOST_CLOSED_DAYS)
      context.addIssue({ code: 'custom', path: ['until'], ...problem('too_many_days', MOST_CLOSED_DAYS) });
    if (hours !== 'day') checkTimes(closure, context);
    // Somebody who gave times hardly means the whole day.
    else if (opens !== null || closes !== null) {
      context.addIssue({ code: 'custom', path: ['hours'], ...problem('times_unused') });
    }
  });

type Times = { opens: string | null; closes: string | null };

function checkTimes({ opens, closes }: Times, context: z.RefinementCtx): void {
  if (opens === null) context.addIssue({ code: 'custom', path: ['opens'], ...problem('required') });
  if (closes === null) context.addIssue({ code: 'custom', path: ['closes'], ...problem('required') });
  if (opens !== null && closes !== null && opens >= closes) {
    context.addIssue({ code: 'custom', path: ['closes'], ...problem('window_reversed') });
  }
}

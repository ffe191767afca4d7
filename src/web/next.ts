import { NOWHERE } from '../../views/next.ts';
import type { C } from './env.ts';
import { splitDone } from './notice.ts';
import { isOurOrigin } from './security.ts';

/** Only a path of our own: anything else would send people to somebody else's site. */
export function safeNext(next: unknown): string {
  // What a link says was done was not.
  return typeof next === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(next)
    ? splitDone(next).address
    : NOWHERE;
}

/** The page of ours that a form stands on, as the browser tells it. */
export function formPage(c: C): string {
  const from = c.req.header('referer') ?? c.req.header('hx-current-url') ?? '';
  if (!URL.canParse(from)) return NOWHERE;
  const { origin, pathname, search } = new URL(from);
  return isOurOrigin(c, origin) ? safeNext(pathname + search) : NOWHERE;
}

/** The page to pick a time on, at the time that was chosen in a form. */
export function atChosen(page: string, { day, timeSlot }: Record<string, unknown>): string {
  const query = new URLSearchParams();
  if (typeof day === 'string') query.set('date', day);
  if (typeof timeSlot === 'string') query.set('time_slot', timeSlot);
  return `${page}?${query}`;
}

import { createHash } from 'node:crypto';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { C } from './env.ts';

/** A page that was not opened by then tells nothing. */
const KEEP_SECONDS = 60;
/** A code of the page's own list, perhaps with a number, a day or an id: `moved`, `start-A12`. */
const WORD = /^[A-Za-z0-9-]{1,80}$/;
const MOST_WORDS = 4;

/** A path without the `done` of its query, and what that said. */
export function splitDone(path: string): { address: string; done: string[] } {
  const [pathname = '', search] = path.split('?', 2);
  const query = new URLSearchParams(search);
  const done = query.getAll('done');
  if (done.length === 0) return { address: path, done };
  query.delete('done');
  return { address: query.size > 0 ? `${pathname}?${query}` : pathname, done };
}

/**
 * Carries what a form did to the page that it leads to. Each page has a cookie of its own, so that no other tells it, or
 * takes it away: the path of a cookie also counts for every path below.
 */
export function doneCookie(path: string): string {
  return `now-serving.done.${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
}

/** Leaves for one page what was done. */
export function leaveDone(c: C, address: string, done: readonly string[]): void {
  if (done.length === 0) return;
  const path = address.split('?', 1)[0] ?? '/';
  setCookie(c, doneCookie(path), done.join('.'), {
    path,
    maxAge: KEEP_SECONDS,
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.get('parts').config.baseUrl.startsWith('https:'),
  });
}

/** Takes what was left for this page. Nobody signed it: a page only knows the words of its own list. */
export function takeDone(c: C): string[] {
  const { path } = c.req;
  const left = getCookie(c, doneCookie(path));
  if (left === undefined) return [];
  deleteCookie(c, doneCookie(path), { path });
  return left.split('.', MOST_WORDS).filter((word) => WORD.test(word));
}

/** A word's code and what follows it: `added-<id>`. */
export function doneThing([word = '']: readonly string[]): { code: string; thing: string } {
  const at = word.indexOf('-');
  return at < 0 ? { code: word, thing: '' } : { code: word.slice(0, at), thing: word.slice(at + 1) };
}

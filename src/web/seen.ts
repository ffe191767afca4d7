import { setCookie } from 'hono/cookie';
import type { Mark } from '../db/changes.ts';
import type { C } from './env.ts';
import { SAFE } from './security.ts';

/**
 * Names the last change that somebody made or was told of. Another instance may hear of it some milliseconds later, and
 * whoever comes to it with this waits for that. A live screen sets it too (live.js), as it is told of a change.
 */
const SEEN_COOKIE = 'now-serving.seen';
/** By then everybody has heard. */
const KEEP_SECONDS = 5;

const SEEN = new RegExp(`(?:^|; )${SEEN_COOKIE.replace('.', '\\.')}=([\\w.-]{1,40})`);

/** What a client knows of that this instance may not know yet. */
export function seenBy(c: C): Mark | undefined {
  return SEEN.exec(c.req.header('cookie') ?? '')?.[1];
}

/** Lets whoever just changed something see it, whichever instance they are shown it by. */
export function leaveMark(c: C): void {
  // Nobody has kept anything of a session that has just begun.
  if (SAFE.has(c.req.method) || c.req.path.startsWith('/api/auth/')) return;
  const { store, config } = c.get('parts');
  if (store.mark === undefined) return;
  setCookie(c, SEEN_COOKIE, store.mark, {
    path: '/',
    maxAge: KEEP_SECONDS,
    sameSite: 'Lax',
    secure: config.baseUrl.startsWith('https:'),
  });
}

import { hash } from 'node:crypto';

/** A short name for the state that a screen shows: the same as long as the screen would be. */
export function tagOf(...state: (string | number)[]): string {
  return hash('sha1', state.join(' '), 'base64url').slice(0, 16);
}

/** Where somebody is sent who was on the way to nowhere in particular. */
export const NOWHERE = '/';

/** An address on the way to `next`, which it leads to in the end. */
export function withNext(address: string, next: string): string {
  if (next === NOWHERE) return address;
  return `${address}${address.includes('?') ? '&' : '?'}next=${encodeURIComponent(next)}`;
}

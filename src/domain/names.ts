/** Without case and accents, as somebody types what they hear. */
export function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** The order of names in lists, whatever the database: `apostille` before `Zoning`, `Desk 2` before `Desk 10`. */
export const { compare: compareNames } = new Intl.Collator('en', { numeric: true });

/** The same for what has a name. */
export function byName(a: { name: string }, b: { name: string }): number {
  return compareNames(a.name, b.name);
}

/** Whether one of these has that name already, as people hear it. */
export function isTaken(name: string, others: readonly { name: string }[]): boolean {
  return others.some((other) => folded(other.name) === folded(name));
}

/** Each keyboard has another one. They go before the folding, which makes a space of some. */
const APOSTROPHES = /['`´‘’‛ʹʻʼʽˈ′＇]/g;
const HYPHENS = /[\p{Pd}−]/gu;

/** The words of a name as they are heard: nobody hears an apostrophe or a hyphen. */
function wordsOf(name: string): string[] {
  const heard = folded(name.replaceAll(APOSTROPHES, '')).replaceAll(HYPHENS, '');
  return heard.split(/\s+/).filter((word) => word !== '');
}

/** Whether a name has each word that somebody typed, in any order, whole or a part of it. */
export function hasWords(name: string, typed: string): boolean {
  // Whether two names are one word is not heard either: whoever types a hyphen means both.
  const sought = wordsOf(typed.replaceAll(HYPHENS, ' '));
  const words = wordsOf(name);
  return sought.length > 0 && sought.every((part) => words.some((word) => word.includes(part)));
}

/**
 * Whether what somebody typed is a name's end: the last name, however many words it has, or the whole, perhaps with the
 * last name first. Never a part of a word. How they part its words does not matter.
 */
export function endsInName(name: string, typed: string): boolean {
  const sought = wordsOf(typed).join('');
  const words = wordsOf(name);
  return words.some((_, first) => {
    const end = words.slice(first).join('');
    return sought === end || sought === end + words.slice(0, first).join('');
  });
}

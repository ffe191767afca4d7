/** Without case and accents, as somebody types what they hear. */
export function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Whether one of these has that name already, as people hear it. */
export function isTaken(name: string, others: readonly { name: string }[]): boolean {
  return others.some((other) => folded(other.name) === folded(name));
}

/** Whether what somebody typed is a name's end: the last name, however many words it has, or the whole. */
export function endsInName(name: string, typed: string): boolean {
  const words = (text: string) => folded(text).trim().replaceAll(/\s+/g, ' ');
  const sought = words(typed);
  return sought !== '' && ` ${words(name)}`.endsWith(` ${sought}`);
}

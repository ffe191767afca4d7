/** One measured thing beside its aim. */
export interface Row {
  what: string;
  /** Undefined when it could not be measured; `note` then says why. */
  value: number | undefined;
  show: (value: number) => string;
  /** Without it a row only informs. */
  goal?: { aim: number; limit: number; better: 'higher' | 'lower' };
  /** The figures behind it. */
  note: string;
  /** It failed whatever its value is: the note says why. */
  broken?: boolean;
}

export const percent = (value: number) => `${Math.round(value * 100)} %`;
export const times = (value: number) => `${value.toFixed(2)}×`;
export const microseconds = (value: number) => `${Math.round(value)} µs`;
export const kilobytes = (value: number) => `${(value / 1000).toFixed(1)} kB`;
export const seconds = (value: number) => `${value.toFixed(2)} s`;
export const count = (value: number) => String(value);

export const atLeast = (aim: number, limit: number) => ({ aim, limit, better: 'higher' as const });
export const atMost = (aim: number, limit: number) => ({ aim, limit, better: 'lower' as const });

export type Mark = 'aim met' | 'acceptable' | 'MISSED' | 'not measured' | '';

export function markOf({ value, goal, broken }: Row): Mark {
  if (broken) return 'MISSED';
  if (value === undefined) return 'not measured';
  if (!goal) return '';
  const reaches = (bound: number) => (goal.better === 'higher' ? value >= bound : value <= bound);
  if (reaches(goal.aim)) return 'aim met';
  return reaches(goal.limit) ? 'acceptable' : 'MISSED';
}

/** The rows as a Markdown table that also reads well in a terminal. */
export function goalTable(rows: readonly Row[]): string {
  return table(
    ['what', 'measured', 'aim', 'limit', 'mark', 'figures'],
    rows.map((row) => [
      row.what,
      row.value === undefined ? '–' : row.show(row.value),
      row.goal ? row.show(row.goal.aim) : '',
      row.goal ? row.show(row.goal.limit) : '',
      markOf(row),
      row.note,
    ]),
  );
}

export function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...body].map((cells) => (cells[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

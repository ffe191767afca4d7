import type { C } from './env.ts';

export type Cell = string | number | null;

/** A spreadsheet takes what begins so for a formula, and may run it. */
const FORMULA = /^[=+\-@\t\r]/;

/** Rows as RFC 4180 has them. A text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Answers with a file to keep. Without the mark at its start, Excel would take UTF-8 for something else. */
export function sendCsv(c: C, name: string, rows: readonly (readonly Cell[])[]): Response {
  c.header('Content-Type', 'text/csv; charset=utf-8');
  c.header('Content-Disposition', `attachment; filename="${name}"`);
  c.header('Cache-Control', 'private, no-store');
  return c.body(`\uFEFF${csvOf(rows)}`);
}

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

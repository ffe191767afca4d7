import { raw } from 'hono/html';
import { expect, test } from 'vitest';
import type { Panel } from '../../../src/domain/panel.ts';
import type { QueueEntry } from '../../../src/domain/ticket.ts';
import { KeptRows, lineRows } from '../../../views/desk/rows.ts';
import type { DeskView } from '../../../views/desk/view.ts';
import { createFormat } from '../../../views/format.ts';
import { en } from '../../../views/text/en.ts';

const NOON = new Date('2026-03-02T12:00:00Z');

function ticket(number: string, change: Partial<QueueEntry> = {}): QueueEntry {
  const blank = { reservationId: null, deskId: null, placedBy: null, reason: null, needs: '', note: '' };
  const times = { arrivedAt: NOON, dueAt: NOON, effectiveAt: NOON };
  return { ...blank, ...times, id: number, number, version: 1, status: 'waiting', ...change } as QueueEntry;
}

/** A desk's screen of a line, with the rows that all desks share. */
function viewOf(waiting: QueueEntry[], change: Partial<DeskView> = {}, kept = waiting): DeskView {
  const panelOf = (tickets: QueueEntry[]) => {
    const line = { serving: [], called: [], parked: [], waiting: tickets };
    return { line, next: tickets[0], slots: new Map() } as unknown as Panel;
  };
  const ui = {
    text: en,
    format: createFormat(en.locale),
    now: NOON,
    embed: (html: unknown) => raw(`<i>${html}</i>`),
  };
  const scope = { key: 'desk', services: [], serviceNames: new Map(), deskNames: new Map() };
  const view = { ui, scope, panel: panelOf(waiting), paused: false, ...change };
  return { ...view, rows: new KeptRows({ ...view, panel: panelOf(kept) } as never) } as unknown as DeskView;
}

/** The numbers of a screen's rows, those that it shares in brackets. */
function numbersOf(view: DeskView): string {
  return lineRows(view)
    .map(String)
    .join(' ')
    .replaceAll('<i>', '[')
    .replaceAll('</i>', ']')
    .replaceAll(/<tr id="t-(\w+)".*?<\/tr>/g, '$1');
}

const LINE = ['A1', 'A2', 'A3', 'A4'].map((number) => ticket(number));

test('all screens share the rows behind the next, and behind who was acted on', () => {
  expect(numbersOf(viewOf(LINE))).toBe('A1 [A2A3A4]');
  expect(numbersOf(viewOf(LINE, { touched: 'A3' }))).toBe('A1 A2 A3 [A4]');
  expect(numbersOf(viewOf(LINE, { touched: 'A4' }))).toBe('A1 A2 A3 A4');
  expect(numbersOf(viewOf([]))).toBe('');
});

test('rows are only shared while they are of the same tickets, each at the same version', () => {
  const [first, second, third, fourth] = LINE as [QueueEntry, QueueEntry, QueueEntry, QueueEntry];
  const changed = { ...third, version: 2 };
  expect(numbersOf(viewOf(LINE, {}, [first, second, changed, fourth]))).toBe('A1 A2 A3 A4');
  expect(numbersOf(viewOf(LINE, {}, [first, third, second, fourth]))).toBe('A1 A2 A3 A4');
  expect(numbersOf(viewOf(LINE, {}, [second, third]))).toBe('A1 A2 A3 A4');
  expect(numbersOf(viewOf(LINE, {}, [third, second, third, fourth]))).toBe('A1 [A2A3A4]');
});

test('what is shared is one piece for everybody', () => {
  const { rows } = viewOf(LINE);
  expect(rows.rest(LINE.slice(1))).toBe(rows.rest(LINE.slice(1)));
  expect(rows.rest([])).toBeUndefined();
});

import { raw } from 'hono/html';
import { describe, expect, test } from 'vitest';
import { addMinutes } from '../../../src/domain/clock.ts';
import { delayed, dueTimes } from '../../../src/domain/order.ts';
import type { Panel } from '../../../src/domain/panel.ts';
import type { QueueEntry } from '../../../src/domain/ticket.ts';
import { KeptRows, lineRows, reason } from '../../../views/desk/rows.ts';
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
    format: createFormat(en.locale)(NOON),
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

describe('why somebody with a reservation stands there', () => {
  const RULES = { graceMinutes: 10, creditMinutes: 10, priorityMinutes: 20 };

  /** What a row says of who booked noon and came so many minutes later; `slot` is unknown of who was sent from elsewhere. */
  function saidOf(minutes: number, change: Partial<QueueEntry> = {}, slot: Date | null = NOON): string {
    const arrivedAt = addMinutes(NOON, minutes);
    const times = { arrivedAt, ...dueTimes(arrivedAt, NOON, 0, RULES) };
    const entry = ticket('A1', { reservationId: 'r', serviceId: 's', ...times, ...change });
    const view = viewOf([entry]);
    const scope = { ...view.scope, timeZone: 'UTC', services: [{ id: 's', checkIn: 'required' }] as never };
    return reason({ ...view, scope, panel: { ...view.panel, slots: new Map(slot && [['r', slot]]) } }, entry);
  }

  test('they came late only after the grace period', () => {
    expect(saidOf(-15)).toBe('Reservation 12:00, on time');
    expect(saidOf(5)).toBe('Reservation 12:00, on time');
    expect(saidOf(15)).toBe('Reservation 12:00, late, arrived 12:15');
  });

  test('nobody comes late by being sent to another service', () => {
    for (const minutes of [-15, 5]) expect(saidOf(minutes, {}, null)).toBe('Reservation 12:00, on time');
    expect(saidOf(15, {}, null)).toBe('Reservation, late, arrived 12:15');
  });

  test('nor by asking for time, which makes nobody punctual either', () => {
    const more = (minutes: number) => {
      const arrivedAt = addMinutes(NOON, minutes);
      const times = { id: 'A1', ...dueTimes(arrivedAt, NOON, 0, RULES) };
      return { ...delayed(times, 10, arrivedAt), placedBy: 'delay' as const };
    };
    expect(saidOf(-15, more(-15))).toBe('Reservation 12:00, arrived 11:45; asked for time');
    expect(saidOf(15, more(15))).toBe('Reservation 12:00, arrived 12:15; asked for time');
    expect(saidOf(5, more(5), null)).toBe('Reservation, arrived 12:05; asked for time');
  });
});

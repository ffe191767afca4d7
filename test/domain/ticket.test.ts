import { describe, expect, test } from 'vitest';
import { addMinutes } from '../../src/domain/clock.ts';
import {
  ENTRY_STATUSES,
  type EntryStatus,
  OPEN_STATUSES,
  outcomeOf,
  TRANSITIONS,
  ticketNumber,
  VERBS,
  type Verb,
  type VerbOutcome,
  verbsFor,
  withinReinstateGrace,
} from '../../src/domain/ticket.ts';

/** What each verb does from each state, written out: go, done already, or no. */
const TABLE: Record<Verb, Record<EntryStatus, 'go' | 'done' | '-'>> = {
  call: {
    waiting: 'go',
    called: 'done',
    in_service: '-',
    parked: 'go',
    completed: '-',
    skipped: '-',
    left: '-',
  },
  recall: {
    waiting: '-',
    called: 'go',
    in_service: '-',
    parked: '-',
    completed: '-',
    skipped: '-',
    left: '-',
  },
  start: {
    waiting: '-',
    called: 'go',
    in_service: 'done',
    parked: 'go',
    completed: '-',
    skipped: '-',
    left: '-',
  },
  complete: {
    waiting: '-',
    called: '-',
    in_service: 'go',
    parked: 'go',
    completed: 'done',
    skipped: '-',
    left: '-',
  },
  skip: {
    waiting: 'go',
    called: 'go',
    in_service: 'go',
    parked: 'go',
    completed: '-',
    skipped: 'done',
    left: '-',
  },
  requeue: {
    waiting: 'done',
    called: 'go',
    in_service: 'go',
    parked: '-',
    completed: '-',
    skipped: '-',
    left: '-',
  },
  park: {
    waiting: '-',
    called: '-',
    in_service: 'go',
    parked: 'done',
    completed: '-',
    skipped: '-',
    left: '-',
  },
  reinstate: {
    waiting: 'done',
    called: '-',
    in_service: '-',
    parked: '-',
    completed: '-',
    skipped: 'go',
    left: '-',
  },
  leave: {
    waiting: 'go',
    called: 'go',
    in_service: '-',
    parked: 'go',
    completed: '-',
    skipped: '-',
    left: 'done',
  },
};
const OUTCOMES: Record<'go' | 'done' | '-', VerbOutcome> = { go: 'go', done: 'done_already', '-': 'refused' };

describe.each(VERBS)('%s', (verb) => {
  test.each(ENTRY_STATUSES)('from %s', (status) => {
    expect(outcomeOf(verb, status)).toBe(OUTCOMES[TABLE[verb][status]]);
  });

  test('leads to a state that there is', () => {
    expect(ENTRY_STATUSES).toContain(TRANSITIONS[verb].to);
  });
});

const NOON = new Date('2026-03-02T11:00:00Z');
const SERVICE = { graceMinutes: 10 };

test('a skipped ticket comes back within the grace, to the minute', () => {
  const entry = { endedAt: NOON };
  expect(withinReinstateGrace(entry, SERVICE, addMinutes(NOON, 10))).toBe(true);
  expect(withinReinstateGrace(entry, SERVICE, addMinutes(NOON, 10.001))).toBe(false);
  expect(withinReinstateGrace({ endedAt: null }, SERVICE, NOON)).toBe(false);
});

test('a screen offers what would go, and nothing else', () => {
  expect(verbsFor({ status: 'waiting', endedAt: null }, SERVICE, NOON)).toEqual(['call', 'skip', 'leave']);
  expect(verbsFor({ status: 'called', endedAt: null }, SERVICE, NOON)).toEqual([
    'recall',
    'start',
    'skip',
    'requeue',
    'leave',
  ]);
  expect(verbsFor({ status: 'skipped', endedAt: NOON }, SERVICE, NOON)).toEqual(['reinstate']);
  expect(verbsFor({ status: 'skipped', endedAt: addMinutes(NOON, -11) }, SERVICE, NOON)).toEqual([]);
  expect(verbsFor({ status: 'completed', endedAt: NOON }, SERVICE, NOON)).toEqual([]);
});

test('open is what can still end', () => {
  for (const status of ENTRY_STATUSES) {
    const ends = VERBS.some((verb) => verb !== 'reinstate' && TABLE[verb][status] === 'go');
    expect((OPEN_STATUSES as readonly string[]).includes(status), status).toBe(ends);
  }
});

test('a number is the letter and the position', () => {
  expect(ticketNumber('A', 12)).toBe('A12');
});

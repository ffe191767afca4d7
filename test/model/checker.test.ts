import { expect, test } from 'vitest';
import { type Fact, type History, problemsOf, type Ticket } from './checker.ts';

const START = Date.parse('2026-03-02T08:00:00Z');
const at = (seconds: number) => new Date(START + seconds * 1_000);

type Step = Partial<Fact> & { verb: string; ticket?: number; to: Record<string, unknown> };

/** A day told step by step: what each left of its ticket is what the next one found. */
function dayOf(steps: readonly Step[]): History {
  const tickets: Ticket[] = [];
  const facts = steps.map(({ ticket, to, ...fact }, index): Fact => {
    const known = ticket === undefined ? undefined : tickets[ticket];
    const before = known ? { ...known } : null;
    const after: Ticket = {
      ...(known ?? newTicket(tickets.length)),
      ...to,
      version: (known?.version ?? 0) + 1,
    };
    tickets[ticket ?? tickets.length] = after;
    return {
      id: String(index).padStart(4, '0'),
      at: at(index * 10),
      actorId: 'sam',
      via: null,
      serviceId: after.serviceId,
      entryId: after.id,
      fromStatus: (before?.status as string) ?? null,
      toStatus: after.status as string,
      data: null,
      actionId: String(index),
      before,
      undoneAt: null,
      ...fact,
    };
  });
  return {
    tickets,
    facts,
    desks: new Map([['d1', ['a', 'b']]]),
    earlyCall: new Map([
      ['a', null],
      ['b', 15],
    ]),
  };
}

function newTicket(index: number): Ticket {
  const due = at(-600 + index);
  return {
    id: `t${index}`,
    serviceId: 'a',
    originServiceId: 'a',
    localDay: '2026-03-02',
    position: index + 1,
    number: `A${index + 1}`,
    reservationId: null,
    version: 0,
    status: 'waiting',
    deskId: null,
    dueAt: due,
    effectiveAt: due,
    calledAt: null,
    startedAt: null,
    endedAt: null,
    parkedAt: null,
    awayUntil: null,
    delays: 0,
    placedBy: null,
    reason: null,
    note: '',
    needs: '',
  };
}

const take = (to: Record<string, unknown> = {}): Step => ({ verb: 'walk-in', to });
const does = (verb: string, ticket: number, to: Record<string, unknown>, fact: Partial<Fact> = {}): Step => ({
  verb,
  ticket,
  to,
  ...fact,
});
const start = (ticket: number) => does('advance', ticket, { status: 'in_service', deskId: 'd1' });
const called = { status: 'called', calledAt: at(10) };
const waiting = { status: 'waiting', calledAt: null };

test.each<[string, Step[]]>([
  ['one after the other', [take(), take(), start(0), does('complete', 0, { status: 'completed' }), start(1)]],
  ['undone in time', [take(), does('call', 0, called, { undoneAt: at(20) }), does('undo', 0, waiting)]],
  ['priority first', [take(), take({ effectiveAt: at(-1_200) }), start(1)]],
  ['whom the desk called first', [take(), take(), does('call', 1, { ...called, deskId: 'd1' }), start(1)]],
  ['an early one', [take({ dueAt: at(9_000), effectiveAt: at(9_000) }), start(0)]],
  ['a walk-in taken back', [{ ...take(), undoneAt: at(10) }, does('undo', 0, { status: 'left' })]],
])('finds nothing wrong with %s', (_, steps) => {
  expect(problemsOf(dayOf(steps))).toEqual([]);
});

test.each<[string, Step[], RegExp]>([
  ['a number twice', [take(), take({ position: 1 })], /numbers of a/],
  ['a number left out', [take(), take({ position: 3 })], /numbers of a/],
  [
    'two tickets of a reservation',
    [take({ reservationId: 'r' }), take({ reservationId: 'r' })],
    /two tickets/,
  ],
  [
    'a step that there is not',
    [take(), does('complete', 0, { status: 'completed' })],
    /complete from waiting/,
  ],
  ['a verb that there is not', [take(), does('vanish', 0, { status: 'left' })], /vanish from waiting/],
  [
    'a place changed by a call',
    [take(), does('call', 0, { ...called, effectiveAt: at(0) })],
    /changed effectiveAt/,
  ],
  ['a line changed by a call', [take(), does('call', 0, { ...called, serviceId: 'b' })], /changed serviceId/],
  ['a third delay', [take(), does('delay', 0, { delays: 3 })], /more than two delays/],
  ['somebody passed over', [take(), take(), start(1)], /A2 .*started before A1/],
  ['somebody passed over in another line', [take({ serviceId: 'b' }), take(), start(1)], /started before A1/],
  [
    'somebody early before somebody due',
    [take(), take({ dueAt: at(9_000), effectiveAt: at(-9_000) }), start(1)],
    /started before A1/,
  ],
  ['somebody too early', [take({ serviceId: 'b', dueAt: at(9_000) }), start(0)], /started before undefined/],
  ['somebody away', [take({ dueAt: at(500), awayUntil: at(500) }), start(0)], /started before undefined/],
  ['two served at a desk', [take(), take(), start(0), start(1)], /second one served/],
  [
    'a paused desk that takes somebody',
    [take(), { verb: 'pause-desk', ticket: 0, to: {}, data: { deskId: 'd1' } }, start(0)],
    /paused desk/,
  ],
  [
    'a ticket after the last one',
    [take(), { verb: 'close-intake', ticket: 0, to: {}, serviceId: 'a' }, take()],
    /after the last ticket/,
  ],
  [
    'undoing that restores too little',
    [take(), does('call', 0, called, { undoneAt: at(20) }), does('undo', 0, { status: 'waiting' })],
    /left calledAt/,
  ],
  [
    'undoing by another',
    [take(), does('call', 0, called, { undoneAt: at(20) }), does('undo', 0, waiting, { actorId: 'ada' })],
    /somebody else/,
  ],
  [
    'undoing too late',
    [take(), does('call', 0, called, { undoneAt: at(60) }), does('undo', 0, waiting, { at: at(60) })],
    /too late/,
  ],
  ['undoing that is not marked', [take(), does('call', 0, called), does('undo', 0, waiting)], /not marked/],
  ['a mark without undoing', [take(), does('call', 0, called, { undoneAt: at(20) })], /is not/],
  [
    'undoing of undoing',
    [
      take(),
      does('call', 0, called, { undoneAt: at(20) }),
      does('undo', 0, waiting),
      does('undo', 0, waiting),
    ],
    /undo of nothing/,
  ],
])('finds %s', (_, steps, problem) => {
  expect(problemsOf(dayOf(steps)).join('\n')).toMatch(problem);
});

test('finds a ticket that is lost, one that is made up, and a fact that is missing', () => {
  const day = dayOf([take(), take(), does('call', 0, called)]);
  expect(problemsOf({ ...day, tickets: day.tickets.slice(0, 1) }).join()).toMatch(/t1 is lost/);
  expect(problemsOf({ ...day, facts: day.facts.slice(1) }).join()).toMatch(/A1: version 2 after 1/);
  expect(problemsOf({ ...day, facts: day.facts.slice(0, 2) }).join()).toMatch(/version 2 after 1/);
  const twice = { ...(day.facts[2] as Fact), id: '9999' };
  expect(problemsOf({ ...day, facts: [...day.facts, twice] }).join()).toMatch(
    /call from waiting, was waiting|call at version 1 of 2/,
  );
});

import { expect, test } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import { parse } from '../../src/forms/parse.ts';
import { bookForm, rescheduleForm } from '../../src/forms/reservations.ts';
import { expectProblems, problemsOf } from '../support/forms.ts';

const serviceId = newId();

test.each([
  ['2026-03-02T10:00:00Z', '2026-03-02T10:00:00.000Z'],
  ['2026-03-02T10:00:00.000Z', '2026-03-02T10:00:00.000Z'],
  ['2026-03-02T10:00:00+01:00', '2026-03-02T09:00:00.000Z'],
  ['2026-03-02T10:00:00-03:30', '2026-03-02T13:30:00.000Z'],
])('bookForm takes %s', (text, instant) => {
  expect(parse(bookForm, { serviceId, timeSlot: text })).toEqual({ serviceId, timeSlot: new Date(instant) });
});

test('bookForm says what is wrong with each field', () => {
  expectProblems(bookForm, { serviceId, timeSlot: '2026-03-02T10:00:00Z' }, [
    [{ serviceId: '' }, 'serviceId', 'required'],
    [{ serviceId: undefined }, 'serviceId', 'required'],
    [{ serviceId: 'passports' }, 'serviceId', 'invalid'],
    [{ serviceId: 5 }, 'serviceId', 'invalid'],
    [{ timeSlot: '' }, 'timeSlot', 'required'],
    [{ timeSlot: undefined }, 'timeSlot', 'required'],
    [{ timeSlot: 'tomorrow' }, 'timeSlot', 'time'],
    [{ timeSlot: '2026-03-02' }, 'timeSlot', 'time'],
    [{ timeSlot: '2026-03-02T10:00:00' }, 'timeSlot', 'time'],
    [{ timeSlot: '2026-02-30T10:00:00Z' }, 'timeSlot', 'time'],
    [{ timeSlot: '2026-03-02T25:00:00Z' }, 'timeSlot', 'time'],
    [{ timeSlot: 1_772_445_600_000 }, 'timeSlot', 'invalid'],
  ]);
});

test('rescheduleForm wants a time', () => {
  expectProblems(rescheduleForm, { timeSlot: '2026-03-02T10:00:00Z' }, [
    [{ timeSlot: 'x' }, 'timeSlot', 'time'],
  ]);
});

test('what is no form at all is refused as a whole', () => {
  for (const input of [null, 'x', 7, [], undefined])
    expect(Object.keys(problemsOf(bookForm, input)), JSON.stringify(input)).toEqual(['']);
});

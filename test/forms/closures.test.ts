import { describe, expect, test } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import { closureForm } from '../../src/forms/closures.ts';
import { parse } from '../../src/forms/parse.ts';
import { expectProblems, problemsOf } from '../support/forms.ts';

describe('closureForm', () => {
  const closed = { day: '2026-12-24', scope: newId(), hours: 'day' };

  test('is a whole day, a break or special hours', () => {
    expect(parse(closureForm, { ...closed, opens: '', closes: '', reason: ' Christmas ' })).toEqual({
      ...closed,
      until: null,
      opens: null,
      closes: null,
      reason: 'Christmas',
    });
    for (const until of [closed.day, '2027-01-02', '2027-03-25'])
      expect(parse(closureForm, { ...closed, until })).toMatchObject({ day: closed.day, until });
    for (const hours of ['break', 'special'])
      expect(parse(closureForm, { ...closed, hours, opens: '12:00', closes: '24:00' })).toMatchObject({
        hours,
        opens: '12:00',
        closes: '24:00',
      });
  });

  test('says what is wrong with each field', () => {
    expectProblems(closureForm, closed, [
      [{ day: '' }, 'day', 'required'],
      [{ day: '2026-02-30' }, 'day', 'day'],
      [{ day: '24.12.2026' }, 'day', 'day'],
      [{ hours: 'holiday' }, 'hours', 'invalid'],
      [{ hours: undefined }, 'hours', 'required'],
      [{ scope: 'x' }, 'scope', 'invalid'],
      [{ opens: '12:00' }, 'hours', 'times_unused'],
      [{ until: 'January' }, 'until', 'day'],
      [{ until: '2026-12-23' }, 'until', 'window_reversed'],
      [{ until: '2027-03-26' }, 'until', 'too_many_days'],
      [{ reason: 'x'.repeat(201) }, 'reason', 'too_long'],
    ]);
    expectProblems(closureForm, { ...closed, hours: 'break', opens: '12:00', closes: '13:00' }, [
      [{ closes: '' }, 'closes', 'required'],
      [{ opens: '' }, 'opens', 'required'],
      [{ opens: 'noon' }, 'opens', 'time'],
      [{ closes: '12:00' }, 'closes', 'window_reversed'],
    ]);
    expect(Object.keys(problemsOf(closureForm, { ...closed, hours: 'special' }))).toEqual([
      'opens',
      'closes',
    ]);
  });
});

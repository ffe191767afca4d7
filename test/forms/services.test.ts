import { describe, expect, test } from 'vitest';
import { parse } from '../../src/forms/parse.ts';
import {
  createServiceForm,
  OFFICE_HOURS,
  openingRules,
  updateServiceForm,
} from '../../src/forms/services.ts';
import { type Case, expectProblems, problemsOf } from '../support/forms.ts';

const good = { name: 'Passports', durationMinutes: 30 };

const SHARED: readonly Case[] = [
  [{ name: '' }, 'name', 'required'],
  [{ name: 'x'.repeat(101) }, 'name', 'too_long'],
  [{ description: 'x'.repeat(2_001) }, 'description', 'too_long'],
  [{ description: 'a\u0000' }, 'description', 'invalid'],
  [{ prefix: 'ABC' }, 'prefix', 'letters'],
  [{ prefix: '1' }, 'prefix', 'letters'],
  [{ durationMinutes: '' }, 'durationMinutes', 'required'],
  [{ durationMinutes: 0 }, 'durationMinutes', 'too_small'],
  [{ durationMinutes: 1_441 }, 'durationMinutes', 'too_big'],
  [{ durationMinutes: 'half an hour' }, 'durationMinutes', 'whole'],
  [{ durationMinutes: '30.5' }, 'durationMinutes', 'whole'],
  [{ durationMinutes: true }, 'durationMinutes', 'whole'],
  [{ bufferMinutes: -1 }, 'bufferMinutes', 'too_small'],
  [{ capacity: 0 }, 'capacity', 'too_small'],
  [{ capacity: '1001' }, 'capacity', 'too_big'],
  [{ stepMinutes: 0 }, 'stepMinutes', 'too_small'],
  [{ leadMinutes: -1 }, 'leadMinutes', 'too_small'],
  [{ horizonDays: 731 }, 'horizonDays', 'too_big'],
  [{ cancelMinutes: -1 }, 'cancelMinutes', 'too_small'],
  [{ graceMinutes: 241 }, 'graceMinutes', 'too_big'],
  [{ creditMinutes: 241 }, 'creditMinutes', 'too_big'],
  [{ priorityMinutes: 241 }, 'priorityMinutes', 'too_big'],
  [{ earlyCallMinutes: -1 }, 'earlyCallMinutes', 'too_small'],
  [{ checkInBeforeMinutes: 1_441 }, 'checkInBeforeMinutes', 'too_big'],
  [{ checkInAfterMinutes: -1 }, 'checkInAfterMinutes', 'too_small'],
  [{ checkIn: 'sometimes' }, 'checkIn', 'invalid'],
  [{ walkIns: 'maybe' }, 'walkIns', 'invalid'],
  [{ phoneJoin: 'maybe' }, 'phoneJoin', 'invalid'],
  [{ joinLimit: 0 }, 'joinLimit', 'too_small'],
  [{ joinUntil: '9 pm' }, 'joinUntil', 'time'],
  [{ openingRules: 'always' }, 'openingRules', 'invalid'],
];

describe('createServiceForm', () => {
  test('fills in what is left out', () => {
    expect(parse(createServiceForm, good)).toEqual({
      name: 'Passports',
      description: '',
      whatToBring: '',
      durationMinutes: 30,
      bufferMinutes: 0,
      capacity: 1,
      stepMinutes: null,
      leadMinutes: 0,
      horizonDays: 60,
      cancelMinutes: 0,
      graceMinutes: 10,
      creditMinutes: 10,
      priorityMinutes: 10,
      checkInBeforeMinutes: 60,
      checkInAfterMinutes: 60,
      checkIn: 'required',
      walkIns: true,
      phoneJoin: false,
      joinLimit: null,
      joinUntil: null,
      askName: true,
      askPhone: false,
      openingRules: OFFICE_HOURS,
    });
  });

  test('takes what a page sends', () => {
    const page = {
      ...good,
      description: 'a\r\nb',
      prefix: ' b ',
      durationMinutes: ' 45 ',
      stepMinutes: '',
      earlyCallMinutes: '',
      walkIns: 'on',
    };
    expect(parse(createServiceForm, page)).toMatchObject({
      description: 'a\nb',
      prefix: 'B',
      durationMinutes: 45,
      stepMinutes: null,
      earlyCallMinutes: null,
      walkIns: true,
    });
    expect(parse(createServiceForm, { ...good, walkIns: '' }).walkIns).toBe(false);
    expect(parse(createServiceForm, { ...good, prefix: '' }).prefix).toBeUndefined();
  });

  test('says what is wrong with each field', () => {
    expectProblems(createServiceForm, good, [
      ...SHARED,
      [{ name: undefined }, 'name', 'required'],
      [{ durationMinutes: undefined }, 'durationMinutes', 'required'],
      [{ locationId: 'x' }, 'locationId', 'invalid'],
    ]);
    expect(problemsOf(createServiceForm, { ...good, capacity: 1_001 }).capacity).toEqual({
      code: 'too_big',
      limit: 1_000,
    });
  });
});

describe('updateServiceForm', () => {
  test('changes only what is given', () => {
    expect(parse(updateServiceForm, {})).toEqual({});
    expect(
      parse(updateServiceForm, { stepMinutes: '', earlyCallMinutes: null, walkIns: 'false', version: '4' }),
    ).toEqual({
      stepMinutes: null,
      earlyCallMinutes: null,
      walkIns: false,
      version: 4,
    });
  });

  test('says what is wrong with each field', () => {
    expectProblems(updateServiceForm, {}, [...SHARED, [{ version: 0 }, 'version', 'too_small']]);
  });
});

describe('openingRules', () => {
  const rule = (weekday: unknown, opens: unknown, closes: unknown) => ({ weekday, opens, closes });
  const problems = (...rules: unknown[]) =>
    Object.entries(problemsOf(openingRules, rules)).map(([field, { code }]) => `${field}: ${code}`);

  test('are windows of a weekday that may touch', () => {
    expect(
      parse(openingRules, [
        rule('1', '09:00', '12:00'),
        rule(1, '12:00', '24:00'),
        rule(2, '09:00', '12:00'),
      ]),
    ).toHaveLength(3);
    expect(parse(openingRules, [])).toEqual([]);
  });

  test('do not overlap, do not end before they begin, and are times of a weekday', () => {
    expect(problems(rule(1, '09:00', '12:00'), rule(1, '11:59', '13:00'))).toEqual([
      '1.opens: windows_overlap',
    ]);
    expect(problems(rule(1, '12:00', '09:00'))).toEqual(['0.closes: window_reversed']);
    expect(problems(rule(1, '09:00', '09:00'))).toEqual(['0.closes: window_reversed']);
    expect(problems(rule(8, '09:00', '10:00'))).toEqual(['0.weekday: too_big']);
    expect(problems(rule(0, '09:00', '10:00'))).toEqual(['0.weekday: too_small']);
    expect(problems(rule(1, '9:00', '10:00'))).toEqual(['0.opens: time']);
    expect(problems(rule(1, '09:00', '24:01'))).toEqual(['0.closes: time']);
    expect(problems(rule(1, '', '10:00'))).toEqual(['0.opens: required']);
    expect(
      problems(
        ...Array.from({ length: 43 }, (_, index) =>
          rule((index % 7) + 1, `0${Math.floor(index / 7)}:00`, `0${Math.floor(index / 7)}:30`),
        ),
      ),
    ).toEqual([': too_big']);
  });
});

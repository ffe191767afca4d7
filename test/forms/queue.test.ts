import { describe, expect, test } from 'vitest';
import { newId } from '../../src/domain/id.ts';
import { parse } from '../../src/forms/parse.ts';
import {
  advanceForm,
  callForm,
  delayForm,
  intakeForm,
  noteForm,
  placeForm,
  transferForm,
  verbForm,
  walkInForm,
} from '../../src/forms/queue.ts';
import { expectProblems } from '../support/forms.ts';

describe('advanceForm', () => {
  const id = newId();

  test('tells nothing, none and somebody apart', () => {
    expect(parse(advanceForm, {})).toEqual({ deskId: null });
    expect(parse(advanceForm, { deskId: '', serving: '' })).toEqual({ deskId: null, serving: null });
    expect(parse(advanceForm, { deskId: null, serving: null })).toEqual({ deskId: null, serving: null });
    expect(parse(advanceForm, { deskId: id, serving: id })).toEqual({ deskId: id, serving: id });
  });

  test('wants ids', () => {
    expectProblems(advanceForm, {}, [
      [{ deskId: '1' }, 'deskId', 'invalid'],
      [{ deskId: 1 }, 'deskId', 'invalid'],
      [{ serving: 'A12' }, 'serving', 'invalid'],
    ]);
  });
});

describe('walkInForm', () => {
  test('takes null for what may be left out', () => {
    const nothing = { phone: null, priority: null, note: null, needs: null };
    expect(parse(walkInForm, { name: 'Wanda', ...nothing })).toEqual(parse(walkInForm, { name: 'Wanda' }));
    expect(parse(noteForm, { note: null, needs: null, version: null })).toEqual({});
    expectProblems(walkInForm, { name: 'Wanda' }, [[{ name: null }, 'name', 'invalid']]);
  });

  test('takes what HTML and JSON send', () => {
    expect(parse(walkInForm, { name: ' Wanda ', phone: '', priority: '0' })).toEqual({
      name: 'Wanda',
      phone: null,
      priority: 0,
      note: '',
      needs: [],
    });
    expect(parse(walkInForm, { name: 'Wanda' })).toMatchObject({
      phone: null,
      priority: 0,
      note: '',
      needs: [],
    });
    expect(parse(walkInForm, { name: 'Wanda', phone: ' +49 (30) 12-34 ', priority: 'on' })).toEqual({
      name: 'Wanda',
      phone: '+49 (30) 12-34',
      priority: 1,
      note: '',
      needs: [],
    });
    expect(parse(walkInForm, { name: 'Wanda', note: ' Shy ', needs: 'help' })).toMatchObject({
      note: 'Shy',
      needs: ['help'],
    });
    expect(parse(walkInForm, { name: 'Wanda', needs: ['sight', 'help'] }).needs).toEqual(['sight', 'help']);
    expect(parse(walkInForm, { name: 'Wanda', needs: '' }).needs).toEqual([]);
    expect(parse(walkInForm, { name: 'Wanda', phone: null, priority: true }).priority).toBe(1);
    expect(parse(walkInForm, { name: 'Wanda', priority: false }).priority).toBe(0);
    expect(parse(walkInForm, { name: 'Wanda', priority: '3' }).priority).toBe(3);
  });

  test('says what is wrong with each field', () => {
    expectProblems(walkInForm, { name: 'Wanda' }, [
      [{ name: '' }, 'name', 'required'],
      [{ name: 'x'.repeat(101) }, 'name', 'too_long'],
      [{ name: 'a\u0000b' }, 'name', 'invalid'],
      [{ phone: 'call me' }, 'phone', 'phone'],
      [{ phone: '1'.repeat(41) }, 'phone', 'too_long'],
      [{ priority: 4 }, 'priority', 'too_big'],
      [{ priority: '-1' }, 'priority', 'too_small'],
      [{ priority: 'high' }, 'priority', 'whole'],
      [{ priority: 1.5 }, 'priority', 'whole'],
      [{ note: 'x'.repeat(501) }, 'note', 'too_long'],
      [{ needs: ['gold'] }, 'needs.0', 'invalid'],
      [{ needs: 'gold' }, 'needs.0', 'invalid'],
    ]);
  });
});

test('verbForm may carry a version', () => {
  expect(parse(verbForm, {})).toEqual({});
  expect(parse(verbForm, { version: '3' })).toEqual({ version: 3 });
  expectProblems(verbForm, {}, [
    [{ version: 0 }, 'version', 'too_small'],
    [{ version: 'x' }, 'version', 'whole'],
  ]);
});

test('the forms of the finer steps', () => {
  const id = '019aa6d0-6b2f-7c11-8d3a-1f2e3d4c5b6a';
  expect(parse(callForm, { deskId: '', reason: ' ' })).toEqual({ deskId: null, reason: null });
  expect(parse(callForm, { deskId: id, reason: ' In pain ', version: '2' })).toEqual({
    deskId: id,
    reason: 'In pain',
    version: 2,
  });
  expect(parse(transferForm, { serviceId: id })).toEqual({ serviceId: id, reason: null });
  expect(parse(placeForm, { rank: '0', reason: 'x' })).toEqual({ rank: 0, reason: 'x' });
  expect(parse(noteForm, {})).toEqual({});
  expect(parse(intakeForm, { closed: 'on' })).toEqual({ closed: true });
  expect(parse(delayForm, { minutes: '25' })).toEqual({ minutes: 25 });
  expectProblems(callForm, {}, [[{ deskId: 'x' }, 'deskId', 'invalid']]);
  expectProblems(transferForm, { serviceId: id }, [
    [{ serviceId: '' }, 'serviceId', 'required'],
    [{ serviceId: 'x' }, 'serviceId', 'invalid'],
  ]);
  expectProblems(placeForm, { rank: 0, reason: 'x' }, [
    [{ rank: -1 }, 'rank', 'too_small'],
    [{ rank: undefined }, 'rank', 'required'],
    [{ reason: '' }, 'reason', 'required'],
  ]);
  expectProblems(delayForm, { minutes: 0 }, [
    [{ minutes: -1 }, 'minutes', 'too_small'],
    [{ minutes: 481 }, 'minutes', 'too_big'],
  ]);
  expectProblems(intakeForm, { closed: false }, [[{ closed: 'maybe' }, 'closed', 'invalid']]);
});

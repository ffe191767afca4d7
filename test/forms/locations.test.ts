import { expect, test } from 'vitest';
import { locationForm } from '../../src/forms/locations.ts';
import { parse } from '../../src/forms/parse.ts';
import { expectProblems } from '../support/forms.ts';

test('locationForm knows its zones', () => {
  expect(parse(locationForm, { name: 'Town Hall', timeZone: 'America/St_Johns' })).toEqual({
    name: 'Town Hall',
    timeZone: 'America/St_Johns',
  });
  expect(parse(locationForm, { name: 'Town Hall', timeZone: ' america/new_york' }).timeZone).toBe(
    'America/New_York',
  );
  expectProblems(locationForm, { name: 'Town Hall', timeZone: 'Europe/Berlin' }, [
    [{ name: '' }, 'name', 'required'],
    [{ timeZone: '' }, 'timeZone', 'required'],
    [{ timeZone: 'Berlin' }, 'timeZone', 'zone'],
    [{ timeZone: '+01:00' }, 'timeZone', 'zone'],
  ]);
});

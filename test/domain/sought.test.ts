import { expect, test } from 'vitest';
import { codeOf } from '../../src/domain/code.ts';
import { newId } from '../../src/domain/id.ts';
import { type Findable, isSought, soughtIn } from '../../src/domain/sought.ts';

const SEAN = { name: 'Seán O’Brien', number: 'F5', phone: '+44 20 7946 0001', reservationId: null };

function finds(text: string, person: Partial<Findable> = {}): boolean {
  const sought = soughtIn(text);
  return sought !== undefined && isSought(sought, { ...SEAN, ...person });
}

test('a name, as it is typed', () => {
  for (const text of ["O'Brien", 'OBrien', "O'Brien Sean"]) expect(finds(text), text).toBe(true);
  expect(finds('brien', { name: null })).toBe(false);
});

test('a phone, from wherever it is called', () => {
  for (const text of ['020 7946 0001', '0044 20 7946 0001', '+44 (0)20 7946-0001', '7946 0001', '0001'])
    expect(finds(text), text).toBe(true);
  // Noted without the code of its town.
  expect(finds('020 7946 0001', { phone: '7946 0001' })).toBe(true);
  expect(finds('+49 30 1234567', { phone: '030 1234567' })).toBe(true);
  for (const text of ['020 7946 0002', '01', '21 7946 0001']) expect(finds(text), text).toBe(false);
  expect(finds('020 7946 0001', { phone: '' })).toBe(false);
  expect(finds('0001', { phone: null })).toBe(false);
});

test('the number of a ticket, however it is written', () => {
  for (const text of ['f5', 'F-5', 'F 5', 'F05', ' f – 005 ']) expect(finds(text), text).toBe(true);
  for (const text of ['5', 'F50', 'F', 'F0', 'FF5', 'F5F']) expect(finds(text), text).toBe(false);
  expect(finds('12', { number: '12' })).toBe(true);
  expect(finds('F10', { number: 'F1' })).toBe(false);
  expect(finds('F5', { number: null })).toBe(false);
});

test('the code of a reservation', () => {
  const reservationId = newId();
  expect(finds(codeOf(reservationId).toLowerCase(), { reservationId })).toBe(true);
  expect(finds(codeOf(reservationId))).toBe(false);
});

test('nothing, where nothing was typed', () => {
  expect([soughtIn(''), soughtIn('  ')]).toEqual([undefined, undefined]);
  for (const text of ["'", '-', '%', '_', '()', '+']) expect(finds(text), text).toBe(false);
});

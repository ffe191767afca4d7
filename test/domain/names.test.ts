import { describe, expect, test } from 'vitest';
import { endsInName, hasWords, isTaken } from '../../src/domain/names.ts';

const SEAN = 'Seán O’Brien';
const ANNA = 'Anna-Maria Smith-Jones';

describe('a name that is looked for', () => {
  test('is found by parts of its words in any order, however they are typed', () => {
    for (const typed of ['sean', 'BRIEN', "O'Brien", 'O’Brien', 'O`Brien', 'O´Brien', 'OBrien', 'O Brien'])
      expect(hasWords(SEAN, typed), typed).toBe(true);
    for (const typed of ["O'Brien Sean", ' obri   se ', 'seán o'])
      expect(hasWords(SEAN, typed), typed).toBe(true);
    for (const typed of ['anna maria', 'annamaria', 'Smith–Jones', 'jones anna', 'Jones-Smith'])
      expect(hasWords(ANNA, typed), typed).toBe(true);
    expect(hasWords('Anna Smith Jones', 'Smith-Jones')).toBe(true);
  });

  test('has all that was typed, and something has to be', () => {
    for (const typed of ['sean smith', 'seano', 'nob', '', '  ', "'", '-', '%', '_'])
      expect(hasWords(SEAN, typed), typed).toBe(false);
  });
});

describe('a name of which somebody types the end', () => {
  test('is theirs by the last name or the whole', () => {
    for (const typed of ["O'Brien", 'obrien', 'O Brien', 'Sean OBrien', "o'brien  seán"])
      expect(endsInName(SEAN, typed), typed).toBe(true);
    for (const typed of ['Smith-Jones', 'smith jones', 'Anna Maria Smith Jones', 'Smith Jones Anna-Maria'])
      expect(endsInName(ANNA, typed), typed).toBe(true);
    expect(endsInName('Ludwig van der Rohe', 'van der Rohe')).toBe(true);
    expect(endsInName('Ludwig van der Rohe', 'Rohe')).toBe(true);
  });

  test('is nobody’s by a part of a word, the first name or words of several', () => {
    for (const typed of ['Brien', 'rien', 'Sean', 'Sean O', 'n obrien', '', ' ', "'", '-'])
      expect(endsInName(SEAN, typed), typed).toBe(false);
    for (const typed of ['Jones', 'Anna', 'Maria Smith-Jones', 'Anna Jones', 'Anna Smith-Jones'])
      expect(endsInName(ANNA, typed), typed).toBe(false);
    expect(endsInName('Ludwig van der Rohe', 'Ludwig Rohe')).toBe(false);
    expect(endsInName("'", "'")).toBe(false);
  });
});

test('a name is taken whatever its case and accents', () => {
  expect(isTaken('CAFÉ', [{ name: 'Bar' }, { name: 'cafe' }])).toBe(true);
  expect(isTaken('Desk 1', [{ name: 'Desk 11' }])).toBe(false);
});

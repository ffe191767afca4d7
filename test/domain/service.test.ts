import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slugify } from '../../src/domain/service.ts';

test.each([
  ['Passports', 'passports'],
  ['  Oil   change & tyres! ', 'oil-change-tyres'],
  ['Müllabfuhr', 'mullabfuhr'],
  ['Crème brûlée №2', 'creme-brulee-no2'],
  ['護照', 'service'],
  ['---', 'service'],
  ['ﬁle', 'file'],
])('%j becomes %s', (name, slug) => {
  expect(slugify(name)).toBe(slug);
});

test('an address part is always short, plain and stays what it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
      const slug = slugify(name);
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(slug.length).toBeLessThanOrEqual(60);
      expect(slugify(slug)).toBe(slug);
    }),
  );
});

import { expect, test } from 'vitest';
import { codeOf, idEndOf, parseCode } from '../../src/domain/code.ts';
import { newId } from '../../src/domain/id.ts';

test.each([
  ['00000000-0000-7000-8000-000000000000', '000000'],
  ['00000000-0000-7000-8000-000000000021', '000011'],
  ['00000000-0000-7000-8000-00003fffffff', 'ZZZZZZ'],
  ['ffffffff-ffff-7fff-bfff-ffffffffffff', 'ZZZZZZ'],
  ['019aa6d1-0f3c-7d55-a1b2-c3d4e5f60718', 'JZC1RR'],
])('%s is %s', (id, code) => {
  expect(codeOf(id)).toBe(code);
  expect(idEndOf(code)).toBe(id.slice(-7));
  expect(
    [...code].reduce(
      (sum, letter) => sum * 32n + BigInt('0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(letter)),
      0n,
    ),
  ).toBe(BigInt(`0x${id.replaceAll('-', '')}`) % 2n ** 30n);
});

test('every code is read back, however it is typed', () => {
  for (let index = 0; index < 1_000; index++) {
    const code = codeOf(newId());
    expect(parseCode(` ${code.toLowerCase()} `)).toBe(code);
    expect(parseCode(code.replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(code);
  }
  for (const text of ['', 'ABCDE', 'ABCDEFG', 'ABC-EF', 'ABCDEU'])
    expect(parseCode(text), text).toBeUndefined();
});

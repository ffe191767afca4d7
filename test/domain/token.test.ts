import { expect, test } from 'vitest';
import { hashToken, isToken, newToken } from '../../src/domain/token.ts';

test('a token is long, needs no escaping, and is another each time', () => {
  const tokens = Array.from({ length: 1_000 }, newToken);
  expect(new Set(tokens).size).toBe(1_000);
  for (const token of tokens) expect(isToken(token) && encodeURIComponent(token) === token).toBe(true);
  expect(Buffer.from(newToken(), 'base64url').length * 8).toBeGreaterThanOrEqual(128);
});

test.each(['', 'x', `${newToken()}=`, newToken().slice(1), `${newToken().slice(1)}/`])(
  '%o is none',
  (text) => {
    expect(isToken(text)).toBe(false);
  },
);

test('its hash says nothing of it and is always the same', () => {
  expect(hashToken('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  const token = newToken();
  expect(hashToken(token)).not.toContain(token);
});

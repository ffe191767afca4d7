import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { compressText, pickEncoding } from '../../src/web/compress.ts';

const page = '<p>Jürgen waits</p>'.repeat(100);

test.each([
  ['br', 'br', (bytes: Uint8Array) => brotliDecompressSync(bytes).toString()],
  ['gzip', 'gzip', (bytes: Uint8Array) => gunzipSync(bytes).toString()],
  ['gzip, br', 'br', (bytes: Uint8Array) => brotliDecompressSync(bytes).toString()],
])('%s gives %s', (accept, encoding, decode) => {
  const { body, encoding: chosen } = compressText(page, pickEncoding(accept));
  expect(chosen).toBe(encoding);
  expect(body.length).toBeLessThan(page.length / 4);
  expect(decode(body as Uint8Array)).toBe(page);
});

test.each([[undefined], [''], ['identity'], ['br;q=0, gzip;q=0']])(
  '%j leaves the page as it is',
  (accept) => {
    const { body, encoding } = compressText(page, pickEncoding(accept));
    expect(encoding).toBeUndefined();
    expect(Buffer.from(body).toString()).toBe(page);
  },
);

test('starts at 1 KB, counted in bytes', () => {
  expect(compressText('a'.repeat(1023), 'br').encoding).toBeUndefined();
  expect(compressText('a'.repeat(1024), 'br').encoding).toBe('br');
  expect(compressText('ü'.repeat(512), 'br').encoding).toBe('br');
  expect(compressText('🎫'.repeat(256), 'br').encoding).toBe('br');
  expect(compressText('', 'br')).toEqual({ body: '' });
});

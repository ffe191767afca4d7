import { html, raw } from 'hono/html';
import { expect, test } from 'vitest';
import { KeptText, leaveOpen } from '../../src/web/kept.ts';
import type { Ui } from '../../views/ui.ts';

/** What a client without compression is sent. */
function sent(text: KeptText): string {
  return Buffer.from(text.as().body as Uint8Array).toString();
}

const blank = {} as Ui;
/** Long enough to be sent as bytes, and with letters of several bytes before whatever is filled in. */
const filler = 'Ærøskøbing – 東京 '.repeat(100);

test('a text with nothing left open is sent as it is, the same bytes each time', () => {
  const text = new KeptText(filler);
  expect(sent(text)).toBe(filler);
  expect(text.as().body).toBe(text.as().body);
});

test('each form gets a key of its own, and another one each time', () => {
  const { ui, pieces } = leaveOpen(blank);
  const text = new KeptText(`${filler}<a ${ui.formKey()}> ${filler}<b ${ui.formKey()}>`, pieces);
  const keysOf = () => [...sent(text).matchAll(/<[ab] ([0-9a-f-]{36}-[0-9]{4})>/g)].map((match) => match[1]);
  const [first, second] = [keysOf(), keysOf()];
  expect(first).toHaveLength(2);
  expect(new Set([...first, ...second]).size).toBe(4);
  expect(sent(text).replaceAll(/<[ab] [^>]*>/g, '')).toBe(`${filler} ${filler}`);
});

test('pieces stand where they were put, side by side, twice and in another order too', () => {
  const rows = ['é', '<b>2</b>', '三', ''].map((text) => raw(`<tr>${text}</tr>`));
  const made = (order: number[]) => {
    const { ui, pieces } = leaveOpen(blank);
    const body = html`${filler}<table>${order.map((index) => ui.embed(rows[index] as (typeof rows)[0]))}</table>${ui.formKey()}`;
    return sent(new KeptText(body.toString(), pieces)).slice(filler.length);
  };
  expect(made([2, 0, 0, 3])).toMatch(/^<table><tr>三<\/tr><tr>é<\/tr><tr>é<\/tr><tr><\/tr><\/table>.{41}$/u);
  expect(made([1])).toMatch(/^<table><tr><b>2<\/b><\/tr><\/table>.{41}$/u);
  expect(made([])).toMatch(/^<table><\/table>.{41}$/u);
});

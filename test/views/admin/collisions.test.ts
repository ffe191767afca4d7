import { expect, test } from 'vitest';
import { LeftStanding, type ShownCollision } from '../../../views/admin/collisions.tsx';
import { createFormat } from '../../../views/format.ts';
import { en } from '../../../views/text/en.ts';
import type { Ui } from '../../../views/ui.ts';

const ui = { text: en, format: createFormat(en.locale)(new Date('2026-03-02T12:00:00Z')) } as unknown as Ui;

function collision(email: string | null): ShownCollision {
  const timeSlot = new Date('2026-03-02T09:00:00Z');
  return { id: 'x', timeSlot, timeZone: 'UTC', name: null, email, why: 'closed' };
}

/** Where the link to everybody leads, when these people have reservations; undefined without one. */
function writesTo(emails: readonly (string | null)[]): string | undefined {
  const html = String(LeftStanding({ ui, collisions: emails.map(collision) }));
  return /href="(mailto:\?[^"]*)"/.exec(html)?.[1];
}

test('one mail goes to all of several people, each once, and no address adds anything to it', () => {
  expect(writesTo(['a@example.test', null, 'a@example.test', 'o&cc=x,y?%@example.test'])).toBe(
    'mailto:?bcc=a@example.test,o%26cc%3Dx%2Cy%3F%25@example.test',
  );
});

test('one person, or more than a mail program takes, get none', () => {
  const people = (count: number) => Array.from({ length: count }, (_, index) => `p${index}@example.test`);
  expect(writesTo([])).toBeUndefined();
  expect(writesTo(['a@example.test', 'a@example.test', null])).toBeUndefined();
  expect(writesTo(people(50))?.split(',')).toHaveLength(50);
  expect(writesTo(people(51))).toBeUndefined();
});

import { expect } from 'vitest';
import { actOf } from '../../src/actions/act.ts';
import { takeDesk } from '../../src/actions/desks.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { deskWithServices } from '../../src/db/desks.ts';
import type { Person } from '../../src/domain/roles.ts';
import type { QueueEntry, Verb } from '../../src/domain/ticket.ts';
import { type Answer, leadsTo, type TestApp } from './app.ts';
import { reservationsOf } from './builders.ts';

// What the tests of the desk's pages say often.

export const PANEL = 'desk-panel';

export function deskOf(app: TestApp, path = ''): string {
  return `/desk/${app.service.slug}${path}`;
}

export function act(app: TestApp, person: Person) {
  return actOf(app.store, app.clock, person);
}

export function move(app: TestApp, person: Person, entry: QueueEntry, verb: Verb): Promise<QueueEntry> {
  return moveTicket(act(app, person), entry, verb);
}

export async function reservationOf(app: TestApp, person: Person) {
  const all = await reservationsOf(app.store, app.service);
  return all.find(({ userId }) => userId === person.id) as (typeof all)[number];
}

/** Where a form's answer leads, with what is told there but for what could take it back. */
export function whereTo(answer: Pick<Answer, 'headers'>): string {
  return leadsTo(answer).replace(/&done=take-back-[^&]*/, '');
}

export function takeBackIn(answer: Pick<Answer, 'headers'>): string {
  return /done=(take-back-[^&]*)/.exec(leadsTo(answer))?.[1] ?? '';
}

/** What the page says about the last form. */
export function noticeIn({ text }: Answer): string {
  const [, inside = ''] =
    /<div id="desk-notice"[^>]*>(.*?)<\/div>(?:<\/div>|<div class="desk")/.exec(text) ??
    /<hx-partial[^>]*>(.*?)<\/hx-partial>/.exec(text) ??
    [];
  return inside
    .replace(/<form.*<\/form>/, '')
    .replace(/<[^>]+>/g, '')
    .trim();
}

export function textOf({ text }: Answer): string {
  return text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}

/** Only the panel, and not the page around it. */
export function expectPanel(answer: Answer): void {
  expect(answer.text).toContain(`id="${PANEL}"`);
  expect(answer.text).not.toContain('<html');
}

export async function sit(app: TestApp, person: Person, deskId = app.deskId): Promise<void> {
  const desk = await deskWithServices(app.store, deskId);
  if (desk) await takeDesk(app.act(person), desk);
}

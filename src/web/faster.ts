import { happenedTo } from '../../views/desk/events.ts';
import type { Ui } from '../../views/ui.ts';
import { lastEventOf } from '../db/events.ts';
import { locationById } from '../db/locations.ts';
import type { Reader } from '../db/store.ts';
import { localDay } from '../domain/days.ts';
import type { Refusal, RefusalCode } from '../domain/errors.ts';
import { isStaff } from '../domain/roles.ts';
import type { QueueEntry } from '../domain/ticket.ts';
import type { C } from './env.ts';
import { bodyOf, takenTicket } from './errors.ts';
import { uiOf } from './render.tsx';

/** What puts a ticket in nobody's way: it came into the line by it, or stands where it stood. */
const HARMLESS: ReadonlySet<string> = new Set(['walk-in', 'check-in', 'note']);

/** What was done to a ticket last, by whom and when, in a sentence; undefined when it does not explain anything. */
export async function whoWasFaster(
  db: Reader,
  ui: Pick<Ui, 'text' | 'format' | 'now'>,
  entry: QueueEntry,
  timeZone: string,
): Promise<string | undefined> {
  // Of another day, it is the day that stands in the way.
  if (entry.localDay !== localDay(ui.now, timeZone)) return undefined;
  const last = await lastEventOf(db, entry.id);
  if (!last || HARMLESS.has(last.verb)) return undefined;
  const time = ui.format.time(last.at, timeZone);
  return ui.text.desk.already(entry.number, happenedTo(ui, last), last.actorName, time);
}

/** Of those, the code alone says that somebody was faster, but not who. */
const FASTER: ReadonlySet<RefusalCode> = new Set(['stale', 'wrong_state']);

/** A refusal as the JSON API tells it to whoever asked: staff are told who was faster, and with what. */
export async function bodyFor(c: C, refusal: Refusal): Promise<ReturnType<typeof bodyOf>> {
  const body = bodyOf(refusal);
  const entry = takenTicket(refusal);
  if (!entry || !FASTER.has(refusal.code)) return body;
  const ui = await uiOf(c);
  if (!isStaff(ui.actor)) return body;
  const { store } = c.get('parts');
  const [location] = await store.run(locationById, { id: entry.locationId });
  const message = location && (await whoWasFaster(store, ui, entry, location.timeZone));
  return message ? { error: { ...body.error, message } } : body;
}

// The floor of a booking on SQLite: the same transaction as prepared statements of the bare driver, each flushed to the
// disk before the next begins, or several to a flush.
import Database from 'better-sqlite3';
import { serveParent } from '../processes.ts';
import { placesOf, type RawSetup } from '../raw.ts';

let book: () => void;
let database: Database.Database;

serveParent(async (message: RawSetup | { seconds: number; group: number }) => {
  if ('seconds' in message) return run(message.seconds, message.group);
  open(message);
  return undefined;
});

function open(setup: RawSetup): void {
  database = new Database(setup.url.slice('file:'.length), { timeout: 250 });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  const next = placesOf(setup);
  const reserve = database.prepare(`
    INSERT INTO reservations
      (id, service_id, location_id, user_id, local_day, time_slot, ends_at, party, status, hold_expires_at, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, 1, 'confirmed', NULL, ?, ?)
    RETURNING *`);
  const note = database.prepare(`
    INSERT INTO events (id, at, actor_id, verb, location_id, service_id, local_day, reservation_id, to_status)
    VALUES (?, ?, ?, 'book', ?, ?, ?, ?, 'confirmed')`);
  book = () => {
    const { id, serviceId, locationId, userId, localDay, timeSlot, endsAt, eventId } = next();
    const now = Date.now();
    reserve.get(id, serviceId, locationId, userId, localDay, timeSlot.getTime(), endsAt.getTime(), now, now);
    note.run(eventId, now, userId, locationId, serviceId, localDay, id);
  };
}

function run(seconds: number, group: number): { done: number; seconds: number } {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  let done = 0;
  const started = performance.now();
  const until = started + seconds * 1000;
  while (performance.now() < until) {
    begin.run();
    for (let each = 0; each < group; each++) book();
    commit.run();
    done += group;
  }
  return { done, seconds: (performance.now() - started) / 1000 };
}

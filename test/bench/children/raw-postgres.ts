// The floor of a booking on PostgreSQL: the same transaction as one named statement on the bare driver.
import pg from 'pg';
import { serveParent } from '../processes.ts';
import { placesOf, type RawSetup } from '../raw.ts';

const CONNECTIONS = 8;

const STATEMENT = `
WITH booked AS (
  INSERT INTO reservations
    (id, service_id, location_id, user_id, local_day, time_slot, ends_at, party, status, hold_expires_at, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 'confirmed', NULL, $8, $8)
  RETURNING *
), noted AS (
  INSERT INTO events (id, at, actor_id, verb, location_id, service_id, local_day, reservation_id, to_status)
  SELECT $9, $8, user_id, 'book', location_id, service_id, local_day, id, status FROM booked
)
SELECT * FROM booked`;

let pool: pg.Pool;
let next: ReturnType<typeof placesOf>;

serveParent(async (message: RawSetup | { seconds: number }) => {
  if ('seconds' in message) return run(message.seconds);
  pool = new pg.Pool({ connectionString: message.url, max: CONNECTIONS });
  next = placesOf(message);
  return undefined;
});

async function run(seconds: number): Promise<{ done: number; seconds: number }> {
  let done = 0;
  const started = performance.now();
  const until = started + seconds * 1000;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const client = await pool.connect();
      while (performance.now() < until) {
        const place = next();
        const now = new Date();
        await client.query({
          name: 'book',
          text: STATEMENT,
          values: [
            place.id,
            place.serviceId,
            place.locationId,
            place.userId,
            place.localDay,
            place.timeSlot.toISOString(),
            place.endsAt.toISOString(),
            now.toISOString(),
            place.eventId,
          ],
        });
        done += 1;
      }
      client.release();
    }),
  );
  return { done, seconds: (performance.now() - started) / 1000 };
}

import { v7 } from 'uuid';

/** Random bytes are drawn for 256 ids at once: asking the system costs ten times as much as making an id of them. */
const pool = new Uint8Array(256 * 16);
let used = pool.length;

function random(): Uint8Array {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  used += 16;
  return pool.subarray(used - 16, used);
}

let last = { msecs: 0, seq: 0 };

/**
 * A new UUIDv7: sorts by the moment it was made, so that indexes grow at their end. Those of one millisecond, or made
 * while the clock goes back, are counted on from a random number of 31 bits (RFC 9562, section 6.2, method 1).
 */
export function newId(): string {
  const bytes = random();
  const msecs = Date.now();
  last =
    msecs > last.msecs
      ? { msecs, seq: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) >>> 1 }
      : { msecs: last.msecs, seq: last.seq + 1 };
  return v7({ random: bytes, ...last });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Whether a text can be an id at all; PostgreSQL throws on anything else. From outside it comes in small letters already: both
 * databases, and what is kept by its id, then mean the same one.
 */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}

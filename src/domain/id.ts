import { v7 } from 'uuid';

/** A new UUIDv7: sorts by the moment it was made, so that indexes grow at their end. */
export function newId(): string {
  return v7();
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text from outside can be an id at all; PostgreSQL throws on anything else. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}

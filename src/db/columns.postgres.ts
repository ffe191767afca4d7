import {
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

/** The columns of PostgreSQL, and the shape that every dialect's columns take. */
export const postgresColumns = {
  table: pgTable,
  id: () => uuid(),
  text: () => text(),
  integer: () => integer(),
  boolean: () => boolean(),
  /** A moment, to the millisecond, in UTC. */
  instant: () => timestamp({ withTimezone: true, mode: 'date', precision: 3 }),
  /** A calendar day, `YYYY-MM-DD`. */
  day: () => date({ mode: 'string' }),
  json: () => jsonb(),
  index,
  uniqueIndex,
  check,
  primaryKey,
};

export type Columns = typeof postgresColumns;

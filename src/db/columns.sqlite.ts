import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Columns } from './columns.postgres.ts';

const sqliteColumns = {
  table: sqliteTable,
  id: () => text(),
  text: () => text(),
  integer: () => integer(),
  boolean: () => integer({ mode: 'boolean' }),
  instant: () => integer({ mode: 'timestamp_ms' }),
  day: () => text(),
  json: () => text({ mode: 'json' }),
  index,
  uniqueIndex,
  check,
  primaryKey,
};

/**
 * The columns of SQLite under PostgreSQL's types: the one cast that lets one table body and one set of queries serve
 * both. What it hides is kept out by the lint rules (see docs/decisions/0002-two-dialects.md).
 */
export const sqliteColumnKit = sqliteColumns as unknown as Columns;

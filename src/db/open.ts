import { isPostgres, sqliteFile } from '../database-url.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  url: string;
  poolSize?: number;
  /** Where PostgreSQL's changes are listened for, if not at `url`. */
  directUrl?: string | undefined;
  onIdleError?: (error: Error) => void;
}

/** The store behind a `postgres://…` or `file:…` address. Its tables must be there already: see migrate. */
export function openStore({ url, poolSize = 8, directUrl, onIdleError }: StoreOptions): Store {
  if (isPostgres(url)) return openPostgres({ url, poolSize, directUrl, ...(onIdleError && { onIdleError }) });
  return openSqlite(sqliteFile(url));
}

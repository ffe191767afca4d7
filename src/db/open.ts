import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';
import { isPostgres, sqliteFile } from './url.ts';

export interface StoreOptions {
  url: string;
  poolSize?: number;
  onIdleError?: (error: Error) => void;
}

/** The store behind a `postgres://…` or `file:…` address. Its tables must be there already: see migrate. */
export function openStore({ url, poolSize = 8, onIdleError }: StoreOptions): Store {
  if (isPostgres(url)) return openPostgres({ url, poolSize, ...(onIdleError && { onIdleError }) });
  return openSqlite(sqliteFile(url));
}

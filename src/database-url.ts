import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from './root.ts';

/** Whether this is the address of a PostgreSQL. */
export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\/./.test(url) && URL.canParse(url);
}

/** Whether this is the address of a database that the program can use. */
export function isDatabase(url: string): boolean {
  if (isPostgres(url)) return true;
  try {
    return sqliteFile(url) !== '';
  } catch {
    return false;
  }
}

/**
 * The file behind `file:data/x.db`, `file:/var/x.db` or `file:///var/x.db`; a relative one lies in the project's folder,
 * wherever the program was started. Throws when the address names no file.
 */
export function sqliteFile(url: string): string {
  if (url.startsWith('file://')) return fileURLToPath(url);
  const path = url.replace(/^file:/, '');
  // Every connection to `:memory:` is a database of its own, and writer and readers are several.
  if (path === url || /^$|^:|[?\0]|\/$/.test(path))
    throw new Error('The address of a database names no file');
  return resolve(projectRoot, path);
}

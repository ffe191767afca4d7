import { resolve } from 'node:path';
import { projectRoot } from '../root.ts';

export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url);
}

/** The file behind `file:…`; a relative one lies in the project's folder, wherever the program was started. */
export function sqliteFile(url: string): string {
  return resolve(projectRoot, url.replace(/^file:(\/\/)?/, ''));
}

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

type Entry = Record<
  'dependencies' | 'optionalDependencies' | 'devDependencies',
  Record<string, string> | undefined
> & {
  resolved?: string;
  integrity?: string;
};

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const packages = JSON.parse(readFileSync(path, 'utf8')).packages as Record<string, Entry>;

/** Whether Node.js would find `name` from the package at `from`: in its own node_modules, or one further out. */
function isLocked(name: string, from: string): boolean {
  if (packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`]) return true;
  return from !== '' && isLocked(name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))));
}

test('what is installed is fixed by its content, and no address of a registry stands in the lockfile', () => {
  const installed = Object.entries(packages).filter(([name]) => name !== '');
  expect(installed.length).toBeGreaterThan(100);
  for (const [name, entry] of installed) {
    expect(entry.resolved, name).toBeUndefined();
    expect(entry.integrity, name).toMatch(/^sha512-/);
  }
});

test('the optional packages of every system are locked: npm install may lose those of others', () => {
  const missing = Object.entries(packages).flatMap(([from, entry]) =>
    Object.keys({
      ...entry.dependencies,
      ...entry.optionalDependencies,
      ...(from === '' ? entry.devDependencies : {}),
    })
      .filter((name) => !isLocked(name, from))
      .map((name) => `${name}, needed by ${from || 'the project'}`),
  );
  expect(missing).toEqual([]);
});

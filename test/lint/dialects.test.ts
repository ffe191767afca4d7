import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const BANNED = [
  "await tx.select().from(queues).for('update');",
  "await tx.select().from(queues).where(one).for('update', { skipLocked: true });",
  'await db.execute(statement);',
  'await this.db.execute(sql`select 1`);',
  'await tx.execute(statement);',
  'await this.tx.execute(statement);',
  'await db.selectDistinctOn([services.id]).from(services);',
  "found(ilike(users.name, 'a%'));",
  "found(notIlike(users.name, 'a%'));",
  'found({ total: sum(reservations.party) });',
  'found({ mean: avg(reservations.party) });',
];

const ALLOWED = ["found(Symbol.for('x'));", 'for (const row of rows) found(row);', 'strategy.execute(plan);'];

let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'now-serving-lint-'));
  const { plugins } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'));
  write('biome.json', JSON.stringify({ plugins, linter: { rules: { preset: 'none' } } }));
  write('test/lint/dialects.grit', readFileSync(join(ROOT, 'test/lint/dialects.grit'), 'utf8'));
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), content);
}

/** The lines of `code` that the plugin objects to, were they in the file `path`. */
function objections(path: string, code: string[]): number[] {
  write(path, code.join('\n'));
  const { stdout } = spawnSync('biome', ['lint', '--reporter=github', '--max-diagnostics=none', path], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env.PATH}` },
  });
  return [...stdout.matchAll(/^::error title=plugin.*?,line=(\d+)/gm)].map((match) => Number(match[1]));
}

test('what only one of the two databases does is refused in src', () => {
  const code = [...BANNED, ...ALLOWED];
  expect(objections('src/actions/example.ts', code)).toEqual(BANNED.map((_, index) => index + 1));
});

test('the adapters may do it', () => {
  expect(objections('src/db/postgres.ts', BANNED)).toEqual([]);
  expect(objections('src/db/sqlite.ts', BANNED)).toEqual([]);
});

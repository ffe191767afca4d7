import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Which layer may import which; every layer may import itself. A layer is a folder of `src/`, the
 * folder `views/`, or a file beside them: `config`, `database-url`, `log` and `root`. Nobody may import `wiring`.
 */
const ARROWS: Record<string, readonly string[]> = {
  domain: [],
  root: [],
  'database-url': ['root'],
  config: ['database-url', 'domain'],
  log: [],
  forms: ['domain'],
  views: ['domain'],
  db: ['domain', 'database-url', 'root'],
  live: ['db', 'views', 'domain', 'log'],
  actions: ['forms', 'domain', 'db'],
  auth: ['db', 'domain', 'config', 'log'],
  web: ['views', 'forms', 'domain', 'db', 'actions/act', 'auth', 'config', 'live/hub', 'log'],
  // A list that anybody may see needs no action: routes run its query themselves.
  routes: ['actions', 'live', 'views', 'forms', 'web', 'db', 'domain'],
  wiring: [
    'actions',
    'auth',
    'config',
    'database-url',
    'db',
    'domain',
    'forms',
    'live',
    'log',
    'root',
    'routes',
    'views',
    'web',
  ],
};

/** The files that put the layers together. */
const WIRING = ['src/app.tsx', 'src/main.ts', 'src/start.ts', 'src/mail.ts', 'src/db/cli.ts'];

/** Packages that a layer may not import, because of what the layer is. */
const FORBIDDEN_PACKAGES: Record<string, RegExp> = {
  // Pure rules: no input, no output, no HTTP.
  domain: /^(node:(?!crypto$)|hono|@hono|pg|better-|drizzle|zod|pino)/,
  forms: /^(node:|hono$|hono\/(?!utils)|@hono|pg|better-|drizzle|pino)/,
  // Views get what they show: hono only as the JSX and html library.
  views: /^(node:|hono$|hono\/(?!jsx|html|css)|@hono|pg|better-|drizzle|zod|pino)/,
  db: /^(hono|@hono|better-auth)/,
  actions: /^(hono|@hono|better-auth|pg$|better-sqlite3|drizzle-orm\/(pg|better|node|sqlite))/,
};

type Import = { from: string; to: string };

/** Every `import`, `export … from` and `import(…)` of a module, types included. */
function importsIn(code: string): string[] {
  const source = code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const statements =
    /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;
  return [...source.matchAll(statements)].map((match) => (match[1] ?? match[2]) as string);
}

function layerOf(file: string): string {
  if (WIRING.includes(file)) return 'wiring';
  const [top = '', second = ''] = file.split('/');
  return top === 'views' ? 'views' : second.replace(/\.tsx?$/, '');
}

/** Why this import may not be, or undefined. Paths are relative to the project. */
function objectionTo({ from, to }: Import): string | undefined {
  const layer = layerOf(from);
  const arrows = ARROWS[layer];
  if (!arrows) return `${from} is in no known layer`;
  if (!/^(src|views)\//.test(to)) {
    return FORBIDDEN_PACKAGES[layer]?.test(to) ? `${from} (${layer}) imports the package ${to}` : undefined;
  }
  const target = layerOf(to);
  if (target === layer) return undefined;
  const allowed = arrows.some((arrow) => arrow === target || new RegExp(`^src/${arrow}\\.tsx?$`).test(to));
  return allowed ? undefined : `${from} (${layer}) imports ${to} (${target})`;
}

function sourceFiles(): string[] {
  return ['src', 'views']
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    )
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path));
}

function importsOf(file: string): Import[] {
  return importsIn(readFileSync(join(ROOT, file), 'utf8')).map((name) => ({
    from: file,
    to: name.startsWith('.')
      ? relative(ROOT, resolve(ROOT, dirname(file), name)).replaceAll('\\', '/')
      : name,
  }));
}

test('no import runs against the layers', () => {
  const files = sourceFiles();
  expect(files.length).toBeGreaterThan(10);
  const imports = files.flatMap(importsOf);
  expect(imports.length).toBeGreaterThan(files.length);
  expect(imports.map(objectionTo).filter((objection) => objection !== undefined)).toEqual([]);
});

describe('the rule itself', () => {
  test.each([
    ['src/domain/slots.ts', 'src/db/services.ts'],
    ['src/domain/slots.ts', 'src/config.ts'],
    ['src/domain/slots.ts', 'node:fs'],
    ['src/domain/slots.ts', 'hono'],
    ['src/db/queue.ts', 'src/actions/advance.ts'],
    ['src/db/queue.ts', 'src/config.ts'],
    ['src/forms/reservation.ts', 'src/db/store.ts'],
    ['src/actions/advance.ts', 'src/live/bus.ts'],
    ['src/actions/advance.ts', 'src/web/session.ts'],
    ['src/actions/advance.ts', 'views/desk/panel.tsx'],
    ['src/live/hub.ts', 'src/actions/advance.ts'],
    ['src/live/hub.ts', 'src/web/render.tsx'],
    ['src/db/queue.ts', 'src/web/render.tsx'],
    ['src/web/render.tsx', 'src/actions/advance.ts'],
    ['src/web/render.tsx', 'src/routes/desk.tsx'],
    ['src/routes/desk.tsx', 'src/auth/auth.ts'],
    ['src/routes/desk.tsx', 'src/app.tsx'],
    ['src/db/migrate.ts', 'src/db/cli.ts'],
    ['views/desk/panel.tsx', 'src/db/store.ts'],
    ['views/desk/panel.tsx', 'src/actions/advance.ts'],
    ['views/desk/panel.tsx', 'src/web/render.tsx'],
    ['views/desk/panel.tsx', 'hono'],
    ['views/desk/panel.tsx', 'drizzle-orm'],
    ['src/helpers/misc.ts', 'src/domain/slots.ts'],
    ['src/helpers.ts', 'node:path'],
  ])('%s may not import %s', (from, to) => {
    expect(objectionTo({ from, to })).toContain(from);
  });

  test.each([
    ['src/domain/slots.ts', 'src/domain/days.ts'],
    ['src/domain/days.ts', 'temporal-polyfill'],
    ['src/db/queue.ts', 'src/domain/ticket.ts'],
    ['src/actions/advance.ts', 'src/db/queue.ts'],
    ['src/live/hub.ts', 'views/board/board.tsx'],
    ['src/web/render.tsx', 'src/db/store.ts'],
    ['src/web/render.tsx', 'hono'],
    ['src/routes/api/queues.ts', 'src/actions/advance.ts'],
    ['src/auth/auth.ts', 'src/config.ts'],
    ['src/main.ts', 'src/config.ts'],
    ['src/main.ts', 'src/app.tsx'],
    ['views/desk/panel.tsx', 'hono/jsx'],
  ])('%s may import %s', (from, to) => {
    expect(objectionTo({ from, to })).toBeUndefined();
  });

  test('sees every way to import', () => {
    const code = `
      import one from 'one';
      import type { Two } from "two";
      import {
        three,
      } from 'three';
      export * from 'four';
      export type { Five } from 'five';
      import 'six';
      const seven = await import('seven');
      // import no from 'comment';
      /* import no from 'comment'; */
      export const text = 'import it';
    `;
    expect(importsIn(code)).toEqual(['one', 'two', 'three', 'four', 'five', 'six', 'seven']);
  });
});

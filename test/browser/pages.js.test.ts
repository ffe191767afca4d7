import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page, Response, Route } from '@playwright/test';
import { HtmlValidate } from 'html-validate';
import { doneCookie } from '../../src/web/notice.ts';
import { violationsIn } from '../support/axe.ts';
import { actAs, DEMO, enter, expect, test as journeys, PASSWORD, type Someone } from '../support/journeys.ts';
import { furnish, NO_PAGES, PAGES, type PageCase, type Who, type World } from '../support/pages.ts';
import { type Server, startServer } from '../support/server.ts';

interface Views {
  world: World;
  /** A program in which nothing is set up, but for an admin. */
  blank: Server;
  /** A page that is used again for everything that this person sees. */
  pageOf(who: Who, scripts: boolean, server: Server): Promise<Page>;
}

const test = journeys.extend<object, { views: Views }>({
  views: [
    async ({ town, browser }, use) => {
      const login = { email: DEMO.admin, password: PASSWORD };
      const env = { DEMO: '0', ADMIN_EMAIL: login.email, ADMIN_PASSWORD: login.password };
      const blank = await startServer({ database: 'sqlite', env });
      const world = await furnish(town);
      const alone: World['people'] = {
        ...world.people,
        admin: await enter(blank, '/api/auth/login', login),
      };
      const contexts: BrowserContext[] = [];
      const pages = new Map<string, Promise<Page>>();
      await use({
        world,
        blank,
        pageOf: (who, scripts, server) => {
          const key = `${who} ${scripts} ${server.url}`;
          const someone = (server === blank ? alone : world.people)[who];
          const page = pages.get(key) ?? openPage(browser, contexts, { someone, scripts, server });
          pages.set(key, page);
          return page;
        },
      });
      await Promise.all(contexts.map((context) => context.close()));
      await blank.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

// Each page by itself: they are most of the time that the browser tests take.
test.describe.configure({ mode: 'parallel', timeout: 90_000 });

const root = new URL('../../', import.meta.url);
const html = new HtmlValidate(JSON.parse(readFileSync(new URL('.htmlvalidate.json', root), 'utf8')));
/** Checkboxes that are one choice share a name, as radios do. */
const SHARED = ['form-dup-name', /location_ids/] as const;

/** The patterns of every GET route of the program under test. */
const routes = await getRoutes();

test('every page is in the table', () => {
  const listed = new Set([...PAGES.map(({ route }) => route), ...NO_PAGES]);
  const pages = routes.filter((route) => !route.startsWith('/api/') || route === '/api/docs');
  expect(pages.filter((route) => !listed.has(route))).toEqual([]);
});

test('what a page does not get is heard, and what the page before it gave up is not', async ({ views }) => {
  const { town } = views.world;
  const page = await views.pageOf('visitor', true, town.app);
  await page.route('**/assets/*.css', (route) => route.abort());
  await page.route('**/assets/*.js', (route) => route.fulfill({ status: 404 }));
  const noises = await listen(page);
  await page.goto('/');
  expect(noises().some((noise) => /\.css: net::ERR_FAILED$/.test(noise))).toBe(true);
  expect(noises().some((noise) => /\.js: 404$/.test(noise))).toBe(true);
  await page.unrouteAll();

  await page.route('**/slow', () => undefined);
  await page.evaluate(() => void fetch('/slow').catch(() => undefined));
  const next = await listen(page);
  await page.goto('/login');
  expect(next()).toEqual([]);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('a dark scheme changes nothing but colours', () => {
  const styles = readdirSync(new URL('public/', root)).filter((name) => name.endsWith('.css'));
  const css = styles.map((name) => readFileSync(new URL(`public/${name}`, root), 'utf8')).join('\n');
  const dark = /@media screen and \(prefers-color-scheme: dark\) \{\s*:root \{([^{}]*)\}\s*\}/.exec(css);
  expect(css.match(/prefers-color-scheme|light-dark/g)).toHaveLength(1);
  expect(dark?.[1]?.trim()).toMatch(/^(--[a-z-]+: #[0-9a-f]{6};\s*)+$/);
});

for (const shown of PAGES.filter(({ route }) => route === undefined || routes.includes(route))) {
  test(shown.name, async ({ views }) => {
    const { world, blank } = views;
    const server = shown.empty ? blank : world.town.app;
    // While its scripts are on their way a page is as one without them: both are looked at in one visit. Where a form
    // leads to a page, it is sent both ways.
    for (const scripts of shown.act ? [false, true] : [true]) {
      const page = await views.pageOf(shown.who, scripts, server);
      const noises = await listen(page);
      const arrive = shown.act ? undefined : await holdScripts(page);
      const served = await open(page, server, shown, world, arrive ? 'commit' : 'load');
      expect.soft(served.status()).toBe(shown.status ?? 200);
      if (scripts) expect.soft(mistakesIn(await served.text())).toEqual([]);
      // No script changes a colour or a width: without ours, each is looked at once.
      if (arrive || !scripts) await expectGood(page, 'without scripts', ['light 1280', 'dark 360']);
      await arrive?.();
      if (scripts)
        await expectGood(page, 'with scripts', ['dark 1280', 'light 1280', 'light 360', 'dark 360']);
      expect.soft(noises(), 'console').toEqual([]);
    }
  });
}

type Look = `${'light' | 'dark'} ${360 | 1280}`;

async function expectGood(page: Page, scripts: string, looks: Look[]): Promise<void> {
  for (const look of looks) {
    const [colorScheme, width] = look.split(' ') as ['light' | 'dark', string];
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: Number(width), height: 800 });
    // A scheme changes nothing but colours, so what axe says of the rest is known by then.
    const found = await violationsIn(page, colorScheme === 'dark' ? 'colours' : undefined);
    expect.soft(found, `axe: ${look} wide, ${scripts}`).toEqual([]);
  }
  // 360 wide by now.
  expect.soft(await page.evaluate(faultsOf), scripts).toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  expect.soft(await page.evaluate(overflowing), `wider than 320 px, ${scripts}`).toEqual([]);
}

async function getRoutes(): Promise<string[]> {
  const { createApp } = (await import(new URL('dist/src/app.js', root).href)) as {
    createApp: (parts: unknown) => { routes: { method: string; path: string }[] };
  };
  const app = createApp({ config: { baseUrl: 'http://localhost' } });
  return app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path);
}

async function openPage(
  browser: Browser,
  contexts: BrowserContext[],
  { someone, scripts, server }: { someone: Someone | undefined; scripts: boolean; server: Server },
): Promise<Page> {
  const context = await browser.newContext({ baseURL: server.url });
  contexts.push(context);
  if (someone) await actAs(context, { app: server }, someone);
  // Not switched off: axe is a script too.
  if (!scripts) await context.route('**/assets/*.js', (route) => route.fulfill({ body: '' }));
  return context.newPage();
}

/**
 * Collects what a browser complains about from now on, but for the status that a page is meant to have. The page shown
 * before is left first: a poll of it that the next navigation ends is no mistake of the next page. It is left for a text of the
 * same site: for another one, a blank page too, the browser starts a process each time.
 */
async function listen(page: Page): Promise<() => string[]> {
  const noises: string[] = [];
  page.removeAllListeners();
  await page.goto('/healthz');
  page.on('pageerror', (error) => noises.push(error.message));
  page.on('console', (message) => {
    const isStatus = message.text().startsWith('Failed to load resource: the server responded');
    if (['error', 'warning'].includes(message.type()) && !isStatus) noises.push(message.text());
  });
  page.on('requestfailed', (request) => noises.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('response', (response) => {
    if (response.status() >= 400 && response.request().resourceType() !== 'document')
      noises.push(`${response.url()}: ${response.status()}`);
  });
  return () => noises;
}

/** Keeps the page's scripts from arriving until the function that it answers is called. */
async function holdScripts(page: Page): Promise<() => Promise<void>> {
  const held: Route[] = [];
  await page.route('**/assets/*.js', (route) => void held.push(route));
  return async () => {
    expect(await page.evaluate(() => 'htmx' in window)).toBe(false);
    await Promise.all(held.map((route) => route.continue()));
    await page.unroute('**/assets/*.js');
    await page.waitForLoadState();
    expect(await page.evaluate(() => 'htmx' in window)).toBe(true);
  };
}

async function open(
  page: Page,
  server: Server,
  shown: PageCase,
  world: World,
  waitUntil: 'load' | 'commit',
): Promise<Response> {
  await page.setViewportSize({ width: 1280, height: 800 });
  const path = typeof shown.path === 'string' ? shown.path : shown.path(world);
  if (shown.done) {
    const { hostname } = new URL(server.url);
    await page
      .context()
      .addCookies([
        { name: doneCookie(new URL(path, server.url).pathname), value: shown.done, domain: hostname, path },
      ]);
  }
  const response = await page.goto(server.url + path, { waitUntil });
  // Who is sent elsewhere, such as to log in, would look at another page.
  expect(page.url()).toBe(server.url + path);
  const served = shown.act ? await shown.act(page, world) : response;
  if (!served) throw new Error(`${path} has no response`);
  if (waitUntil === 'load') await page.waitForLoadState();
  else await expect.poll(() => page.evaluate(isStyled)).toBe(true);
  return served;
}

function mistakesIn(served: string): string[] {
  const { results } = html.validateStringSync(served);
  return results.flatMap(({ messages }) =>
    messages
      .filter(({ ruleId, message }) => ruleId !== SHARED[0] || !SHARED[1].test(message))
      .map(({ ruleId, message, line }) => `${line}: ${message} (${ruleId})`),
  );
}

/** Runs in the page: whether it is there with all its styles, though perhaps not with its scripts. */
function isStyled(): boolean {
  const styles = [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')];
  return document.readyState !== 'loading' && styles.every(({ sheet }) => sheet !== null);
}

/** Runs in the page: what is wrong with its title, headings, labels and the sizes of what is pressed. */
function faultsOf(): string[] {
  const faults: string[] = [];
  if (!/^\S.* · Now Serving$/.test(document.title)) faults.push(`title: ${document.title}`);
  const headings = document.querySelectorAll('h1').length;
  if (headings !== 1) faults.push(`${headings} h1`);
  const controls = 'input:not([type=hidden]), select, textarea';
  for (const control of document.querySelectorAll<HTMLInputElement>(controls)) {
    if (!control.labels?.length && !control.ariaLabel && !control.getAttribute('aria-labelledby'))
      faults.push(`no label: ${control.outerHTML}`);
  }
  // A radio or checkbox is pressed by its label.
  const targets =
    'button, .button, summary, select, textarea, .site a, .calendar td a, label:has([type=radio], [type=checkbox]), input:not([type=hidden], [type=radio], [type=checkbox])';
  for (const target of document.querySelectorAll<HTMLElement>(targets)) {
    const { width, height } = target.getBoundingClientRect();
    if (
      target.checkVisibility() &&
      Math.min(width, height) < 43.5 &&
      (height < 43.5 || target.matches('button, .button, td a'))
    )
      faults.push(`${Math.round(width)} × ${Math.round(height)}: ${target.outerHTML.slice(0, 120)}`);
  }
  return faults;
}

/** Runs in the page: what makes it scroll sideways. */
function overflowing(): string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const wide = [...document.querySelectorAll('body *')].filter(
    (element) => element.getBoundingClientRect().right > clientWidth + 1,
  );
  return wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120));
}

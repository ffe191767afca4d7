import type { BrowserContext, Page } from '@playwright/test';
import { type Forwarder, forwardTo } from '../support/forwarder.ts';
import { actAs, DEMO, enter, expect, PASSWORD, type Someone, test } from '../support/journeys.ts';
import { type Server, startServer } from '../support/server.ts';
import { SOAK } from '../support/soak.ts';

/** Calls that are timed, and cuts that are mended. */
const CALLS = SOAK ? 500 : 30;
const CUTS = SOAK ? 200 : 8;
/** Whatever was cut: so soon after everything is back, every screen is right. */
const RIGHT_AGAIN_MS = 30_000;

/** Two instances on one database; the screens are at the second one, and everything to it can be cut. */
interface Place {
  first: Server;
  second: () => Server;
  restartSecond(): Promise<void>;
  database: Forwarder;
  network: Forwarder;
}

test.describe.configure({ mode: 'serial', timeout: SOAK ? 3_600_000 : 180_000 });

let place: Place;
let staff: Someone;
let admin: Someone;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  const first = await startServer({ database: 'postgres' });
  const database = await forwardTo(first.databaseUrl);
  await database.open();
  const start = () => startServer({ database: 'postgres', databaseUrl: database.url });
  let second = await start();
  const network = await forwardTo(() => second.url);
  await network.open();
  place = {
    first,
    second: () => second,
    restartSecond: async () => {
      second = await start();
    },
    database,
    network,
  };
  const login = (email: string) => enter(first, '/api/auth/login', { email, password: PASSWORD });
  [staff, admin] = await Promise.all([login(DEMO.staff), login(DEMO.admin)]);
});

test.afterAll(async () => {
  await place?.network.cut();
  await place?.second().stop();
  await place?.database.cut();
  await place?.first.stop();
});

interface Screens {
  number: string;
  entryId: string;
  board: Page;
  desk: Page;
  ticket: Page;
}

/** A line with one ticket in it, on a board, at a desk and on its holder's phone. */
async function openScreens(context: BrowserContext, name: string): Promise<Screens> {
  const service = { name, duration_minutes: 20, capacity: 1 };
  const { id, slug } = (await post('/api/services', service, admin)).data as { id: string; slug: string };
  const made = await post(`/api/queues/${id}/entries`, { name: 'Wanda Walker' });
  const entry = made.data as { id: string; number: string };
  const base = place.network.url.replace(/\/$/, '');
  await actAs(context, { app: { ...place.first, url: base } } as never, staff);
  const open = async (path: string) => {
    const page = await context.newPage();
    await page.goto(base + path);
    return page;
  };
  return {
    number: entry.number,
    entryId: entry.id,
    board: await open(`/board/${slug}`),
    desk: await open(`/desk/${slug}`),
    ticket: await open(made.location),
  };
}

async function post(path: string, body: object = {}, { cookie }: Someone = staff) {
  const response = await fetch(place.first.url + path, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.ok, `${path}: ${response.status} ${await response.clone().text()}`).toBe(true);
  const { data } = (await response.json()) as { data: unknown };
  return { data, location: response.headers.get('location') ?? '' };
}

/** Calls the ticket, or sends it back into the line; answers when every screen shows it, in milliseconds. */
async function callAndWait(screens: Screens, called: boolean): Promise<number> {
  const { board, desk, ticket, number, entryId } = screens;
  const shown = Promise.all([
    board.waitForFunction(
      ([wanted, there]) =>
        [...document.querySelectorAll('.calls .number')].some((el) => el.textContent === wanted) === there,
      [number, called] as const,
      { polling: 10 },
    ),
    ticket.waitForFunction(
      (status) => document.querySelector('#ticket-panel article')?.getAttribute('data-status') === status,
      called ? 'called' : 'waiting',
      { polling: 10 },
    ),
    desk.waitForFunction(
      (count) =>
        [...document.querySelectorAll('#desk-panel .counts > *')].some(
          (item) => item.textContent?.replace(/\s+/g, '') === `Called${count}`,
        ),
      called ? 1 : 0,
      { polling: 10 },
    ),
  ]);
  const began = performance.now();
  await post(`/api/entries/${entryId}/${called ? 'call' : 'requeue'}`);
  await shown;
  return performance.now() - began;
}

test(`${CALLS} calls are on every screen of another instance within a second`, async ({ context }) => {
  const screens = await openScreens(context, 'Called at once');
  await callAndWait(screens, true);
  await callAndWait(screens, false);
  const times: number[] = [];
  for (let call = 0; call < CALLS; call++) times.push(await callAndWait(screens, call % 2 === 0));
  times.sort((a, b) => a - b);
  const p99 = times[Math.min(times.length - 1, Math.floor(times.length * 0.99))] ?? Number.NaN;
  const median = times[times.length >> 1] ?? Number.NaN;
  console.log(
    `${CALLS} calls: median ${median.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms until every screen shows it`,
  );
  expect(p99).toBeLessThan(1_000);
});

test(`after ${CUTS} cuts of the database, an instance or the network, every screen is right again`, async ({
  context,
}) => {
  const screens = await openScreens(context, 'Cut and mended');
  let called = false;
  for (let cut = 0; cut < CUTS; cut++) {
    const what = (['network', 'database', 'instance'] as const)[cut % 3] ?? 'network';
    if (what === 'network') await place.network.cut();
    if (what === 'database') await place.database.cut();
    if (what === 'instance') process.kill(place.second().pid, 'SIGKILL');
    // What happens meanwhile, at the other instance, is missed by every screen.
    called = !called;
    await post(`/api/entries/${screens.entryId}/${called ? 'call' : 'requeue'}`);
    await new Promise((resolve) => setTimeout(resolve, (cut * 137) % 900));
    if (what === 'network') await place.network.open();
    if (what === 'database') await place.database.open();
    if (what === 'instance') await place.restartSecond();
    for (const [page, part] of [
      [screens.board, '#board'],
      [screens.ticket, '#ticket-panel'],
      [screens.desk, '#desk-panel'],
    ] as const) {
      await expect
        .poll(() => differs(page, part), {
          timeout: RIGHT_AGAIN_MS,
          message: `${part} after cut ${cut}: ${what}`,
        })
        .toBe(false);
    }
  }
});

/** False, or what a screen shows and what the first instance says now. */
async function differs(page: Page, part: string): Promise<false | string | { shown: string; fresh: string }> {
  const { pathname } = new URL(page.url());
  const fresh = await page.request.get(place.first.url + pathname);
  if (!fresh.ok()) return `status ${fresh.status()}`;
  return page.evaluate(
    ([html, selector]) => {
      const plain = (root: Document) =>
        root.querySelector(selector)?.textContent?.replace(/\s+/g, ' ').trim() ?? 'nothing there';
      const other = new DOMParser().parseFromString(html, 'text/html');
      const [shown, fresh] = [plain(document), plain(other)];
      return shown !== fresh && { shown, fresh };
    },
    [await fresh.text(), part] as const,
  );
}

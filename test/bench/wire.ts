import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from '../support/browser.ts';
import { dayToShow, loginAs } from './fixture.ts';
import { atMost, count, kilobytes, median, type Row, seconds, table } from './report.ts';
import type { Subject } from './servers.ts';

const SHOWN = 'passports-and-id-cards';
const PAINTS = 5;
/** A phone on a slow network: 1.6 Mbit/s, 150 ms there and back, a quarter of this machine's speed. */
const SLOW = { bytesPerSecond: 1_600_000 / 8, roundTripMs: 150, cpu: 4 };

interface Visit {
  status: number;
  requests: number;
  /** On the wire, headers included. */
  total: number;
  byType: Record<string, number>;
}

/** What a browser loads, and how soon a slow one has painted the largest thing of the booking page. */
export async function benchWire(subject: Subject): Promise<{ rows: Row[]; text: string }> {
  const executablePath = findBrowser({ whole: true });
  if (!executablePath) {
    const note = 'no Chromium here: npx playwright install chromium';
    return { rows: [{ what: 'bytes on the wire', value: undefined, show: kilobytes, note }], text: '' };
  }
  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS });
  try {
    return await visitAll(browser, subject);
  } finally {
    await browser.close();
  }
}

async function visitAll(browser: Browser, { sql, server }: Subject): Promise<{ rows: Row[]; text: string }> {
  const cookies = {
    customer: await loginAs(sql, 'customer@demo.example'),
    staff: await loginAs(sql, 'staff1@demo.example'),
    admin: await loginAs(sql, 'admin@demo.example'),
  };
  const [reservation] = await sql.rows(
    "SELECT r.id FROM reservations r JOIN users u ON u.id = r.user_id WHERE u.email = 'customer@demo.example' ORDER BY r.time_slot DESC LIMIT 1",
  );
  const booking = `/services/${SHOWN}`;
  const pages: { path: string; as?: keyof typeof cookies; name?: string }[] = [
    { path: '/' },
    { path: booking },
    { path: `${booking}?date=${await dayToShow(sql)}`, name: `${booking}?date=` },
    { path: '/login' },
    { path: '/reservations', as: 'customer' },
    { path: `/reservations/${reservation?.id}`, as: 'customer', name: '/reservations/{id}' },
    { path: '/desk', as: 'staff' },
    { path: `/desk/${SHOWN}`, as: 'staff' },
    { path: `/board/${SHOWN}` },
    { path: '/admin', as: 'admin' },
  ];
  const lines: string[][] = [];
  let cold: Visit | undefined;
  for (const { path, as, name = path } of pages) {
    const visits = await visitTwice(browser, server.url, path, as && cookies[as]);
    if (path === booking) cold = visits.cold;
    if (visits.cold.status === 404) lines.push([name, 'not there yet (404)', '', '']);
    else lines.push([name, inWords(visits.cold), inWords(visits.warm), typesOf(visits.cold)]);
  }
  const { total = 0, requests = 0, byType = {} } = cold ?? {};
  const paints = await paintTimes(browser, server.url + booking);
  const rows: Row[] = [
    {
      what: 'booking page cold: HTML and CSS, Brotli',
      value: (byType.Document ?? 0) + (byType.Stylesheet ?? 0),
      show: kilobytes,
      goal: atMost(10_000, 10_000),
      note: `HTML ${kilobytes(byType.Document ?? 0)}, CSS ${kilobytes(byType.Stylesheet ?? 0)}, headers included`,
    },
    {
      what: 'booking page cold: everything',
      value: total,
      show: kilobytes,
      goal: atMost(24_000, 24_000),
      note: typesOf({ byType }),
    },
    { what: 'booking page cold: requests', value: requests, show: count, goal: atMost(4, 4), note: '' },
    {
      what: 'booking page: largest contentful paint of a slow phone',
      value: median(paints) / 1000,
      show: seconds,
      goal: atMost(1, 1),
      note: `1.6 Mbit/s, 150 ms, CPU 4 times slower; ${paints.map((paint) => seconds(paint / 1000)).join(', ')}`,
    },
  ];
  return { rows, text: table(['page', 'cold', 'warm', 'cold by type'], lines) };
}

async function visitTwice(
  browser: Browser,
  url: string,
  path: string,
  cookie: string | undefined,
): Promise<{ cold: Visit; warm: Visit }> {
  const context = await newContext(browser, url, cookie);
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    const cold = await visit(page, session, url + path);
    await page.goto('about:blank');
    return { cold, warm: await visit(page, session, url + path) };
  } finally {
    await context.close();
  }
}

async function newContext(browser: Browser, url: string, cookie?: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const [name, value] = cookie?.split('=', 2) ?? [];
  if (name && value) await context.addCookies([{ name, value, url }]);
  return context;
}

async function visit(page: Page, session: CDPSession, url: string): Promise<Visit> {
  const types = new Map<string, string>();
  const seen: Visit = { status: 0, requests: 0, total: 0, byType: {} };
  const cached = new Set<string>();
  const onResponse = (event: { requestId: string; type: string; response: { status: number } }) => {
    types.set(event.requestId, event.type);
    if (event.type === 'Document') seen.status = event.response.status;
  };
  const onCached = ({ requestId }: { requestId: string }) => cached.add(requestId);
  const onFinished = ({ requestId, encodedDataLength }: { requestId: string; encodedDataLength: number }) => {
    // What came from the browser's own cache never went over the wire.
    if (cached.has(requestId) || encodedDataLength === 0) return;
    const type = types.get(requestId) ?? 'Other';
    seen.requests += 1;
    seen.total += encodedDataLength;
    seen.byType[type] = (seen.byType[type] ?? 0) + encodedDataLength;
  };
  session.on('Network.responseReceived', onResponse);
  session.on('Network.requestServedFromCache', onCached);
  session.on('Network.loadingFinished', onFinished);
  await page.goto(url, { waitUntil: 'load' });
  // A page that stays connected (a live screen) is never idle, so this only leaves late requests some time.
  await page.waitForTimeout(500);
  session.off('Network.responseReceived', onResponse);
  session.off('Network.requestServedFromCache', onCached);
  session.off('Network.loadingFinished', onFinished);
  return seen;
}

async function paintTimes(browser: Browser, url: string): Promise<number[]> {
  const paints: number[] = [];
  for (let time = 0; time < PAINTS; time++) {
    const context = await newContext(browser, url);
    try {
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send('Network.enable');
      await session.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: SLOW.roundTripMs,
        downloadThroughput: SLOW.bytesPerSecond,
        uploadThroughput: SLOW.bytesPerSecond,
      });
      await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW.cpu });
      await page.goto(url, { waitUntil: 'load' });
      await page.waitForTimeout(500);
      paints.push(await page.evaluate(largestPaint));
    } finally {
      await context.close();
    }
  }
  return paints;
}

/** Runs in the page. */
function largestPaint(): Promise<number> {
  return new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? 0));
    observer.observe({ type: 'largest-contentful-paint', buffered: true });
  });
}

function inWords({ requests, total }: Visit): string {
  return `${kilobytes(total)} in ${requests}`;
}

function typesOf({ byType }: Pick<Visit, 'byType'>): string {
  return Object.entries(byType)
    .map(([type, bytes]) => `${type} ${kilobytes(bytes)}`)
    .join(', ');
}

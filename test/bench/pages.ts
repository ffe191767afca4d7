import { get, type IncomingHttpHeaders } from 'node:http';
import type { Recorded } from './children/bare.ts';
import { addServices, addWaiting, dayToShow, loginAs, type Service, serviceBySlug } from './fixture.ts';
import { type Child, CORES, startChild } from './processes.ts';
import { atMost, median, microseconds, type Row, times } from './report.ts';
import { type Measured, measure, type Subject, unwanted } from './servers.ts';

const ROUNDS = 3;
/** The pace of a machine that others share changes by half from one second to the next, and this figure has a limit in time. */
const ROUNDS_ANEW = 7;
const WAITING = 50;
const SHOWN = 'passports-and-id-cards';

export interface Page {
  name: string;
  path: string;
  headers: Record<string, string>;
}

/** The pages that are measured, with a line of fifty at the desk's panel. */
export async function preparePages({ sql }: Subject): Promise<{ pages: Page[]; line: Service }> {
  const [line] = (await addServices(sql, 'line', 1, 60)) as [Service];
  await addWaiting(sql, line, WAITING);
  const staff = await loginAs(sql, 'staff1@demo.example');
  const shown = await serviceBySlug(sql, SHOWN);
  const day = await dayToShow(sql);
  const fragment = { 'HX-Request': 'true', 'HX-Request-Type': 'partial', 'HX-Target': 'section#day-picker' };
  return {
    line,
    pages: [
      { name: 'services page', path: '/', headers: {} },
      { name: "day's slots, page", path: `/services/${SHOWN}?date=${day}`, headers: {} },
      { name: "day's slots, fragment", path: `/services/${SHOWN}?date=${day}`, headers: fragment },
      { name: "day's slots, JSON", path: `/api/services/${shown.id}/slots?date=${day}`, headers: {} },
      { name: 'desk panel, 50 waiting', path: `/desk/${line.slug}`, headers: { Cookie: staff } },
    ],
  };
}

/** CPU of a request beside that of a bare Hono that answers the same bytes under the same headers. */
export async function benchPages(subject: Subject, load: Child, seconds: number): Promise<Row[]> {
  const { pages } = await preparePages(subject);
  const answers = await Promise.all(pages.map((page) => answerOf(subject.port, page)));
  const recorded = answers.map(({ headers, body }, index) => ({
    path: `/${index}`,
    headers: kept(headers),
    body,
  }));
  const bare = await startChild('bare', CORES.server, { pages: recorded satisfies Recorded[] });
  try {
    const barePort = await bare.ask<number>({});
    const rows: Row[] = [];
    const rounds = { seconds, subject, bare, barePort, load };
    for (const [index, page] of pages.entries()) {
      const status = answers[index]?.status ?? 0;
      const what = `CPU of ${page.name}, ${subject.dialect}`;
      if (status !== 200) {
        const note = status === 404 ? 'not there yet (404)' : `answered ${status}`;
        rows.push({ what, value: undefined, show: times, note });
        continue;
      }
      const plain = await compare({ ...rounds, page, index, encoding: undefined });
      const brotli = await compare({ ...rounds, page, index, encoding: 'br' });
      rows.push({
        what,
        value: plain.ratio,
        show: times,
        goal: atMost(2, 3),
        note: `${plain.figures}, ${answers[index]?.body.length} B; Brotli ${brotli.ratio ? times(brotli.ratio) : '–'} (${brotli.figures})${plain.refused ?? ''}`,
        broken: plain.refused !== undefined,
      });
    }
    // Afterwards, since the many addresses that nobody asks for again fill what the program keeps.
    for (const [index, page] of pages.entries()) {
      if (answers[index]?.status === 200) rows.push(await madeAnew({ ...rounds, page, index }));
    }
    return rows;
  } finally {
    await bare.stop();
  }
}

interface Comparison {
  ratio: number | undefined;
  cpu: number | undefined;
  figures: string;
  refused: string | undefined;
}

interface Rounds {
  seconds: number;
  subject: Subject;
  bare: Child;
  barePort: number;
  load: Child;
  page: Page;
  index: number;
}

async function compare({
  seconds,
  subject,
  bare,
  barePort,
  load,
  page,
  index,
  encoding,
}: Rounds & { encoding: 'br' | undefined }): Promise<Comparison> {
  const accept: Record<string, string> = encoding ? { 'Accept-Encoding': encoding } : {};
  await load.ask({
    sources: {
      page: { kind: 'fixed', path: page.path, headers: { ...page.headers, ...accept } },
      bare: { kind: 'fixed', path: `/${index}`, headers: { ...page.headers, ...accept } },
    },
  });
  const ours = { pid: subject.server.pid, port: subject.port, source: 'page', awake: true };
  const floor = { pid: bare.pid, port: barePort, source: 'bare', awake: true };
  await measure(load, { ...ours, seconds: seconds / 2 });
  await measure(load, { ...floor, seconds: seconds / 3 });
  const rounds: { page: Measured; bare: Measured }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({
      page: await measure(load, { ...ours, seconds }),
      bare: await measure(load, { ...floor, seconds: seconds / 2 }),
    });
  }
  const refused = rounds
    .flatMap((round) => [unwanted(round.page, 200), unwanted(round.bare, 200)])
    .find((text) => text !== undefined);
  const cpu = median(rounds.map((round) => round.page.cpu ?? Number.NaN));
  const bareCpu = median(rounds.map((round) => round.bare.cpu ?? Number.NaN));
  const ratio = median(
    rounds.map((round) => (round.page.cpu ?? Number.NaN) / (round.bare.cpu ?? Number.NaN)),
  );
  if (Number.isNaN(ratio)) {
    return { ratio: undefined, cpu: undefined, figures: 'no CPU times on this system', refused };
  }
  return { ratio, cpu, figures: `${microseconds(cpu)} of ${microseconds(bareCpu)}`, refused };
}

/**
 * What a page costs when it is made anew each time: at an address that nobody asked for before. What it reads is kept,
 * so this is what it costs above its queries.
 */
async function madeAnew({ subject, bare, barePort, load, page, index, seconds }: Rounds): Promise<Row> {
  const source = { kind: 'fixed', path: page.path, headers: page.headers, fresh: true };
  const same = { kind: 'fixed', path: `/${index}`, headers: page.headers };
  await load.ask({ sources: { fresh: source, bare: same } });
  const ours = { pid: subject.server.pid, port: subject.port, source: 'fresh', awake: true };
  const floor = { pid: bare.pid, port: barePort, source: 'bare', awake: true };
  // Kept pages are served by little code; what makes them is only compiled after thousands of them.
  await measure(load, { ...ours, seconds: seconds * 6 });
  const rounds: { page: Measured; bare: Measured }[] = [];
  for (let round = 0; round < ROUNDS_ANEW; round++) {
    rounds.push({
      page: await measure(load, { ...ours, seconds }),
      bare: await measure(load, { ...floor, seconds: seconds / 2 }),
    });
  }
  const refused = rounds.map((round) => unwanted(round.page, 200)).find((text) => text !== undefined);
  const cpuOf = (side: 'page' | 'bare') => median(rounds.map((round) => round[side].cpu ?? Number.NaN));
  const isPanel = page.path.startsWith('/desk/');
  return {
    what: `CPU of ${page.name} above its queries, made anew, ${subject.dialect}`,
    value: cpuOf('page'),
    show: microseconds,
    ...(isPanel && { goal: atMost(250, 250) }),
    note: refused ?? `${times(cpuOf('page') / cpuOf('bare'))} of ${microseconds(cpuOf('bare'))}`,
    broken: refused !== undefined,
  };
}

/** Asked without Accept-Encoding, which `fetch` would always send. */
export function answerOf(
  port: number,
  { path, headers }: Page,
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    }).on('error', reject);
  });
}

/** Without those that the HTTP server adds by itself. */
export function kept(headers: IncomingHttpHeaders): [string, string][] {
  const own = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding']);
  return Object.entries(headers).flatMap(([name, value]) =>
    own.has(name) || value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
}

// What the program costs, each figure beside a floor that was measured in the same run: `npm run bench`.
// See docs/performance.md.
import { parseArgs } from 'node:util';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { benchBooking } from './booking.ts';
import { benchEstimates } from './estimates.ts';
import { benchHistory } from './history.ts';
import { benchActions, benchBroadcast } from './live.ts';
import { benchPages } from './pages.ts';
import { benchPolls } from './polls.ts';
import { type Child, CORES, pinning, startChild } from './processes.ts';
import { countQueries } from './queries.ts';
import { goalTable, markOf, type Row } from './report.ts';
import { type Subject, startSubject } from './servers.ts';
import type { Dialect } from './sql.ts';
import { benchWire } from './wire.ts';

const SECTIONS = ['booking', 'pages', 'history', 'live', 'queries', 'wire'] as const;
type Section = (typeof SECTIONS)[number];

const DIALECTS: readonly Dialect[] = ['postgres', 'sqlite'];
/** Whatever hangs, the run ends; the watchdogs of its processes and folders then clean up. */
const LIMIT_MS = 30 * 60_000;

interface Options {
  only: readonly Section[];
  /** How long a round of each side lasts; sections scale it by what they need. */
  seconds: number;
  history: number;
}

const HELP = `npm run bench -- [--only ${SECTIONS.join(',')}] [--seconds 2] [--history 1000000]`;

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: SECTIONS.join(',') },
      seconds: { type: 'string', default: '2' },
      history: { type: 'string', default: '1000000' },
      help: { type: 'boolean', default: false },
    },
  });
  const only = values.only.split(',') as Section[];
  const [time, history] = [Number(values.seconds), Number(values.history)];
  if (values.help || !only.every((name) => SECTIONS.includes(name)) || !(time > 0) || !(history > 0)) {
    console.log(HELP);
    process.exit(values.help ? 0 : 2);
  }
  return { only, seconds: time, history };
}

interface Machine {
  postgres: Postgres;
  load: Child;
  options: Options;
}

const RUN: Record<Section, (machine: Machine) => Promise<Row[]>> = {
  booking: ({ postgres, load, options }) =>
    onEach(DIALECTS, (dialect) =>
      withSubjects(1, dialect, postgres, ([subject]) =>
        benchBooking(subject as Subject, load, options.seconds),
      ),
    ),
  pages: ({ postgres, load, options }) =>
    onEach(DIALECTS, (dialect) =>
      withSubjects(1, dialect, postgres, ([subject]) =>
        benchPages(subject as Subject, load, options.seconds / 2),
      ),
    ),
  history: ({ postgres, load, options }) =>
    onEach(DIALECTS, (dialect) =>
      withSubjects(2, dialect, postgres, ([empty, full]) =>
        benchHistory(
          { empty: empty as Subject, full: full as Subject },
          load,
          options.seconds * 0.7,
          options.history,
        ),
      ),
    ),
  live: async ({ postgres, load, options }) => [
    ...benchEstimates(),
    ...(await onEach(DIALECTS, (dialect) =>
      withSubjects(1, dialect, postgres, async ([subject]) => [
        ...(await benchBroadcast(subject as Subject, load)),
        ...(await benchActions(subject as Subject, load, options.seconds)),
        ...(await benchPolls(subject as Subject, load, options.seconds / 2)),
      ]),
    )),
  ],
  queries: async ({ postgres }) => {
    const { rows, text } = await countQueries(postgres.url);
    console.log(`\nStatements per request, BEGIN and COMMIT included\n\n${text}`);
    return rows;
  },
  wire: ({ postgres }) =>
    withSubjects(1, 'sqlite', postgres, async ([subject]) => {
      const { rows, text } = await benchWire(subject as Subject);
      console.log(`\nOn the wire, headers included: bytes and requests\n\n${text}`);
      return rows;
    }),
};

async function main(): Promise<void> {
  const options = readOptions();
  setTimeout(() => {
    console.error(`Not done after ${LIMIT_MS / 60_000} minutes`);
    process.exit(1);
  }, LIMIT_MS).unref();
  const started = performance.now();
  console.log(`Node ${process.version}, ${pinning.note}; PostgreSQL and SQLite with durable commits`);
  const postgres = await startPostgres({ durable: true });
  const rows: Row[] = [];
  try {
    const load = await startChild('load', CORES.load, { sources: {} });
    try {
      for (const section of options.only) {
        const before = performance.now();
        const measured = await RUN[section]({ postgres, load, options });
        rows.push(...measured);
        const took = Math.round((performance.now() - before) / 1000);
        console.log(`\n${section}, ${took} s\n\n${goalTable(measured)}`);
      }
    } finally {
      await load.stop();
    }
  } finally {
    await postgres.stop();
  }
  console.log(`\nall of it\n\n${goalTable(rows)}\n`);
  const missed = rows.filter((row) => markOf(row) === 'MISSED').length;
  console.log(`${missed} of ${rows.length} missed, in ${Math.round((performance.now() - started) / 1000)} s`);
  process.exitCode = missed === 0 ? 0 : 1;
}

async function onEach<T>(items: readonly T[], work: (item: T) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (const item of items) rows.push(...(await work(item)));
  return rows;
}

/** Runs `work` on so many servers, each with a database of its own, and ends them whatever happens. */
async function withSubjects<T>(
  count: number,
  dialect: Dialect,
  postgres: Postgres,
  work: (subjects: Subject[]) => Promise<T>,
): Promise<T> {
  const subjects: Subject[] = [];
  try {
    for (let index = 0; index < count; index++) subjects.push(await startSubject(dialect, postgres.url));
    return await work(subjects);
  } finally {
    for (const subject of subjects) await subject.stop();
  }
}

await main();

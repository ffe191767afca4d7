import { bookingSource } from './booking.ts';
import { addCustomers, addHistory, addServices, slotsOf } from './fixture.ts';
import { preparePages } from './pages.ts';
import type { Child } from './processes.ts';
import { atMost, median, type Row, times } from './report.ts';
import { type Measured, measure, type Subject, unwanted } from './servers.ts';
import type { Sql } from './sql.ts';

const SERVICES = 12;
/** The slowest percent swings with each pause of the disk: it takes many rounds until their median stands still. */
const ROUNDS = 11;
/** And of bookings, which wait for a disk that others share, with each flush. */
const ROUNDS_BOOKING = 25;

/** The slowest percent of answers on a database with a long past, beside those on one without. */
export async function benchHistory(
  { empty, full }: { empty: Subject; full: Subject },
  load: Child,
  seconds: number,
  reservations: number,
): Promise<Row[]> {
  const sides = {
    empty: { subject: empty, pages: await prepare(empty, load, 'empty', 0) },
    full: { subject: full, pages: await prepare(full, load, 'full', reservations) },
  };
  const rows: Row[] = [];
  for (const [name, status] of sides.full.pages) {
    rows.push(await compare(sides, load, name, status, seconds));
  }
  return rows;
}

type Side = { subject: Subject; pages: Map<string, number> };

/** Answers each thing that is measured with the status that it answers. */
async function prepare(
  subject: Subject,
  load: Child,
  side: string,
  reservations: number,
): Promise<Map<string, number>> {
  const { sql, server } = subject;
  const customers = await addCustomers(sql);
  const slots = await slotsOf(sql, await addServices(sql, 'booked', SERVICES));
  const { pages } = await preparePages(subject);
  const measured = pages.filter(({ name }) => !/fragment|JSON/.test(name));
  if (reservations > 0) await loadHistory(sql, reservations, customers.userIds);
  const fixed = measured.map(({ name, path, headers }) => [
    `${side} ${name}`,
    { kind: 'fixed', path, headers: { ...headers, 'Accept-Encoding': 'br' } },
  ]);
  await load.ask({
    sources: { [`${side} booking`]: bookingSource(customers, slots), ...Object.fromEntries(fixed) },
  });
  const statuses = await Promise.all(
    measured.map(async ({ name, path, headers }): Promise<[string, number]> => {
      const response = await fetch(server.url + path, { headers });
      await response.arrayBuffer();
      return [name, response.status];
    }),
  );
  return new Map([['booking', 201], ...statuses]);
}

async function loadHistory(sql: Sql, reservations: number, userIds: readonly string[]): Promise<void> {
  const started = performance.now();
  await addHistory(sql, reservations, userIds);
  const [rows] = await sql.rows(
    'SELECT (SELECT count(*) FROM reservations) AS reservations, (SELECT count(*) FROM queue_entries) AS tickets',
  );
  const time = Math.round((performance.now() - started) / 1000);
  console.log(`  ${sql.dialect}: ${rows?.reservations} reservations, ${rows?.tickets} tickets, in ${time} s`);
}

async function compare(
  sides: { empty: Side; full: Side },
  load: Child,
  name: string,
  status: number,
  seconds: number,
): Promise<Row> {
  const { dialect } = sides.full.subject;
  const what = `p99 of ${name} with a history, ${dialect}`;
  if (status >= 300) {
    const note = status === 404 ? 'not there yet (404)' : `answered ${status}`;
    return { what, value: undefined, show: times, note };
  }
  const run = (side: 'empty' | 'full', time: number) => {
    const { server, port } = sides[side].subject;
    return measure(load, { pid: server.pid, port, source: `${side} ${name}`, seconds: time });
  };
  await run('empty', seconds / 2);
  await run('full', seconds / 2);
  const rounds: Record<'empty' | 'full', Measured>[] = [];
  for (let round = 0; round < (name === 'booking' ? ROUNDS_BOOKING : ROUNDS); round++) {
    rounds.push({ empty: await run('empty', seconds), full: await run('full', seconds) });
  }
  const refused = rounds
    .flatMap(({ empty, full }) => [unwanted(empty, status), unwanted(full, status)])
    .find((text) => text !== undefined);
  const milliseconds = (side: 'empty' | 'full', of: 'p50' | 'p99') =>
    median(rounds.map((round) => round[side][of])).toFixed(1);
  return {
    what,
    value: median(rounds.map(({ empty, full }) => full.p99 / empty.p99)),
    show: times,
    goal: atMost(1.1, 1.3),
    note: `p99 ${milliseconds('full', 'p99')} ms of ${milliseconds('empty', 'p99')} ms, p50 ${milliseconds('full', 'p50')} ms of ${milliseconds('empty', 'p50')} ms${refused ? `, ${refused}` : ''}`,
    broken: refused !== undefined,
  };
}

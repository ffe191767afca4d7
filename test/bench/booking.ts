import { addCustomers, addServices, type Customers, locationOf, slotsOf } from './fixture.ts';
import { type Child, CORES, startChild } from './processes.ts';
import type { RawSetup } from './raw.ts';
import { atLeast, median, microseconds, percent, type Row } from './report.ts';
import { type Measured, measure, type Subject, unwanted } from './servers.ts';

/** With fewer services, bookings would wait for each other's (service, day), and not for the program. */
const SERVICES = 12;
const ROUNDS = 5;

/** How many bookings the program makes over HTTP for each that the bare driver makes on the same database. */
export async function benchBooking(subject: Subject, load: Child, seconds: number): Promise<Row[]> {
  const { dialect, sql } = subject;
  const customers = await addCustomers(sql);
  const slots = await slotsOf(sql, await addServices(sql, 'booked', SERVICES));
  const setup: RawSetup = {
    url: subject.server.databaseUrl,
    locationId: await locationOf(sql),
    userIds: customers.userIds,
    slots: await slotsOf(sql, await addServices(sql, 'floor', SERVICES)),
  };
  const raw = await startChild(`raw-${dialect}`, CORES.server, { ...setup });
  try {
    const source = bookingSource(customers, slots);
    await load.ask({ sources: { booking: source, keyed: { ...source, keyed: true } } });
    const program = (seconds: number, source: 'booking' | 'keyed' = 'booking') =>
      measure(load, { pid: subject.server.pid, port: subject.port, source, seconds });
    return dialect === 'postgres'
      ? await onPostgres(program, raw, seconds)
      : await onSqlite(program, raw, seconds);
  } finally {
    await raw.stop();
  }
}

export function bookingSource({ cookies }: Customers, slots: RawSetup['slots']) {
  const wanted = slots.map(({ serviceId, starts }) => ({
    serviceId,
    timeSlot: new Date(starts).toISOString(),
  }));
  return { kind: 'booking', cookies, slots: wanted };
}

type Run = (seconds: number, source?: 'booking' | 'keyed') => Promise<Measured>;

async function onPostgres(program: Run, raw: Child, seconds: number): Promise<Row[]> {
  const floor = () => rate(raw, { seconds });
  await program(Math.min(2, seconds));
  await rate(raw, { seconds: Math.min(1, seconds) });
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({
      http: await program(seconds),
      keyed: await program(seconds, 'keyed'),
      raw: await floor(),
    });
  }
  return [
    row({
      what: 'booking over HTTP of one named statement on pg, PostgreSQL',
      https: rounds.map(({ http }) => http),
      raws: rounds.map((round) => round.raw),
      goal: atLeast(0.7, 0.4),
    }),
    row({
      what: 'the same with an Idempotency-Key, as forms have it, PostgreSQL',
      https: rounds.map(({ keyed }) => keyed),
      raws: rounds.map((round) => round.raw),
    }),
  ];
}

async function onSqlite(program: Run, raw: Child, seconds: number): Promise<Row[]> {
  await program(Math.min(2, seconds));
  await rate(raw, { seconds: 0.5, group: 1 });
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({
      http: await program(seconds),
      keyed: await program(seconds, 'keyed'),
      single: await rate(raw, { seconds: seconds / 2, group: 1 }),
      grouped: await rate(raw, { seconds: seconds / 2, group: 16 }),
    });
  }
  const https = rounds.map(({ http }) => http);
  return [
    row({
      what: 'booking over HTTP of the raw driver one by one, SQLite',
      https,
      raws: rounds.map(({ single }) => single),
      goal: atLeast(0.25, 0.15),
    }),
    row({
      what: 'the same with an Idempotency-Key, as forms have it, SQLite',
      https: rounds.map(({ keyed }) => keyed),
      raws: rounds.map(({ single }) => single),
    }),
    row({
      what: 'booking over HTTP of the raw driver 16 to a COMMIT, SQLite',
      https,
      raws: rounds.map(({ grouped }) => grouped),
    }),
  ];
}

async function rate(raw: Child, message: { seconds: number; group?: number }): Promise<number> {
  const { done, seconds } = await raw.ask<{ done: number; seconds: number }>(message);
  return done / seconds;
}

function row({
  what,
  https,
  raws,
  goal,
}: {
  what: string;
  https: Measured[];
  raws: number[];
  goal?: Row['goal'];
}): Row {
  const rates = https.map((http) => http.requests / http.seconds);
  const cpu = median(https.map((http) => http.cpu ?? Number.NaN));
  const refused = https.map((http) => unwanted(http, 201)).find((text) => text !== undefined);
  const p99 = median(https.map((http) => http.p99));
  const figures = [
    `${Math.round(median(rates))}/s of ${Math.round(median(raws))}/s`,
    Number.isNaN(cpu) ? '' : `CPU ${microseconds(cpu)}`,
    `p99 ${p99.toFixed(1)} ms`,
    refused ?? '',
  ];
  return {
    what,
    value: median(rates.map((each, index) => each / (raws[index] ?? Number.NaN))),
    show: percent,
    ...(goal && { goal }),
    note: figures.filter((text) => text !== '').join(', '),
    broken: refused !== undefined,
  };
}

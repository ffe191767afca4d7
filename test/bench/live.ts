import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Fixed, Load } from './children/load.ts';
import type { Seen } from './children/viewers.ts';
import { addServices, addTickets, addWaiting, loginAs, type Service } from './fixture.ts';
import { type Child, CORES, startChild } from './processes.ts';
import { atMost, median, microseconds, type Row, times } from './report.ts';
import { measure, type Subject, unwanted } from './servers.ts';

const VIEWERS = 10_000;
const CALLS = 7;
const WAITING = 50;

/** Ten thousand viewers of one board, and one call: when the last of them has it, and what it costs the others. */
export async function benchBroadcast(subject: Subject, load: Child): Promise<Row[]> {
  const [line] = (await addServices(subject.sql, 'watched', 1)) as [Service];
  await addWaiting(subject.sql, line, WAITING);
  const staff = await loginAs(subject.sql, 'staff1@demo.example');
  const ours = await startChild('viewers', CORES.load, {});
  const bare = await startChild('broadcast', CORES.server, {});
  const theirs = await startChild('viewers', CORES.load, {});
  try {
    const before = residentBytes(subject.server.pid);
    await ours.ask({ open: { port: subject.port, path: `/live/boards/${line.slug}`, count: VIEWERS } });
    const each = (residentBytes(subject.server.pid) - before) / VIEWERS;
    const barePort = await bare.ask<number>({});
    const bareBefore = residentBytes(bare.pid);
    await theirs.ask({ open: { port: barePort, path: '/', count: VIEWERS } });
    const bareEach = (residentBytes(bare.pid) - bareBefore) / VIEWERS;

    await load.ask({ sources: { other: { kind: 'fixed', path: '/', headers: {} } } });
    const rounds: { ours: number; bare: number; other: number; bytes: number }[] = [];
    for (let call = 0; call < CALLS; call++) {
      const called = await callNext(subject, staff, line);
      const seen = ours.ask<Seen>({ expect: called.text });
      // A few others meanwhile, as a waiting room has them: not as fast as they can.
      const others = load.ask<Load>({
        run: { port: subject.port, source: 'other', connections: 4, seconds: 1, pause: 10 },
      });
      await pause(100);
      const began = performance.timeOrigin + performance.now();
      await called.go();
      const { last, bytes } = await seen;
      const { p99 } = await others;
      const filler = `data: ${'x'.repeat(Math.max(1, bytes - 10))}${call}\n\n`;
      const bareSeen = theirs.ask<Seen>({ expect: filler.slice(-24) });
      const bareBegan = await bare.ask<number>({ send: filler });
      rounds.push({ ours: last - began, bare: (await bareSeen).last - bareBegan, other: p99, bytes });
    }
    const ms = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick));
    return [
      {
        what: `one call to ${VIEWERS} viewers, ${subject.dialect}: until the last has it`,
        value: ms((round) => round.ours),
        show: milliseconds,
        goal: atMost(250, 250),
        note: `${times(ms((round) => round.ours / round.bare))} of a bare Node broadcast of the same ${rounds[0]?.bytes} B (${milliseconds(ms((round) => round.bare))}); the call itself included`,
      },
      {
        what: `memory of a viewer, ${subject.dialect}`,
        value: each / 1024,
        show: (value) => `${value.toFixed(1)} KiB`,
        goal: atMost(15, 15),
        note: `bare Node ${(bareEach / 1024).toFixed(1)} KiB`,
      },
      {
        what: `p99 of other requests meanwhile, ${subject.dialect}`,
        value: ms((round) => round.other),
        show: milliseconds,
        goal: atMost(50, 50),
        note: 'the services page, 4 connections, in the second around the call',
      },
    ];
  } finally {
    await Promise.all([ours.stop(), theirs.stop(), bare.stop()]);
  }
}

/** What the next call will show, and the call. */
async function callNext(subject: Subject, staff: string, line: Service) {
  const base = `http://127.0.0.1:${subject.port}`;
  const headers = { cookie: staff, 'content-type': 'application/json' };
  const queue = await fetch(`${base}/api/queues/${line.id}`, { headers });
  const { data } = (await queue.json()) as { data: { number: string; status: string }[] };
  const next = data.find(({ status }) => status === 'waiting');
  if (!next) throw new Error('Nobody is waiting any more');
  return {
    text: `Number ${next.number.replace(/^(\D+)/, '$1 ')}.`,
    go: async () => {
      const answer = await fetch(`${base}/api/queues/${line.id}/advance`, {
        method: 'POST',
        headers,
        body: '{}',
      });
      if (answer.status !== 200) throw new Error(`advance answered ${answer.status}`);
      await answer.arrayBuffer();
    },
  };
}

const milliseconds = (value: number) => `${value.toFixed(0)} ms`;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Of the process, at rest. */
function residentBytes(pid: number): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return pages * 4096;
  } catch {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
  }
}

/** Tickets of a day, most of them over. */
const DAYS = [1, 100, 5_000];

/** A desk's action over HTTP with so many tickets in the day: its recall of one of them, which changes the line each time. */
export async function benchActions(subject: Subject, load: Child, seconds: number): Promise<Row[]> {
  const staff = await loginAs(subject.sql, 'staff1@demo.example');
  const measured: { tickets: number; time: number; cpu: number; refused: string | undefined }[] = [];
  for (const tickets of DAYS) {
    const [line] = (await addServices(subject.sql, `day-of-${tickets}`, 1)) as [Service];
    await addTickets(subject.sql, line, tickets, 100);
    const called = await callFirst(subject, staff, line);
    await load.ask({ sources: { action: recallOf(staff, called) } });
    const ours = { pid: subject.server.pid, port: subject.port, source: 'action', connections: 1 };
    await measure(load, { ...ours, seconds: seconds / 2 });
    const run = await measure(load, { ...ours, seconds });
    measured.push({
      tickets,
      time: (run.seconds * 1e6) / run.requests,
      cpu: run.cpu ?? Number.NaN,
      refused: unwanted(run, 200),
    });
  }
  const [, few, many] = measured;
  const refused = measured.map((one) => one.refused).find((text) => text !== undefined);
  return [
    {
      what: `a desk's action with 5,000 tickets in the day, ${subject.dialect}`,
      value: many && few && many.time / few.time,
      show: times,
      goal: atMost(1.5, 3),
      note: [
        ...measured.map(
          ({ tickets, time, cpu }) => `${tickets}: ${microseconds(time)}, CPU ${microseconds(cpu)}`,
        ),
        refused ?? '',
      ]
        .filter((text) => text !== '')
        .join('; '),
      broken: refused !== undefined,
    },
  ];
}

/** Changes the line of a ticket that was called, as often as it is sent. */
export function recallOf(staff: string, called: string): Fixed {
  return {
    kind: 'fixed',
    method: 'POST',
    path: `/api/entries/${called}/recall`,
    headers: { Cookie: staff, 'Content-Type': 'application/json', 'Content-Length': '2' },
    body: '{}',
  };
}

export async function callFirst(subject: Subject, staff: string, line: Service): Promise<string> {
  const base = `http://127.0.0.1:${subject.port}`;
  const headers = { cookie: staff, 'content-type': 'application/json' };
  const queue = await fetch(`${base}/api/queues/${line.id}`, { headers });
  const { data } = (await queue.json()) as { data: { id: string }[] };
  const id = data[0]?.id ?? '';
  const answer = await fetch(`${base}/api/entries/${id}/call`, { method: 'POST', headers, body: '{}' });
  if (answer.status !== 200) throw new Error(`call answered ${answer.status}`);
  return id;
}

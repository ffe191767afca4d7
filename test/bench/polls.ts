import type { Recorded } from './children/bare.ts';
import { addServices, addTickets, loginAs, type Service } from './fixture.ts';
import { callFirst, recallOf } from './live.ts';
import { answerOf, kept } from './pages.ts';
import { type Child, CORES, startChild } from './processes.ts';
import { atLeast, median, percent, type Row } from './report.ts';
import { type Measured, measure, type Subject } from './servers.ts';

const PHONES = 500;
const ROUNDS = 3;

/** Phones that follow their tickets, polling as fast as they can, beside a bare Hono that answers them the same. */
export async function benchPolls(subject: Subject, load: Child, seconds: number): Promise<Row[]> {
  const { sql, dialect, port, server } = subject;
  const [line] = (await addServices(sql, 'polled', 1)) as [Service];
  const paths = (await addTickets(sql, line, PHONES, PHONES)).map((token) => `/t/${token}`);
  const staff = await loginAs(sql, 'staff1@demo.example');
  await load.ask({ sources: { change: recallOf(staff, await callFirst(subject, staff, line)) } });
  const poll = { 'HX-Request': 'true', 'HX-Request-Type': 'partial', 'HX-Target': 'div#ticket-panel' };
  const bare = await startChild('bare', CORES.server, {
    pages: [{ path: '/none', headers: [], body: '' }],
  });
  const ours = { pid: server.pid, port, source: 'phones', awake: true };
  try {
    const barePort = await bare.ask<number>({});
    const floor = { pid: bare.pid, port: barePort, source: 'bare', awake: true };

    const unchanged: { ours: Measured; bare: Measured }[] = [];
    const changed: typeof unchanged = [];
    // The first round warms both sides up.
    for (let round = 0; round <= ROUNDS; round++) {
      // A ticket also tells the minute: a round that runs into the next one would be of both kinds.
      await untilSecond(2, 56 - 2 * seconds);
      const answers = await Promise.all(
        paths.map((path) => answerOf(port, { name: '', path, headers: poll })),
      );
      const tagOf = (index: number) => String(answers[index]?.headers['hx-ptag']);
      const screens = paths.map((path, index) => ({ path, headers: { ...poll, 'HX-PTag': tagOf(index) } }));
      await load.ask({ sources: { phones: { kind: 'polls', screens } } });
      const [first] = screens as [(typeof screens)[number]];
      const same = await answerOf(port, { name: '', ...first });
      await recordBare(bare, load, first, { headers: kept(same.headers), body: null });
      unchanged.push({
        ours: await measure(load, { ...ours, seconds }),
        bare: await measure(load, { ...floor, seconds: seconds / 2 }),
      });

      await load.ask({
        sources: { phones: { kind: 'polls', screens: paths.map((path) => ({ path, headers: poll })) } },
      });
      await recordBare(
        bare,
        load,
        { path: first.path, headers: poll },
        { headers: kept(answers[0]?.headers ?? {}), body: answers[0]?.body ?? '' },
      );
      // Every phone asks once after each change, so that each of its answers is made anew.
      const between = { requests: PHONES, source: 'change' };
      // What makes an answer is only compiled after tens of thousands of them.
      if (round === 0) await measure(load, { ...ours, seconds: seconds * 10, between });
      changed.push({
        ours: await measure(load, { ...ours, seconds, between }),
        bare: await measure(load, { ...floor, seconds: seconds / 2 }),
      });
    }
    return [
      row(`polls of phones in a line that did not change, ${dialect}`, unchanged.slice(1), 304),
      row(`polls of phones in a line that changed, ${dialect}`, changed.slice(1), 200),
    ];
  } finally {
    await bare.stop();
  }
}

function row(what: string, rounds: { ours: Measured; bare: Measured }[], status: number): Row {
  const rate = ({ requests, seconds }: Measured) => requests / seconds;
  const other = rounds.map(({ ours }) => 1 - (ours.statuses[status] ?? 0) / ours.requests);
  const cpu = (pick: (round: (typeof rounds)[number]) => Measured) =>
    Math.round(median(rounds.map((round) => pick(round).cpu ?? Number.NaN)));
  return {
    what,
    value: median(rounds.map(({ ours, bare }) => rate(ours) / rate(bare))),
    show: percent,
    goal: atLeast(0.5, 0.5),
    note: `${Math.round(median(rounds.map(({ ours }) => rate(ours))))}/s of ${Math.round(median(rounds.map(({ bare }) => rate(bare))))}/s; CPU ${cpu(({ ours }) => ours)} µs of ${cpu(({ bare }) => bare)} µs; ${rounds[0]?.ours.bytes} B`,
    broken: other.some((share) => share > 0.02),
  };
}

/** The floor is asked the same, and answers the same. */
async function recordBare(
  bare: Child,
  load: Child,
  asked: { path: string; headers: Record<string, string> },
  answer: Pick<Recorded, 'headers' | 'body'>,
): Promise<void> {
  await bare.ask({ pages: [{ path: asked.path, ...answer }] });
  await load.ask({ sources: { bare: { kind: 'fixed', ...asked } } });
}

/** Waits until the second of the minute lies between these. */
async function untilSecond(from: number, to: number): Promise<void> {
  for (;;) {
    const second = (Date.now() % 60_000) / 1000;
    if (second >= from && second <= to) return;
    await pause(200);
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

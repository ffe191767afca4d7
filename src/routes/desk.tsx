import { Hono } from 'hono';
import { QueueList } from '../../views/desk/list.tsx';
import { DeskAnswer, DeskPage, DeskUpdate } from '../../views/desk/panel.tsx';
import { DESK_VERBS, type DeskNotice, type DeskView, type Done } from '../../views/desk/view.ts';
import { WalkIn } from '../../views/desk/walk-in.tsx';
import { blankForm, type FormState } from '../../views/parts.tsx';
import type { Ui } from '../../views/ui.ts';
import { found } from '../actions/act.ts';
import { panelOf, workedQueues } from '../actions/panel.ts';
import { addWalkIn, advance, reachQueue } from '../actions/queue.ts';
import { checkIn, reachReservation } from '../actions/reservations.ts';
import { moveTicket, reachTicket } from '../actions/tickets.ts';
import { CATALOG, lineTopic } from '../db/changes.ts';
import { lastEventOf } from '../db/events.ts';
import { queueVersion } from '../db/queue.ts';
import { MINUTE } from '../domain/clock.ts';
import { localDay } from '../domain/days.ts';
import type { Refusal } from '../domain/errors.ts';
import type { Panel } from '../domain/panel.ts';
import type { PlacedService } from '../domain/service.ts';
import type { QueueEntry } from '../domain/ticket.ts';
import { parse } from '../forms/parse.ts';
import { advanceForm, verbForm, walkInForm } from '../forms/queue.ts';
import { attempt, type Failure, formAgain, sentenceOf } from '../web/attempt.ts';
import type { C, Env } from '../web/env.ts';
import { statusOf } from '../web/errors.ts';
import { type Input, readInput } from '../web/input.ts';
import { type Answer, once } from '../web/once.ts';
import {
  afterForm,
  doneHere,
  notModified,
  type Screen,
  show,
  showKept,
  tagOf,
  uiOf,
  unchanged,
} from '../web/render.tsx';
import { actFor } from '../web/session.ts';

/** How often a panel without JavaScript loads itself again, in seconds; longer where there is something to read. */
const REFRESH = 10;
const REFRESH_NOTICE = 30;

export const deskPages = new Hono<Env>()
  .get('/desk', async (c) => {
    const queues = await workedQueues(await actFor(c));
    const ui = await uiOf(c);
    return show(c, ui, {
      title: ui.text.desk.title,
      width: 'wide',
      main: () => <QueueList ui={ui} queues={queues} />,
    });
  })
  .get('/desk/:slug', async (c) => {
    const service = await reach(c);
    const ui = await uiOf(c);
    const tag = await stateOf(c, ui, service);
    if (unchanged(c, tag)) return notModified(c, tag);
    const notice = noticeOf(ui, doneIn(c));
    if (notice) return showPanel(c, ui, service, { tag, notice });
    const day = localDay(ui.now, service.location.timeZone);
    return showKept(c, ui, [CATALOG, lineTopic(service.id, day)], (ui) =>
      panelScreen(c, ui, service, { tag }),
    );
  })
  .get('/desk/:slug/walk-in', async (c) => {
    const service = await reach(c);
    found(service.walkIns && service.retiredAt === null);
    return showPanel(c, await uiOf(c), service, { walkIn: blankForm });
  })
  .post('/desk/:slug/advance', (c) =>
    doForm(c, 'advance', async (service, input) => {
      const form = parse(advanceForm, input.fields);
      return once(
        c,
        input,
        (act) => advance(act, service, form),
        ({ completed, inService }) => outcome([said('complete', completed), said('start', inService)]),
      );
    }),
  )
  .post('/desk/:slug/entries', (c) =>
    doForm(c, 'walk-in', async (service, input) => {
      const form = parse(walkInForm, input.fields);
      return once(
        c,
        input,
        (act) => addWalkIn(act, service, form),
        (entry) => outcome([said('walk-in', entry)], entry),
      );
    }),
  )
  .post('/desk/:slug/reservations/:id/check-in', (c) =>
    doForm(c, 'check-in', async (service, input) => {
      const reached = await reachReservation(await actFor(c), c.req.param('id'));
      found(reached.service.id === service.id);
      return once(
        c,
        input,
        (act) => checkIn(act, reached),
        (entry) => outcome([said('check-in', entry)], entry),
      );
    }),
  );

for (const verb of DESK_VERBS) {
  deskPages.post(`/desk/:slug/entries/:id/${verb}`, (c) =>
    doForm(c, verb, async (service, input) => {
      const entry = await reachTicket(await actFor(c), c.req.param('id'), verb);
      found(entry.serviceId === service.id);
      const form = parse(verbForm, input.fields);
      return once(
        c,
        input,
        (act) => moveTicket(act, entry, verb, form),
        (moved) => outcome([said(verb, moved)], moved),
      );
    }),
  );
}

/** What a form did, as it is kept for one that is sent twice. */
interface Outcome {
  done: Done[];
  touched?: string;
}

/** Does a form's work. A plain browser goes back to the panel; htmx gets it at once; a refusal shows it as it is now. */
async function doForm(
  c: C,
  verb: Done['verb'] | 'advance',
  work: (service: PlacedService, input: Input) => Promise<Answer>,
): Promise<Response> {
  const service = await reach(c);
  const input = await readInput(c);
  const result = await attempt(() => work(service, input));
  if (!result.ok) return showRefusal(c, service, verb, input, result);
  const { done, touched } = result.value.body as Outcome;
  return afterForm(c, backTo(c, service, done), async () => {
    const ui = await uiOf(c);
    return showPanel(c, ui, service, { notice: noticeOf(ui, done), touched });
  });
}

async function showRefusal(
  c: C,
  service: PlacedService,
  verb: Done['verb'] | 'advance',
  { fields }: Input,
  failure: Failure,
): Promise<Response> {
  const ui = await uiOf(c);
  const status = statusOf(failure.refusal);
  if (verb === 'walk-in' && failure.refusal.code === 'invalid') {
    return showPanel(c, ui, service, { status, walkIn: formAgain(ui, fields, failure) });
  }
  const sentence = await explain(c, ui, service, verb, failure.refusal);
  return showPanel(c, ui, service, { status, refused: sentence });
}

interface Shown {
  status?: ReturnType<typeof statusOf>;
  tag?: string;
  notice?: DeskNotice | undefined;
  /** Why the form was refused. */
  refused?: string;
  walkIn?: FormState;
  touched?: string | undefined;
}

async function showPanel(c: C, ui: Ui, service: PlacedService, shown: Shown): Promise<Response> {
  return show(c, ui, await panelScreen(c, ui, service, shown));
}

async function panelScreen(c: C, ui: Ui, service: PlacedService, shown: Shown): Promise<Screen> {
  const { store } = c.get('parts');
  const day = localDay(ui.now, service.location.timeZone);
  const tag = shown.tag ?? (await stateOf(c, ui, service));
  const panel = await panelOf(store, service, day, ui.now);
  const { walkIn, touched, refused } = shown;
  const notice = refused === undefined ? shown.notice : refusalNotice(ui, refused, panel);
  const view: DeskView = { ui, service, panel, tag, paused: isPaused(c), walkIn, touched, notice };
  return {
    title: ui.text.desk.panelTitle(panel.line.counts.waiting, service.name),
    width: 'wide',
    tag,
    ...(shown.status && { status: shown.status }),
    // Nobody's typing is interrupted, and nobody's reading cut short.
    ...(!view.paused &&
      !walkIn && { refresh: notice ? REFRESH_NOTICE : REFRESH, refreshTo: `/desk/${service.slug}` }),
    main: () => <DeskPage view={view} />,
    parts: {
      'desk-panel': () => (c.req.method === 'GET' ? <DeskUpdate view={view} /> : <DeskAnswer view={view} />),
      'walk-in': () => <WalkIn view={view} />,
    },
  };
}

async function reach(c: C): Promise<PlacedService> {
  return reachQueue(await actFor(c), { slug: c.req.param('slug') ?? '' });
}

/** Names what a panel shows: the line's version, the minute that waiting times are counted to, and who looks. */
async function stateOf(c: C, ui: Ui, service: PlacedService): Promise<string> {
  const day = localDay(ui.now, service.location.timeZone);
  const version = await queueVersion(c.get('parts').store, service.id, day);
  const minute = Math.floor(ui.now.getTime() / MINUTE);
  return tagOf(service.id, service.version, day, version, minute, ui.actor?.id ?? '', String(isPaused(c)));
}

function isPaused(c: C): boolean {
  return c.req.query('pause') !== undefined;
}

function outcome(done: (Done | undefined)[], touched?: QueueEntry): Answer {
  const body: Outcome = {
    done: done.filter((one) => one !== undefined),
    ...(touched && { touched: touched.id }),
  };
  return { status: 200, body };
}

function said(verb: Done['verb'], entry: QueueEntry | null): Done | undefined {
  return entry ? { verb, number: entry.number } : undefined;
}

/** Back to the panel, with what was done: `?done=complete-A11&done=start-A12`. */
function backTo(c: C, service: PlacedService, done: Done[]): string {
  const query = new URLSearchParams(isPaused(c) ? { pause: '' } : {});
  for (const { verb, number } of done) query.append('done', `${verb}-${number}`);
  if (done.length === 0) query.append('done', 'nothing');
  return `/desk/${service.slug}?${query}`;
}

const DONE = new RegExp(`^(${[...DESK_VERBS, 'check-in', 'walk-in'].join('|')})-([A-Z]{1,2}[0-9]{1,6})$`);

/** What the form that led here did; undefined when that is nothing that we would have written. */
function doneIn(c: C): Done[] | undefined {
  const given = doneHere(c);
  if (given[0] === 'nothing') return [];
  const done = given.slice(0, 2).flatMap((text) => {
    const [, verb, number] = DONE.exec(text) ?? [];
    return verb && number ? [{ verb: verb as Done['verb'], number }] : [];
  });
  return done.length > 0 ? done : undefined;
}

function noticeOf({ text: { desk } }: Ui, done: Done[] | undefined): DeskNotice | undefined {
  if (!done) return undefined;
  return {
    kind: 'success',
    text: done.map(({ verb, number }) => desk.done[verb](number)).join(' ') || desk.nothingToDo,
  };
}

function refusalNotice({ text: { desk } }: Ui, sentence: string, { next }: Panel): DeskNotice {
  return { kind: 'warning', text: `${sentence} ${next ? desk.nextIs(next.number) : desk.nobodyWaits}` };
}

/** Who was faster, and with what; or whatever else stood in the way. */
async function explain(
  c: C,
  ui: Ui,
  service: PlacedService,
  verb: Done['verb'] | 'advance',
  refusal: Refusal,
): Promise<string> {
  const { code, facts } = refusal;
  const t = ui.text.desk;
  if (facts.status === 'canceled') return t.reservationCanceled;
  const entry = (facts.entry ?? facts.shown ?? facts.serving) as QueueEntry | null | undefined;
  if (!entry) return sentenceOf(ui, refusal);
  if (code === 'wrong_state' && verb === 'reinstate' && entry.status === 'skipped')
    return t.graceOver(entry.number);
  const last = await lastEventOf(c.get('parts').store, entry.id);
  if (!last) return sentenceOf(ui, refusal);
  const happened =
    last.verb === 'advance' ? (entry.status === 'completed' ? 'complete' : 'start') : last.verb;
  const time = ui.format.time(last.at, service.location.timeZone);
  return t.already(entry.number, t.happened[happened] ?? t.changed, last.actorName, time);
}

import { deskAnswer, deskPage, deskUpdate } from '../../../views/desk/panel.ts';
import { KeptRows } from '../../../views/desk/rows.ts';
import {
  DEEDS,
  type Deed,
  type DeskNotice,
  type DeskView,
  type Done,
  type Scope,
  takesNobody,
  type Undoable,
  walkInServices,
} from '../../../views/desk/view.ts';
import { WalkIn } from '../../../views/desk/walk-in.tsx';
import type { FormState } from '../../../views/parts.tsx';
import type { Ui } from '../../../views/ui.ts';
import { estimatesForNew } from '../../actions/estimates.ts';
import { panelOf } from '../../actions/panel.ts';
import { CATALOG, lineTopic, PEOPLE } from '../../db/changes.ts';
import { minuteOf } from '../../domain/clock.ts';
import type { Refusal, RefusalCode } from '../../domain/errors.ts';
import { isId } from '../../domain/id.ts';
import type { Panel } from '../../domain/panel.ts';
import { needsOf, type QueueEntry } from '../../domain/ticket.ts';
import { attempt, formAgain, sentenceOf } from '../../web/attempt.ts';
import type { C } from '../../web/env.ts';
import { statusOf, takenTicket } from '../../web/errors.ts';
import { whoWasFaster } from '../../web/faster.ts';
import { type Input, isPaused, readInput } from '../../web/input.ts';
import type { Answer } from '../../web/once.ts';
import { afterForm, doneHere, type Screen, show, uiOf } from '../../web/render.tsx';
import { dayOf, reachScope, stateOf } from './scope.ts';

/** How often a panel without JavaScript loads itself again, in seconds; longer where there is something to read. */
const REFRESH = 10;
const REFRESH_NOTICE = 30;

/** What a form did, as it is kept for one that is sent twice. */
export interface Outcome {
  done: Done[];
  touched?: string;
  undo?: Undoable;
}

/** Does a form's work. A plain browser goes back to the panel; htmx gets it at once; a refusal shows it as it is now. */
export async function doForm(
  c: C,
  deed: Deed | 'advance' | 'verb',
  work: (scope: Scope, input: Input) => Promise<Answer>,
): Promise<Response> {
  const scope = await reachScope(c);
  const input = await readInput(c);
  const result = await attempt(c, () => work(scope, input));
  if (!result.ok) return showRefusal(c, deed, input, result.refusal);
  const outcome = result.value.body as Outcome;
  return afterForm(c, backTo(scope, isPaused(c), outcome), async () => {
    const ui = await uiOf(c);
    // Who sits where, and what is served there, may have changed with it.
    return showPanel(c, ui, await reachScope(c), { notice: noticeOf(ui, outcome), touched: outcome.touched });
  });
}

async function showRefusal(
  c: C,
  deed: Deed | 'advance' | 'verb',
  { fields }: Input,
  refusal: Refusal,
): Promise<Response> {
  const ui = await uiOf(c);
  const scope = await reachScope(c);
  const status = statusOf(refusal);
  // What was typed stays, whatever stood in the way.
  const walkIn =
    deed === 'walk-in'
      ? formAgain(ui, { ...fields, needs: fields['needs[]'] }, { ok: false, refusal })
      : undefined;
  if (walkIn && refusal.code === 'invalid') return showPanel(c, ui, scope, { status, walkIn });
  const refused = await refusedBy(c, ui, scope, fields.verb, refusal);
  // It is said once, above the panel.
  return showPanel(c, ui, scope, {
    status,
    refused,
    ...(walkIn && { walkIn: { ...walkIn, message: undefined } }),
  });
}

/** Why a form was refused, and whether that is about the line, so that it helps to say who is next. */
interface Refused {
  sentence: string;
  isOfLine: boolean;
}

export interface Shown {
  status?: ReturnType<typeof statusOf>;
  tag?: string;
  notice?: DeskNotice | undefined;
  refused?: Refused;
  walkIn?: FormState;
  touched?: string | undefined;
}

/** Answers with the panel: alone, or with the page around it. */
export async function showPanel(c: C, ui: Ui, scope: Scope, shown: Shown): Promise<Response> {
  return show(c, ui, await panelScreen(c, ui, scope, shown));
}

/** The panel as a screen, for `show` and `showKept`. */
export async function panelScreen(c: C, ui: Ui, scope: Scope, shown: Shown): Promise<Screen> {
  const tag = shown.tag ?? (await stateOf(c, ui, scope));
  const [panel, rows] = await Promise.all([panelHere(c, scope, ui.now), rowsOf(c, ui, scope)]);
  const { walkIn, touched, refused } = shown;
  const notice = refused === undefined ? shown.notice : refusalNotice(ui, refused, panel);
  const waits = walkIn && (await estimatesForNew(c.get('parts').store, walkInServices(scope), ui.now));
  const view: DeskView = { ui, scope, panel, rows, tag, paused: isPaused(c), walkIn, waits, touched, notice };
  return {
    title: ui.text.desk.panelTitle(panel.line.counts.waiting, scope.name),
    width: 'wide',
    ...DESK_FILES,
    tag,
    ...(shown.status && { status: shown.status }),
    // Nobody's typing is interrupted, and nobody's reading cut short.
    ...(!view.paused &&
      !walkIn && { refresh: notice ? REFRESH_NOTICE : REFRESH, refreshTo: `/desk/${scope.key}` }),
    main: () => deskPage(view),
    parts: {
      'desk-panel': () => (c.req.method === 'GET' ? deskUpdate(view) : deskAnswer(view)),
      'walk-in': () => <WalkIn view={view} />,
    },
  };
}

/** What a desk's pages load besides. */
export const DESK_FILES = { styles: ['desk.css'], scripts: ['live.js', 'desk.js'] };

/** The panel with what stands in front of its desk: that of the page, or the actor's own. */
export function panelHere(c: C, scope: Scope, now: Date): Promise<Panel> {
  const { store } = c.get('parts');
  const deskId = (scope.desk ?? scope.mine)?.id ?? null;
  return panelOf(store, scope.services, deskId, dayOf(scope, now), now);
}

/** The rows of the line, made once a change and minute for all the desks that look at it. */
function rowsOf(c: C, ui: Ui, scope: Scope): Promise<KeptRows> {
  const { store } = c.get('parts');
  const [day, paused] = [dayOf(scope, ui.now), isPaused(c)];
  const topics = [CATALOG, PEOPLE, ...scope.services.map(({ id }) => lineTopic(id, day))];
  return store.keep(
    `rows ${scope.key} ${paused} ${takesNobody(scope)} ${minuteOf(ui.now)}`,
    () => topics,
    async () => {
      const panel = await panelOf(store, scope.services, null, day, ui.now);
      return new KeptRows({ ui, scope, panel, paused });
    },
  );
}

/** What a form of the panel did. `touched` is the ticket that it can be taken back from. */
export function outcome(done: (Done | undefined)[], touched?: QueueEntry | null): Answer {
  const body: Outcome = {
    done: done.filter((one) => one !== undefined),
    ...(touched && { touched: touched.id, undo: { entryId: touched.id, version: touched.version } }),
  };
  return { status: 200, body };
}

/** The same for what cannot be taken back. */
export function final(done: Done, touched?: QueueEntry): Answer {
  const body: Outcome = { done: [done], ...(touched && { touched: touched.id }) };
  return { status: 200, body };
}

/** One thing that was done to a ticket; undefined where there was none to do it to. */
export function said(deed: Deed, entry: QueueEntry | null): Done | undefined {
  return entry ? { deed, thing: entry.number } : undefined;
}

/** Back to the panel, with what was done: `?done=complete-A11&done=start-A12`. */
export function backTo({ key }: Pick<Scope, 'key'>, paused: boolean, { done, undo }: Outcome): string {
  const query = new URLSearchParams(paused ? { pause: '' } : {});
  for (const { deed, thing } of done) query.append('done', thing === '' ? deed : `${deed}-${thing}`);
  if (done.length === 0) query.append('done', 'nothing');
  if (undo) query.append('done', `take-back-${undo.version}-${undo.entryId}`);
  return `/desk/${key}?${query}`;
}

const DONE = new RegExp(`^(${DEEDS.join('|')})(?:-([A-Z]{0,2}[0-9]{1,6}))?$`);
const TAKE_BACK = /^take-back-([0-9]{1,9})-(.{36})$/;

/** What the form that led here did; undefined when that is nothing that we would have written. */
export function doneIn(c: C): Outcome | undefined {
  const given = doneHere(c);
  if (given[0] === 'nothing') return { done: [] };
  const done = given.flatMap((text) => {
    const [, deed, thing = ''] = DONE.exec(text) ?? [];
    return deed ? [{ deed: deed as Deed, thing }] : [];
  });
  if (done.length === 0) return undefined;
  const [, version, entryId = ''] = TAKE_BACK.exec(given.at(-1) ?? '') ?? [];
  return { done, ...(isId(entryId) && { undo: { entryId, version: Number(version) } }) };
}

/** What the panel says of what was done, with the way back. */
export function noticeOf({ text: { desk } }: Ui, did: Outcome | undefined): DeskNotice | undefined {
  if (!did) return undefined;
  const text = did.done.map(({ deed, thing }) => desk.done[deed](thing)).join(' ') || desk.nothingToDo;
  return { kind: 'success', text, undo: did.undo };
}

function refusalNotice({ text: { desk } }: Ui, { sentence, isOfLine }: Refused, { next }: Panel): DeskNotice {
  const text = isOfLine ? `${sentence} ${next ? desk.nextIs(next.number) : desk.nobodyWaits}` : sentence;
  return { kind: 'warning', text };
}

/** Refusals that nobody else's ticket explains better. */
const PLAIN: ReadonlySet<RefusalCode> = new Set([
  'desk_busy',
  'desk_paused',
  'desk_taken',
  'intake_closed',
  'no_walk_ins',
  'not_undoable',
]);

/** A refusal in words, and whether it tells something about the line: then who is next is told too. */
export async function refusedBy(
  c: C,
  ui: Ui,
  scope: Scope,
  verb: unknown,
  refusal: Refusal,
): Promise<Refused> {
  return { sentence: await explain(c, ui, scope, verb, refusal), isOfLine: !PLAIN.has(refusal.code) };
}

/** Who was faster, and with what; or whatever else stood in the way. */
export async function explain(c: C, ui: Ui, scope: Scope, verb: unknown, refusal: Refusal): Promise<string> {
  const { code, facts } = refusal;
  const t = ui.text.desk;
  if (facts.status === 'canceled') return t.reservationCanceled;
  if (facts.notNext) return t.notNext((facts.notNext as QueueEntry).number);
  if (facts.noted) return noteChanged(ui, facts.noted as QueueEntry);
  const entry = takenTicket(refusal);
  if (!entry || PLAIN.has(code)) return sentenceOf(ui, refusal);
  // A screen that was left open over midnight.
  if (entry.localDay < dayOf(scope, ui.now)) return t.dayOver(entry.number);
  if (code === 'wrong_state' && verb === 'reinstate' && entry.status === 'skipped')
    return t.graceOver(entry.number);
  const told = await whoWasFaster(c.get('parts').store, ui, entry, scope.timeZone);
  return told ?? sentenceOf(ui, refusal);
}

function noteChanged({ text: { desk: t } }: Ui, entry: QueueEntry): string {
  return t.noteChanged(
    entry.number,
    [entry.note, ...needsOf(entry).map((need) => t.needs[need])].filter(Boolean),
  );
}

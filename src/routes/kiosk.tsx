import { Hono } from 'hono';
import {
  CheckInPage,
  KIOSK_FILLING,
  KIOSK_READING,
  type KioskView,
  StartPage,
  TakeFormPage,
  TakenPage,
  TakePage,
} from '../../views/kiosk/kiosk.tsx';
import type { PageOptions } from '../../views/layout.ts';
import { blankForm, type FormState } from '../../views/parts.tsx';
import { standingText } from '../../views/tickets/ticket.tsx';
import type { Ui } from '../../views/ui.ts';
import { found } from '../actions/act.ts';
import { heldTicket, standingTicket } from '../actions/held.ts';
import { reachTicketByToken } from '../actions/holder.ts';
import {
  checkInAtKiosk,
  closedAtKiosk,
  offeredAt,
  reachKiosk,
  reservationElsewhen,
  reservationsThatFit,
  type Sought,
  takeAtKiosk,
  walkInsAt,
} from '../actions/kiosk.ts';
import { serviceById, serviceBySlug } from '../db/services.ts';
import { entryById } from '../db/tickets.ts';
import { Refusal } from '../domain/errors.ts';
import { isId } from '../domain/id.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { Location, PlacedService } from '../domain/service.ts';
import type { QueueEntry } from '../domain/ticket.ts';
import { isToken, newToken } from '../domain/token.ts';
import { joinForm } from '../forms/join.ts';
import { codeForm, nameForm, takeForm } from '../forms/kiosk.ts';
import { parse } from '../forms/parse.ts';
import { attempt, type Failure, formAgain, sentenceOf } from '../web/attempt.ts';
import type { C, Env } from '../web/env.ts';
import { statusOf } from '../web/errors.ts';
import { type Input, readInput } from '../web/input.ts';
import { doneThing } from '../web/notice.ts';
import { doneHere, goTo, type Screen, show, uiOf } from '../web/render.tsx';
import { actFor, clientNetwork } from '../web/session.ts';

/**
 * A screen that stands in the waiting room, for people without an account at hand. Every form carries the token that its
 * ticket's link will have, so that two taps are one number.
 */
export const kioskPages = new Hono<Env>()
  .get('/kiosk/:slug', async (c) => {
    const view = await viewOf(c);
    const { ui, place } = view;
    const takesWalkIns = (await walkInsAt(c.get('parts').store, place)).length > 0;
    const { code, thing } = doneThing(doneHere(c));
    const notice = code === 'have' ? await haveText(c, view, thing) : undefined;
    return showKiosk(c, view, {
      title: ui.text.kiosk.title,
      ...(notice && backToStart(view, KIOSK_READING)),
      main: () => <StartPage view={view} takesWalkIns={takesWalkIns} notice={notice} />,
    });
  })
  .get('/kiosk/:slug/check-in', async (c) => showCheckIn(c, await viewOf(c), blankForm))
  .post('/kiosk/:slug/check-in/code', (c) => checkInBy(c, ({ fields }) => parse(codeForm, fields)))
  .post('/kiosk/:slug/check-in/name', (c) => checkInBy(c, ({ fields }) => parse(nameForm, fields)))
  .get('/kiosk/:slug/take', async (c) => {
    const view = await viewOf(c);
    const slug = c.req.query('service');
    if (slug !== undefined) {
      const service = offeredService(view.place, await serviceBySlug(c.get('parts').store, slug));
      return showTakeForm(c, view, service, blankForm);
    }
    return showTake(c, view);
  })
  .post('/kiosk/:slug/take', async (c) => {
    const view = await viewOf(c);
    const input = await readInput(c);
    const { store, limits } = c.get('parts');
    const { serviceId } = parse(takeForm, input.fields);
    const service = offeredService(view.place, await serviceById(store, serviceId));
    const token = tokenIn(input);
    const result = await attempt(c, async () => {
      const joiner = parse(joinForm(service), input.fields);
      await limits.takeNumber(clientNetwork(c));
      return takeAtKiosk(await actFor(c), service, joiner, token);
    });
    if (result.ok) return goTo(c, `${view.path}/t/${token}`);
    const status = statusOf(result.refusal);
    return showTakeForm(c, view, service, formAgain(view.ui, input.fields, result), status);
  })
  .get('/kiosk/:slug/t/:token', async (c) => {
    const view = await viewOf(c);
    const { store, config } = c.get('parts');
    const token = c.req.param('token');
    const { act, entry } = await reachTicketByToken(await actFor(c), token);
    found(entry.locationId === view.place.id);
    const held = await heldTicket(act, entry, found(await serviceById(store, entry.serviceId)));
    return showKiosk(c, view, {
      title: view.ui.text.ticket.title(entry.number, held.service.name),
      ...backToStart(view, KIOSK_READING),
      scripts: c.req.query('print') === undefined ? SCRIPTS : [...SCRIPTS, 'print.js'],
      main: () => <TakenPage view={view} held={held} token={token} link={`${config.baseUrl}/t/${token}`} />,
    });
  });

/** Checks in whoever says which reservation is theirs. */
async function checkInBy(c: C, read: (input: Input) => Sought): Promise<Response> {
  const view = await viewOf(c);
  const input = await readInput(c);
  const token = tokenIn(input);
  const result = await attempt(c, async () => {
    const reached = await seek(c, view.place, read(input));
    return checkInAtKiosk(await actFor(c), reached, token);
  });
  if (!result.ok) {
    const form = { ...formAgain(view.ui, input.fields, result), message: await whyNot(c, view, result) };
    return showCheckIn(c, view, form, statusOf(result.refusal));
  }
  const { entry, linked } = result.value;
  return goTo(c, linked ? `${view.path}/t/${token}` : `${view.path}?done=have-${entry.id}`);
}

/** The one reservation that fits; what is looked for in vain counts against the address, so that nobody guesses. */
async function seek(c: C, place: Location, sought: Sought) {
  const { store, limits, clock } = c.get('parts');
  const fitting = await limits.search(clientNetwork(c), () =>
    reservationsThatFit(store, place, sought, clock()),
  );
  const [reached] = fitting;
  if (fitting.length > 1) throw new Refusal('invalid', { facts: { fitting: fitting.length } });
  if (reached) return reached;
  const other = 'code' in sought && (await reservationElsewhen(store, place, sought.code, clock()));
  throw new Refusal('invalid', { facts: { fitting: 0, other: other || undefined } });
}

async function whyNot(c: C, { ui, place }: KioskView, { refusal }: Failure): Promise<string | undefined> {
  const t = ui.text.kiosk;
  const { code, facts, fields } = refusal;
  if (code === 'outside_window') {
    const opens = facts.opens as Date;
    return ui.now < opens ? t.early(ui.format.time(opens, place.timeZone)) : t.late;
  }
  if (fields) return undefined;
  if (code === 'wrong_state' && facts.entry) return stateOf(c, ui, facts.entry as QueueEntry);
  if (code !== 'invalid') return sentenceOf(ui, refusal);
  if (facts.fitting !== 0) return t.several;
  const other = facts.other as Pick<Reservation, 'timeSlot' | 'status'> | undefined;
  if (!other) return t.nothing;
  const when = ui.format.moment(other.timeSlot, place.timeZone);
  return other.status === 'canceled' ? t.canceled(when) : t.otherDay(when);
}

/** What somebody is told who checked in again and has the link of their ticket. */
async function haveText(c: C, { ui, place }: KioskView, id: string): Promise<string | undefined> {
  const entry = isId(id) ? await entryById(c.get('parts').store, id) : undefined;
  if (entry?.locationId !== place.id) return undefined;
  return entry.status === 'waiting' ? ui.text.kiosk.have(entry.number) : stateOf(c, ui, entry);
}

async function stateOf(c: C, ui: Ui, entry: QueueEntry): Promise<string> {
  const { store } = c.get('parts');
  const service = found(await serviceById(store, entry.serviceId));
  const text = standingText(ui, await standingTicket(store, entry, service, ui.now));
  return ui.text.kiosk.stands(entry.number, text);
}

async function viewOf(c: C): Promise<KioskView> {
  const slug = c.req.param('slug') ?? '';
  const place = await reachKiosk(c.get('parts').store, slug);
  return { ui: await uiOf(c), place, path: `/kiosk/${slug}` };
}

/** A service of this place; whether it gives numbers now, or still, its screen says. */
function offeredService(place: Location, service: PlacedService | undefined): PlacedService {
  return found(service?.locationId === place.id && service);
}

async function showCheckIn(
  c: C,
  view: KioskView,
  form: FormState,
  status?: ReturnType<typeof statusOf>,
): Promise<Response> {
  return showKiosk(c, view, {
    title: view.ui.text.kiosk.checkIn,
    ...(status && { status }),
    main: () => <CheckInPage view={view} form={form} token={newToken()} />,
  });
}

async function showTake(c: C, view: KioskView): Promise<Response> {
  const offers = await offeredAt(c.get('parts').store, view.place, view.ui.now);
  return showKiosk(c, view, {
    title: view.ui.text.kiosk.takeShort,
    ...backToStart(view, KIOSK_FILLING),
    main: () => <TakePage view={view} offers={offers} tokens={offers.map(newToken)} />,
  });
}

async function showTakeForm(
  c: C,
  view: KioskView,
  service: PlacedService,
  form: FormState,
  status?: ReturnType<typeof statusOf>,
): Promise<Response> {
  if (await closedAtKiosk(c.get('parts').store, service, view.ui.now)) return showTake(c, view);
  return showKiosk(c, view, {
    title: view.ui.text.kiosk.take(service.name),
    ...(status && { status }),
    main: () => <TakeFormPage view={view} service={service} form={form} token={newToken()} />,
  });
}

/** Without scripts too; never on a screen where somebody types. */
function backToStart({ path }: KioskView, seconds: number): Pick<PageOptions, 'refresh' | 'refreshTo'> {
  return { refresh: seconds, refreshTo: path };
}

const SCRIPTS = ['kiosk.js'];

function showKiosk(c: C, { ui }: KioskView, screen: Screen): Promise<Response> {
  return show(c, ui, { styles: ['tickets.css'], scripts: SCRIPTS, bare: true, width: 'wide', ...screen });
}

/** The token that the form was made with. */
function tokenIn({ fields }: Input): string {
  return typeof fields.ticket === 'string' && isToken(fields.ticket) ? fields.ticket : newToken();
}

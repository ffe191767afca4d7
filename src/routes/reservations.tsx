import { type Context, Hono } from 'hono';
import { ReservationList } from '../../views/reservations/list.tsx';
import {
  CancelPage,
  LiveAnswer,
  ReservationPage,
  type ShownReservation,
} from '../../views/reservations/show.tsx';
import { lessNotices, NewNotice, ticketAnswer } from '../../views/tickets/notice.tsx';
import { ticketTitle } from '../../views/tickets/ticket.tsx';
import type { Ui } from '../../views/ui.ts';
import { found } from '../actions/act.ts';
import { checkIn } from '../actions/check-in.ts';
import { heldTicket } from '../actions/held.ts';
import { pastReservations, upcomingReservations } from '../actions/own-reservations.ts';
import { cancelReservation, type ReachedReservation, reachReservation } from '../actions/reservations.ts';
import { noticesOfLine } from '../db/queue.ts';
import { serviceById } from '../db/services.ts';
import { entryOfReservation } from '../db/tickets.ts';
import { userById } from '../db/users.ts';
import { minuteOf } from '../domain/clock.ts';
import { HOLDER_DEEDS, type HolderDeed, lookOf, mayChange, undoPhase } from '../domain/held.ts';
import {
  canChange,
  canCheckIn,
  changeDeadline,
  checkInWindow,
  isTicketOf,
  mayCheckInToday,
  outcomeOf,
  waysOut,
} from '../domain/reservation.ts';
import { worksAt } from '../domain/roles.ts';
import { tagOf } from '../domain/tag.ts';
import { attempt, type Failure, sentenceOf } from '../web/attempt.ts';
import type { C, Env } from '../web/env.ts';
import { statusOf } from '../web/errors.ts';
import { idOf, isPaused, readInput } from '../web/input.ts';
import { locationOf, once } from '../web/once.ts';
import { afterForm, doneHere, goTo, notModified, show, uiOf, unchanged } from '../web/render.tsx';
import { actFor, actorOf } from '../web/session.ts';
import { deedNotice, doDeed } from './holder.tsx';

/** How often a ticket without JavaScript loads itself again, in seconds. */
const REFRESH = 20;

export const reservationPages = new Hono<Env>()
  .get('/reservations', async (c) => {
    const act = await actFor(c);
    const before = c.req.query('before')?.toLowerCase();
    const [upcoming, past] = await Promise.all([
      before === undefined ? upcomingReservations(act) : undefined,
      pastReservations(act, before),
    ]);
    const ui = await uiOf(c);
    return show(c, ui, {
      title: ui.text.reservations.title,
      main: () => <ReservationList ui={ui} upcoming={upcoming} past={past} />,
    });
  })
  .get('/reservations/:id', async (c) => showReservation(c, await reach(c)))
  .post('/reservations/:id/check-in', async (c) => {
    const reached = await reach(c);
    const input = await readInput(c);
    const result = await attempt(c, () =>
      once(
        c,
        input,
        (act) => checkIn(act, reached),
        () => ({ status: 200, body: { location: `${pathOf(reached)}?done=checkedIn` } }),
      ),
    );
    return result.ok
      ? goTo(c, locationOf(result.value))
      : showReservation(c, await reach(c), { failure: result });
  })
  .get('/reservations/:id/cancel', async (c) => {
    const reached = await reach(c);
    if (!(await waysOutOf(c, reached)).canCancel) return goTo(c, pathOf(reached));
    const { reservation, service } = reached;
    const ui = await uiOf(c);
    return show(c, ui, {
      title: ui.text.reservations.cancelTitle,
      width: 'narrow',
      main: () => <CancelPage ui={ui} reservation={reservation} service={service} />,
    });
  })
  .post('/reservations/:id/cancel', async (c) => {
    const reached = await reach(c);
    const input = await readInput(c);
    const result = await attempt(c, () =>
      once(
        c,
        input,
        (act) => cancelReservation(act, reached),
        () => ({ status: 200, body: { location: `${pathOf(reached)}?done=wasCanceled` } }),
      ),
    );
    return result.ok
      ? goTo(c, locationOf(result.value))
      : showReservation(c, await reach(c), { failure: result });
  });

for (const deed of HOLDER_DEEDS) {
  reservationPages.post(`/reservations/:id/${deed}`, async (c) => {
    const reached = await reach(c);
    const entry = found(await entryOfReservation(c.get('parts').store, reached.reservation.id));
    const input = await readInput(c);
    const result = await doDeed(c, input, undefined, entry, deed);
    if (!result.ok) return showReservation(c, await reach(c), { deedFailure: result });
    return afterForm(c, `${pathOf(reached)}?${isPaused(c) ? 'pause&' : ''}done=${deed}`, async () =>
      showReservation(c, await reach(c), { done: deed }),
    );
  });
}

/** The reservation of the address, read past what is kept where something is done to it. */
export async function reach(c: Context<Env, '/reservations/:id'>): Promise<ReachedReservation> {
  return reachReservation(await actFor(c), idOf(c));
}

/** What its page offers to do about it, which says else why not. */
export async function waysOutOf(
  c: C,
  { reservation, service }: ReachedReservation,
): Promise<ReturnType<typeof waysOut>> {
  const { clock, store } = c.get('parts');
  const newest = await entryOfReservation(store, reservation.id);
  const status = newest && isTicketOf(reservation, newest) ? newest.status : null;
  const mayChange = canChange(reservation, service, clock()) || worksAt(await actorOf(c), service.locationId);
  return waysOut(reservation, service, status, mayChange, clock());
}

interface Told {
  failure?: Failure;
  /** Of a form of the ticket. */
  deedFailure?: Failure;
  done?: HolderDeed;
}

async function showReservation(
  c: C,
  reached: ReachedReservation,
  { failure, deedFailure, done }: Told = {},
): Promise<Response> {
  const ui = await uiOf(c);
  const standing = await standingOf(c, ui, reached);
  const tag = nameOf(ui, standing);
  if (c.req.method === 'GET' && unchanged(c, tag)) return notModified(c, tag);
  const told = failure || deedFailure ? [] : doneHere(c);
  const shown: ShownReservation = {
    ...standing,
    tag,
    notice: doneText(ui, told[0]),
    deedNotice: deedNotice(ui, standing.held ?? standing.left, done ?? told[0], deedFailure),
    problem: failure && sentenceOf(ui, failure.refusal),
  };
  const { held, followed, paused } = shown;
  const refused = failure ?? deedFailure;
  const title =
    held && mayChange(held, ui.now)
      ? ticketTitle(ui, held, ui.text.ticket.title(held.entry.number, held.service.name))
      : shown.service.name;
  return show(c, ui, {
    title,
    tag,
    styles: ['tickets.css'],
    ...(followed && !paused && { refresh: REFRESH, refreshTo: pathOf(reached), scripts: ['live.js'] }),
    ...(refused && { status: statusOf(refused.refusal) }),
    main: () => <ReservationPage ui={ui} shown={shown} />,
    parts: {
      'ticket-panel': () => {
        const isPoll = c.req.method === 'GET';
        const notices = isPoll ? lessNotices(ui, held) : <NewNotice notice={shown.deedNotice} />;
        return ticketAnswer(ui, title, <LiveAnswer ui={ui} shown={shown} />, notices);
      },
    },
  });
}

/** A reservation as it stands for whoever asks, without what a form of theirs has just done. */
type Standing = Omit<ShownReservation, 'tag' | 'notice' | 'deedNotice' | 'problem'>;

async function standingOf(c: C, ui: Ui, reached: ReachedReservation): Promise<Standing> {
  const { store } = c.get('parts');
  const { reservation, service } = reached;
  const zone = service.location.timeZone;
  const newest = await entryOfReservation(store, reservation.id);
  const ticket =
    newest && isTicketOf(reservation, newest)
      ? await heldTicket(await actFor(c), newest, found(await serviceById(store, newest.serviceId)))
      : undefined;
  const status = ticket?.entry.status ?? null;
  const checkIn = checkInState(ui, reached);
  // Who left can come again, while that is still possible.
  const gone =
    status === 'left' &&
    service.checkIn === 'required' &&
    reservation.status === 'confirmed' &&
    checkIn === 'open';
  const awaited = mayCheckInToday(reservation, status, ui.now, zone);
  const live = ticket !== undefined && mayChange(ticket, ui.now);
  return {
    ...reached,
    customer: await customerOf(c, reached),
    held: gone ? undefined : ticket,
    left: gone ? ticket : undefined,
    followed: awaited ? service : live ? ticket.service : undefined,
    lateMinutes: awaited ? (await noticesOfLine(store, service.id, reservation.localDay)).delayMinutes : 0,
    outcome: outcomeOf(reservation, status, ui.now, zone),
    canChange: canChange(reservation, service, ui.now) || worksAt(ui.actor, service.locationId),
    changeUntil: changeDeadline(reservation, service),
    checkIn,
    checkInFrom: checkInWindow(reservation, service, zone).opens,
    paused: isPaused(c),
  };
}

/** Names what is shown of it: the same for as long as the page would be. Times show their minute. */
function nameOf(ui: Ui, { reservation, service, held, left, lateMinutes, paused }: Standing): string {
  const ticket = held ?? left;
  return tagOf(
    'reservation',
    reservation.id,
    reservation.updatedAt.getTime(),
    service.version,
    minuteOf(ui.now),
    ui.actor?.id ?? '',
    lateMinutes,
    String(paused),
    ...(ticket ? [lookOf(ticket), undoPhase(ticket.entry, ui.now)] : []),
  );
}

/** Whose reservation it is, unless it is one's own. */
async function customerOf(c: C, { reservation }: ReachedReservation): Promise<ShownReservation['customer']> {
  const { userId } = reservation;
  if (userId === null || userId === (await actorOf(c))?.id) return undefined;
  const [customer] = await c.get('parts').store.run(userById, { id: userId });
  return customer;
}

function checkInState(ui: Ui, { reservation, service }: ReachedReservation): ShownReservation['checkIn'] {
  const { timeZone } = service.location;
  if (canCheckIn(reservation, service, ui.now, timeZone, worksAt(ui.actor, service.locationId)))
    return 'open';
  return ui.now < checkInWindow(reservation, service, timeZone).opens ? 'later' : 'over';
}

/** What a form did before it led here; what a form of the ticket did stands there. */
function doneText(ui: Ui, done: string | undefined): string | undefined {
  const t = ui.text.reservations;
  const sentences = new Map([
    ['booked', t.booked],
    ['moved', t.moved],
    ['wasCanceled', t.wasCanceled],
    ['checkedIn', t.checkedIn],
  ]);
  return sentences.get(done ?? '');
}

/** Where its page is. */
export function pathOf({ reservation }: Pick<ReachedReservation, 'reservation'>): string {
  return `/reservations/${reservation.id}`;
}

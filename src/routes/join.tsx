import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { JoinPage, type JoinView, PosterPage } from '../../views/join/join.tsx';
import { blankForm, type FormState } from '../../views/parts.tsx';
import { found } from '../actions/act.ts';
import { stillOffered } from '../actions/availability.ts';
import { estimateForNew } from '../actions/estimates.ts';
import { joinClosed, joinLine } from '../actions/join.ts';
import { reachQueue } from '../actions/queue.ts';
import { noticesOfLine, waitingRanks } from '../db/queue.ts';
import { serviceById, serviceBySlug } from '../db/services.ts';
import type { Store } from '../db/store.ts';
import { entryByToken } from '../db/tickets.ts';
import { localDay } from '../domain/days.ts';
import { isHere } from '../domain/order.ts';
import type { PlacedService } from '../domain/service.ts';
import { isOpen, type QueueEntry, withinReinstateGrace } from '../domain/ticket.ts';
import { hashToken, isToken, newToken } from '../domain/token.ts';
import { joinForm } from '../forms/join.ts';
import { parse } from '../forms/parse.ts';
import { attempt, formAgain } from '../web/attempt.ts';
import type { C, Env } from '../web/env.ts';
import { statusOf } from '../web/errors.ts';
import { readInput } from '../web/input.ts';
import { goTo, show, uiOf } from '../web/render.tsx';
import { actFor, clientNetwork } from '../web/session.ts';

/**
 * Holds the token of the ticket that this browser will take, or has. So one phone has one ticket of a service at a time,
 * and a form that is sent twice takes one number.
 */
const TICKET_COOKIE = 'now-serving.ticket';
const KEEP_SECONDS = 24 * 60 * 60;

/** Taking a number on one's own phone. */
export const joinPages = new Hono<Env>()
  .get('/join/:slug', async (c) => {
    const service = await reach(c);
    const { token, entry, held } = await heldHere(c, service);
    // Who could have their old place back may still want a new number, but asks for it.
    const wantsAnother = entry?.status === 'skipped' && c.req.query('new') !== undefined;
    if (held && token && !wantsAnother) return goTo(c, `/t/${token}`);
    return showJoin(c, stillOffered(service));
  })
  .post('/join/:slug', async (c) => {
    const service = await reach(c);
    const input = await readInput(c);
    const { token, entry, held } = await heldHere(c, service);
    if (held && token) return goTo(c, `/t/${token}`);
    stillOffered(service);
    // A form from before that ticket: it may be the second half of a double click.
    if (entry) {
      const { text } = await uiOf(c);
      return showJoin(c, service, { ...blankForm, message: text.join.again }, 409);
    }
    const own = token ?? newToken();
    const result = await attempt(c, async () => {
      const joiner = parse(joinForm(service), input.fields);
      await c.get('parts').limits.takeNumber(clientNetwork(c));
      return joinLine(await actFor(c), service, joiner, own);
    });
    if (!result.ok) {
      const ui = await uiOf(c);
      return showJoin(c, service, formAgain(ui, input.fields, result), statusOf(result.refusal));
    }
    keepToken(c, service, own);
    return goTo(c, `/t/${own}`);
  })
  .get('/join/:slug/poster', async (c) => {
    const service = await reachQueue(await actFor(c), { slug: c.req.param('slug') });
    const ui = await uiOf(c);
    const link = `${c.get('parts').config.baseUrl}/join/${service.slug}`;
    return show(c, ui, {
      title: ui.text.join.poster.title(service.name),
      styles: ['tickets.css'],
      bare: true,
      main: () => <PosterPage ui={ui} service={service} link={link} />,
    });
  });

async function reach(c: C): Promise<PlacedService> {
  return found(await serviceBySlug(c.get('parts').store, c.req.param('slug') ?? ''));
}

interface HeldHere {
  /** The token of this browser's cookie. */
  token: string | undefined;
  /** Its ticket, whatever became of it. */
  entry: QueueEntry | undefined;
  /** Whether that ticket is still open today, or can come back. */
  held: boolean;
}

async function heldHere(c: C, service: PlacedService): Promise<HeldHere> {
  const { store, clock } = c.get('parts');
  const token = getCookie(c, TICKET_COOKIE);
  if (token === undefined || !isToken(token)) return { token: undefined, entry: undefined, held: false };
  const entry = await entryByToken(store, hashToken(token));
  const now = clock();
  const isOfToday = entry?.localDay === localDay(now, service.location.timeZone);
  return {
    token,
    entry,
    held: isOfToday && (isOpen(entry.status) || (await canComeBack(store, entry, now))),
  };
}

/** It may have been skipped in another line than that of its number. */
async function canComeBack(store: Store, entry: QueueEntry, now: Date): Promise<boolean> {
  if (entry.status !== 'skipped') return false;
  return withinReinstateGrace(entry, found(await serviceById(store, entry.serviceId)), now);
}

/** The page, with a token for the next ticket where this browser has none to use. */
async function showJoin(
  c: C,
  service: PlacedService,
  form?: FormState,
  status?: ReturnType<typeof statusOf>,
): Promise<Response> {
  const { store } = c.get('parts');
  const ui = await uiOf(c);
  const key = { serviceId: service.id, day: localDay(ui.now, service.location.timeZone) };
  const [closed, notices, waiting, wait, here] = await Promise.all([
    joinClosed(store, service, ui.now),
    noticesOfLine(store, key.serviceId, key.day),
    store.run(waitingRanks, key),
    estimateForNew(store, service, ui.now),
    heldHere(c, service),
  ]);
  if (!closed && (!here.token || here.entry)) keepToken(c, service, newToken());
  const view: JoinView = {
    ui,
    service,
    closed,
    waiting: waiting.filter((entry) => isHere(entry, service.earlyCallMinutes, ui.now)).length,
    wait,
    lateMinutes: notices.delayMinutes,
    form: form ?? { ...blankForm, values: { name: ui.actor?.name } },
  };
  return show(c, ui, {
    title: ui.text.join.title(service.name),
    width: 'narrow',
    styles: ['tickets.css'],
    ...(status && { status }),
    main: () => <JoinPage view={view} />,
  });
}

function keepToken(c: C, service: PlacedService, token: string): void {
  setCookie(c, TICKET_COOKIE, token, {
    path: `/join/${service.slug}`,
    maxAge: KEEP_SECONDS,
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.get('parts').config.baseUrl.startsWith('https:'),
  });
}

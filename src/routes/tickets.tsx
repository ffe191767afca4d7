import { Hono } from 'hono';
import { lessNotices, NewNotice, ticketAnswer } from '../../views/tickets/notice.tsx';
import { PrintedTicket, TicketPage, ticketParts } from '../../views/tickets/page.tsx';
import { type ShownTicket, ticketTitle } from '../../views/tickets/ticket.tsx';
import { found } from '../actions/act.ts';
import { standingTicket, withUndo } from '../actions/held.ts';
import { reachTicketByToken } from '../actions/holder.ts';
import { CATALOG } from '../db/changes.ts';
import { serviceById } from '../db/services.ts';
import { followedByToken, ticketTopics } from '../db/tickets.ts';
import { minuteOf } from '../domain/clock.ts';
import { HOLDER_DEEDS, lookOf, mayChange, type StandingTicket, undoPhase } from '../domain/held.ts';
import { tagOf } from '../domain/tag.ts';
import { hashToken, isToken } from '../domain/token.ts';
import type { Failure } from '../web/attempt.ts';
import type { C, Env } from '../web/env.ts';
import { statusOf } from '../web/errors.ts';
import { isPaused, readInput } from '../web/input.ts';
import { afterForm, doneHere, notModified, show, uiOf, unchanged } from '../web/render.tsx';
import { actFor } from '../web/session.ts';
import { deedNotice, doDeed } from './holder.tsx';

/** How often a ticket without JavaScript loads itself again, in seconds. */
const REFRESH = 20;

/** Pages of a ticket, for whoever has its link: the token in it is the right to see and to act. */
export const ticketPages = new Hono<Env>().get('/t/:token', async (c) => showTicket(c, await reach(c)));

for (const deed of HOLDER_DEEDS) {
  ticketPages.post(`/t/:token/${deed}`, async (c) => {
    const { entry } = await reachTicketByToken(await actFor(c), tokenOf(c));
    const input = await readInput(c);
    const result = await doDeed(c, input, 'ticket', entry, deed);
    if (!result.ok) return showTicket(c, await reach(c), { failure: result });
    return afterForm(c, `${pathOf(c)}?${isPaused(c) ? 'pause&' : ''}done=${deed}`, async () =>
      showTicket(c, await reach(c), { done: deed }),
    );
  });
}

interface Reached {
  ticket: StandingTicket;
  /** Names what its page shows. */
  tag: string;
}

/**
 * The ticket of the link. Every phone asks for its own again and again, and knows by one look that nothing changed; after
 * a change that does not show on it, it is sent nothing either.
 */
async function reach(c: C): Promise<Reached> {
  const { store, clock } = c.get('parts');
  const token = tokenOf(c);
  found(isToken(token));
  const now = clock();
  const minute = minuteOf(now);
  const paused = isPaused(c);
  return store.keep(
    `ticket ${token} ${minute} ${paused}`,
    ({ ticket }) => [...ticketTopics(ticket.entry), CATALOG],
    async () => {
      const entry = found(await followedByToken(store, hashToken(token)));
      const service = found(await serviceById(store, entry.serviceId));
      const ticket = await standingTicket(store, entry, service, now);
      return { ticket, tag: tagOf('ticket', lookOf(ticket), minute, String(paused)) };
    },
    'rows',
  );
}

async function showTicket(
  c: C,
  { ticket, tag: look }: Reached,
  { done, failure }: { done?: string; failure?: Failure } = {},
): Promise<Response> {
  const tag = `${look}-${undoPhase(ticket.entry, c.get('parts').clock())}`;
  if (c.req.method === 'GET' && unchanged(c, tag)) return notModified(c, tag);
  const { entry, service } = ticket;
  const { config } = c.get('parts');
  const ui = await uiOf(c);
  const paused = isPaused(c);
  const held = await withUndo({ ...(await actFor(c)), via: 'ticket' }, ticket);
  const notice = deedNotice(ui, held, done ?? doneHere(c)[0], failure);
  const shown: ShownTicket = { ui, held, path: pathOf(c), paused, tag, notice };
  const title = ticketTitle(ui, held, ui.text.ticket.title(entry.number, service.name));
  if (c.req.query('print') !== undefined) {
    const link = config.baseUrl + shown.path;
    return show(c, ui, {
      title,
      styles: STYLES,
      scripts: ['print.js'],
      bare: true,
      main: () => <PrintedTicket shown={shown} link={link} />,
    });
  }
  return show(c, ui, {
    title,
    tag,
    styles: STYLES,
    scripts: ['live.js'],
    ...(mayChange(held, ui.now) && !paused && { refresh: REFRESH, refreshTo: shown.path }),
    ...(failure && { status: statusOf(failure.refusal) }),
    main: () => <TicketPage shown={shown} />,
    parts: {
      'ticket-panel': () => {
        const notices = c.req.method === 'GET' ? lessNotices(ui, held) : <NewNotice notice={notice} />;
        return ticketAnswer(ui, title, ticketParts(shown), notices);
      },
    },
  });
}

const STYLES = ['tickets.css'];

function tokenOf(c: C): string {
  return c.req.param('token') ?? '';
}

function pathOf(c: C): string {
  return `/t/${tokenOf(c)}`;
}

import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { found } from '../actions/act.ts';
import { CATALOG, type Changes, serviceTopic } from '../db/changes.ts';
import { idsBySlug } from '../db/services.ts';
import { type Subject, signal } from '../live/channel.ts';
import type { C, Env } from '../web/env.ts';
import { clientNetwork } from '../web/session.ts';

/** As many as a desk can serve. */
const MAX_LINES = 200;

/**
 * The stream of one line or of several: it tells that something changed, and whoever shows a part of them asks for that
 * part again.
 */
export const liveRoutes = new Hono<Env>().get('/live/lines/:slugs', async (c) => {
  const slugs = new Set(c.req.param('slugs').split(','));
  found(slugs.size <= MAX_LINES);
  const { store } = c.get('parts');
  const idOf = await idsBySlug(store);
  return stream(
    c,
    linesSubject(
      store.changes,
      [...slugs].map((slug) => found(idOf(slug))),
    ),
  );
});

function linesSubject(changes: Changes, serviceIds: readonly string[]): Subject {
  const topics = [CATALOG, ...serviceIds.map(serviceTopic)];
  return {
    name: `lines ${serviceIds.toSorted().join(' ')}`,
    topics: () => topics,
    make: async () => {
      const { count, mark = '' } = changes.last(topics);
      return signal('news', `${count} ${mark}`);
    },
  };
}

/** Answers with a stream of server-sent events; see Hub. */
export async function stream(c: C, subject: Subject): Promise<Response> {
  // A HEAD request, and a request made in a test, has no response of Node's to write to: one event, and the end.
  const outgoing = c.req.method === 'GET' ? c.env?.outgoing : undefined;
  if (!outgoing) return c.body(await subject.make(), 200, { 'Content-Type': 'text/event-stream' });
  // Not those of `c.res`: touched, it would be merged into the answer below, and sent.
  const headers = Object.fromEntries(c.body(null).headers);
  await c.get('parts').hub.watch(outgoing, { address: clientNetwork(c), headers, subject });
  return RESPONSE_ALREADY_SENT;
}

import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { found } from '../actions/act.ts';
import { CATALOG, serviceTopic } from '../db/changes.ts';
import { queueVersion } from '../db/queue.ts';
import { serviceBySlug } from '../db/services.ts';
import { localDay } from '../domain/days.ts';
import type { PlacedService } from '../domain/service.ts';
import { type Subject, signal } from '../live/channel.ts';
import type { C, Env } from '../web/env.ts';
import { clientAddress } from '../web/session.ts';

/** A line's stream: it tells that the line changed, and whoever shows a part of it asks for that part again. */
export const liveRoutes = new Hono<Env>().get('/live/lines/:slug', async (c) => {
  const service = found(await serviceBySlug(c.get('parts').store, c.req.param('slug')));
  return stream(c, lineSubject(c, service));
});

function lineSubject(c: C, service: PlacedService): Subject {
  const { store, clock } = c.get('parts');
  return {
    name: `line ${service.id}`,
    topics: [CATALOG, serviceTopic(service.id)],
    make: async () => {
      const day = localDay(clock(), service.location.timeZone);
      const version = await queueVersion(store, service.id, day);
      return signal('changed', `${day} ${version}`);
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
  await c.get('parts').hub.watch(outgoing, { address: clientAddress(c), headers, subject });
  return RESPONSE_ALREADY_SENT;
}

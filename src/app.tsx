import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { routePath } from 'hono/route';
import { deskGone, panelGone } from '../views/desk/panel.ts';
import { ErrorPage } from '../views/errors/page.tsx';
import { en } from '../views/text/en.ts';
import type { Ui } from '../views/ui.ts';
import { Refusal } from './domain/errors.ts';
import { accountPages } from './routes/accounts.tsx';
import { adminPages } from './routes/admin/pages.ts';
import { accountApi } from './routes/api/accounts.ts';
import { deskApi } from './routes/api/desks.ts';
import { apiDocs } from './routes/api/docs.tsx';
import { entryApi } from './routes/api/entries.ts';
import { queueApi } from './routes/api/queues.ts';
import { reservationApi } from './routes/api/reservations.ts';
import { serviceApi } from './routes/api/services.ts';
import { boardPages } from './routes/board.tsx';
import { deskPages } from './routes/desk/pages.ts';
import { healthRoutes } from './routes/health.ts';
import { joinPages } from './routes/join.tsx';
import { kioskPages } from './routes/kiosk.tsx';
import { liveRoutes } from './routes/live.ts';
import { reschedulePages } from './routes/reschedule.tsx';
import { reservationPages } from './routes/reservations.tsx';
import { servicePages } from './routes/services.tsx';
import { ticketPages } from './routes/tickets.tsx';
import { assetRoutes } from './web/assets.ts';
import type { C, Env, Parts } from './web/env.ts';
import { bodyOf, describeError, statusOf } from './web/errors.ts';
import { bodyFor } from './web/faster.ts';
import { goTo, goToLogin, json, type Screen, show, uiOf, wantsJson } from './web/render.tsx';
import { guard } from './web/security.ts';
import { seenBy } from './web/seen.ts';

/** The whole program as one request handler. Nothing is decided here, only wired. */
export function createApp(parts: Parts): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    const started = performance.now();
    const seen = seenBy(c);
    if (seen !== undefined) await parts.store.caughtUp(seen);
    c.set('parts', { ...parts, store: parts.store.fromNow() });
    c.set('requestId', randomUUID());
    c.header('X-Request-Id', c.get('requestId'));
    await next();
    observe(c, performance.now() - started);
  });
  app.use(guard(parts.config.baseUrl.startsWith('https:')));

  app.route('/', assetRoutes(parts.assets));
  app.route('/', healthRoutes);
  app.route('/', servicePages);
  app.route('/', reservationPages);
  app.route('/', reschedulePages);
  app.route('/', ticketPages);
  app.route('/', joinPages);
  app.route('/', kioskPages);
  app.route('/', accountPages);
  app.route('/admin', adminPages);
  app.route('/', deskPages);
  app.route('/', boardPages);
  app.route('/', liveRoutes);
  app.route('/api', accountApi);
  app.route('/api', serviceApi);
  app.route('/api', reservationApi);
  app.route('/api', queueApi);
  app.route('/api', entryApi);
  app.route('/api', deskApi);
  app.route('/api', apiDocs);

  app.notFound((c) => {
    const page = pageAbove(app, c);
    return page === undefined ? answerError(c, missing(app, c)) : goTo(c, page);
  });
  app.onError((error, c) => answerError(c, error));
  return app;
}

/** What asks for a page. */
const OPENS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Where somebody belongs who opens an address that only a form is sent to, by a reload or from the history: on the page
 * that the form stands on, which is the nearest one above. Undefined for every other address.
 */
function pageAbove(app: Hono<Env>, c: C): string | undefined {
  let { pathname } = new URL(c.req.url);
  if (!OPENS.has(c.req.method) || wantsJson(c) || !answers(app, 'POST', pathname)) return undefined;
  while (!answers(app, 'GET', pathname)) pathname = pathname.slice(0, pathname.lastIndexOf('/')) || '/';
  return pathname;
}

function answers(app: Hono<Env>, method: string, path: string): boolean {
  return app.router.match(method, path)[0].some(([[, route]]) => route.method !== 'ALL');
}

/** A path that other methods answer is not missing: 405 with the methods that do. */
function missing(app: Hono<Env>, c: C): Refusal {
  const allowed = ['GET', 'POST', 'PATCH', 'DELETE'].filter((method) => answers(app, method, c.req.path));
  if (allowed.length === 0) return new Refusal('not_found');
  // Whoever answers GET answers HEAD.
  c.header('Allow', allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method)).join(', '));
  return new Refusal('method_not_allowed');
}

/** Answers a refusal, or what nobody expected, in the way of whoever asked. */
async function answerError(c: C, error: unknown): Promise<Response> {
  const { log, metrics } = c.get('parts');
  if (!(error instanceof Refusal)) {
    // Who hangs up in the middle of what they send is no fault of ours.
    const level = c.req.raw.signal.aborted ? 'info' : 'error';
    log[level]({ requestId: c.get('requestId'), err: describeError(error) }, 'request failed');
    return answerStatus(c, 500, { error: { code: 'internal', message: en.refusals.internal } }, 'internal');
  }
  metrics.refusals.inc({ code: error.code });
  if (error.code === 'busy') log.warn({ requestId: c.get('requestId'), cause: error.facts.cause }, 'busy');
  if (error.retryAfter !== undefined) c.header('Retry-After', String(error.retryAfter));
  if (error.code === 'unauthenticated' && !wantsJson(c)) return goToLogin(c);
  const body = wantsJson(c) ? await bodyFor(c, error).catch(() => bodyOf(error)) : bodyOf(error);
  return answerStatus(c, statusOf(error), body, error.code);
}

async function answerStatus(
  c: C,
  status: ReturnType<typeof statusOf>,
  body: { error: Record<string, unknown> },
  code: Refusal['code'] | 'internal',
): Promise<Response> {
  const ui = await uiOf(c).catch(() => undefined);
  const sentence = ui?.text.refusals[code] ?? code;
  if (wantsJson(c) || !ui) return json(c, body, status);
  const requestId = status >= 500 ? c.get('requestId') : undefined;
  return show(c, ui, {
    title: ui.text.errorPages.titles[code] ?? ui.text.errorPages.titles[status] ?? '',
    status,
    width: 'narrow',
    main: () => <ErrorPage ui={ui} status={status} code={code} sentence={sentence} requestId={requestId} />,
    ...((status === 403 || status === 404) && { parts: partsGone(ui) }),
  });
}

/** What a desk's panel, its form for a walk-in, or the list of the desks shows instead of a page. */
function partsGone(ui: Ui): NonNullable<Screen['parts']> {
  const gone = () => panelGone(ui);
  return { 'desk-panel': gone, 'walk-in': gone, 'desk-lists': () => deskGone(ui) };
}

function observe(c: C, milliseconds: number): void {
  const { log, metrics } = c.get('parts');
  // The route's pattern: a path may hold an id or a token.
  const route = routePath(c, -1);
  const labels = { method: c.req.method, route, status: String(c.res.status) };
  metrics.requests.observe(labels, milliseconds / 1000);
  log.info({ requestId: c.get('requestId'), ...labels, ms: Math.round(milliseconds * 10) / 10 }, 'request');
}

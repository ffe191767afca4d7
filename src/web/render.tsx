import type { Child } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { createFormat } from '../../views/format.ts';
import { Layout, type PageOptions } from '../../views/layout.ts';
import { withNext } from '../../views/next.ts';
import { en } from '../../views/text/en.ts';
import type { Ui } from '../../views/ui.ts';
import { PEOPLE, type Topic } from '../db/changes.ts';
import { minuteOf } from '../domain/clock.ts';
import { newId } from '../domain/id.ts';
import { compressText, type Encoding, pickEncoding } from './compress.ts';
import type { C } from './env.ts';
import { KeptText, leaveOpen } from './kept.ts';
import { formPage } from './next.ts';
import { leaveDone, splitDone, takeDone } from './notice.ts';
import { SAFE } from './security.ts';
import { leaveMark } from './seen.ts';
import { actorOf } from './session.ts';

const formatAt = createFormat(en.locale);

/** What every view is given. */
export async function uiOf(c: C): Promise<Ui> {
  const { assets, clock } = c.get('parts');
  const now = clock();
  return {
    text: en,
    format: formatAt(now),
    actor: await actorOf(c),
    path: c.req.path,
    now,
    asset: (name) => assets.url(name),
    formKey: newId,
    embed: (html) => html,
  };
}

export interface Screen extends PageOptions {
  status?: ContentfulStatusCode;
  /** The page's content. */
  main: () => Child;
  /** Parts of the page that htmx may ask for alone, by their element's id. */
  parts?: Record<string, () => Child>;
  /** What the content stands for: see `unchanged`. */
  tag?: string;
}

/**
 * Answers with a page, or with the part of it that htmx asked for. This file alone decides by htmx's headers: every route
 * answers a plain browser and htmx in the same way.
 */
export async function show(c: C, ui: Ui, screen: Screen): Promise<Response> {
  const { status, tag, ...shown } = screen;
  const text = rendered(ui, shown, fragmentTarget(c));
  return sendHtml(c, compressText(text, wantedEncoding(c)), { status, tag });
}

/**
 * The same for a screen that is asked for again and again, by many visitors or by one who waits: it stays rendered until
 * one of the `topics` changes or the minute is over, for each person, address and part. Only for what is shown as it
 * stands: no notice, no form that failed.
 */
export async function showKept(
  c: C,
  ui: Ui,
  topics: readonly Topic[],
  screen: (ui: Ui) => Promise<Screen>,
): Promise<Response> {
  const target = fragmentTarget(c);
  // A part's name is whatever somebody sends: it must not read like anything else in the key.
  const key = JSON.stringify(['page', minuteOf(ui.now), ui.actor?.id, target, pathAndQuery(c)]);
  const madeOf = () => (ui.actor ? [...topics, PEOPLE] : topics);
  const make = async () => {
    const open = leaveOpen(ui);
    const { status, tag, ...shown } = await screen(open.ui);
    return { text: new KeptText(rendered(open.ui, shown, target), open.pieces), tag };
  };
  const page = await c.get('parts').store.keep(key, madeOf, make, 'pages');
  if (page.tag !== undefined && unchanged(c, page.tag)) return notModified(c, page.tag);
  return sendHtml(c, page.text.as(c.req.header('accept-encoding')), page);
}

function rendered(
  ui: Ui,
  { main, parts = {}, ...options }: Omit<Screen, 'status' | 'tag'>,
  target: string | undefined,
): string {
  const part =
    target === undefined ? undefined : Object.hasOwn(parts, target) ? (parts[target] ?? main) : main;
  const content = part ? part() : Layout({ ...options, ui, children: main() });
  return String(content);
}

function sendHtml(
  c: C,
  { body, encoding }: ReturnType<typeof compressText>,
  { status = 200, tag }: { status?: ContentfulStatusCode | undefined; tag?: string | undefined },
): Response {
  if (tag !== undefined) {
    c.header('ETag', `"${tag}"`);
    c.header('HX-PTag', tag);
  }
  c.header('Vary', 'HX-Request, HX-Target, Cookie, Accept-Encoding');
  c.header('Cache-Control', 'private, no-store');
  c.header('Content-Type', 'text/html; charset=utf-8');
  if (status < 400) leaveMark(c);
  if (encoding) c.header('Content-Encoding', encoding);
  return c.body(body as string, status);
}

/** Whether the client shows this state already; it is then answered with `notModified`. */
export function unchanged(c: C, tag: string): boolean {
  return c.req.header('hx-ptag') === tag || c.req.header('if-none-match') === `"${tag}"`;
}

/** 304: the client goes on showing what it has. */
export function notModified(c: C, tag: string): Response {
  c.header('ETag', `"${tag}"`);
  c.header('HX-PTag', tag);
  c.header('Vary', 'HX-Request, HX-Target, Cookie, Accept-Encoding');
  return c.body(null, 304);
}

/**
 * Sends somebody to another page after their form did its work. What the query of `target` says was `done` goes along in a
 * cookie and is told once (`doneHere`): a reload says it no second time, and no link can say it at all.
 */
export function goTo(c: C, target: string): Response {
  const { address: path, done } = splitDone(target);
  leaveDone(c, path, done);
  leaveMark(c);
  c.header('Vary', 'HX-Request');
  c.header('Cache-Control', 'private, no-store');
  if (!isHtmx(c)) return c.redirect(path, 303);
  c.header('HX-Redirect', path);
  return c.body(null, 204);
}

/** What the form that led here did, told once; a part that htmx asks for leaves it to the page. */
export function doneHere(c: C): string[] {
  return fragmentTarget(c) === undefined ? takeDone(c) : [];
}

/** After a form did its work: a plain browser goes on to `path`, htmx gets what changed at once. */
export async function afterForm(c: C, path: string, changed: () => Promise<Response>): Promise<Response> {
  return isHtmx(c) ? changed() : goTo(c, path);
}

/**
 * Sends somebody to log in, and back here afterwards. A panel of htmx goes there as a whole page. Whoever sent a form goes
 * back to the page that it stands on, and is told that it did nothing.
 */
export function goToLogin(c: C): Response {
  return SAFE.has(c.req.method)
    ? goTo(c, withNext('/login', pathAndQuery(c)))
    : goTo(c, withNext(LOGGED_OUT, formPage(c)));
}

/** The login as it is shown to somebody who was logged out in the middle of something. */
export const LOGGED_OUT = '/login?done=loggedOut';

/** JSON under `data`, `error` or both of `data` and `meta`, for this client alone. */
export function json(c: C, body: unknown, status: ContentfulStatusCode = 200): Response {
  return sendJson(c, compressText(JSON.stringify(body), wantedEncoding(c)), status);
}

/** JSON that says the same to everybody, kept as text until one of the `topics` changes or the minute is over. */
export async function jsonKept(
  c: C,
  now: Date,
  topics: readonly Topic[],
  make: (now: Date) => Promise<unknown>,
): Promise<Response> {
  const text = await c.get('parts').store.keep(
    JSON.stringify(['json', minuteOf(now), pathAndQuery(c)]),
    () => topics,
    async () => new KeptText(JSON.stringify(await make(now))),
    'pages',
  );
  return sendJson(c, text.as(c.req.header('accept-encoding')), 200);
}

/** Whether the request is for the JSON API. */
export function wantsJson(c: C): boolean {
  return /^\/api(?:\/|$)/.test(c.req.path) && c.req.path !== '/api/docs';
}

function sendJson(
  c: C,
  { body, encoding }: ReturnType<typeof compressText>,
  status: ContentfulStatusCode,
): Response {
  c.header('Cache-Control', 'private, no-store');
  c.header('Vary', 'Cookie, Accept-Encoding');
  c.header('Content-Type', 'application/json');
  if (status < 400) leaveMark(c);
  if (encoding) c.header('Content-Encoding', encoding);
  return c.body(body as string, status);
}

function wantedEncoding(c: C): Encoding | undefined {
  return pickEncoding(c.req.header('accept-encoding'));
}

function isHtmx(c: C): boolean {
  return c.req.header('hx-request') === 'true' && c.req.header('hx-history-restore-request') !== 'true';
}

/** The id of the element that htmx wants to fill; undefined when a whole page is wanted. */
function fragmentTarget(c: C): string | undefined {
  if (!isHtmx(c) || c.req.header('hx-request-type') === 'full') return undefined;
  return (c.req.header('hx-target') ?? '').split('#')[1] ?? '';
}

function pathAndQuery(c: C): string {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
}

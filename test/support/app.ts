import { createHmac } from 'node:crypto';
import { Writable } from 'node:stream';
import pino from 'pino';
import { createApp } from '../../src/app.tsx';
import { type Auth, createAuth } from '../../src/auth/auth.ts';
import { createLimits } from '../../src/auth/limits.ts';
import { readConfig } from '../../src/config.ts';
import type { Store } from '../../src/db/store.ts';
import { newId } from '../../src/domain/id.ts';
import type { Actor, Person } from '../../src/domain/roles.ts';
import { Hub } from '../../src/live/hub.ts';
import { projectRoot } from '../../src/root.ts';
import { type Assets, loadAssets } from '../../src/web/assets.ts';
import type { Parts } from '../../src/web/env.ts';
import { createMetrics, type Metrics } from '../../src/web/metrics.ts';
import { doneCookie } from '../../src/web/notice.ts';
import { buildScene, type Scene, type ServiceOptions } from './builders.ts';

/** How a request differs from that of a visitor on the same machine. */
export interface Asking {
  /** Who is logged in. */
  as?: Actor | undefined;
  /** The client's address as the socket has it. */
  from?: string;
  /** What the form that led here did, as its cookie says it. */
  done?: readonly string[];
  /** Cookies besides these. */
  cookie?: string;
  headers?: Record<string, string>;
}

/** An answer, read to its end. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The JSON of it, where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into it as it likes
  body: any;
}

/** The scene of most tests with the whole program before it, spoken to over HTTP without a socket. */
export interface TestApp extends Scene {
  app: ReturnType<typeof createApp>;
  parts: Parts;
  auth: Auth;
  /** A call of the JSON API. A text or bytes as the body go as they are. */
  json(method: string, path: string, options?: Asking & { body?: unknown }): Promise<Answer>;
  /** What a plain browser asks for. */
  page(path: string, options?: Asking): Promise<Answer>;
  /** The page that a form's answer leads to, as the same browser opens it. */
  nextPage(answer: Answer, options?: Asking): Promise<Answer>;
  /** A form that a plain browser posts. */
  form(path: string, fields?: Fields, options?: Asking): Promise<Answer>;
  /** What htmx asks for, or posts when there are fields; `target` is the id of the element it fills. */
  htmx(path: string, options?: Asking & { target?: string; fields?: Fields }): Promise<Answer>;
  send(request: Request, options?: Pick<Asking, 'from'>): Promise<Answer>;
  /** What was logged, line by line. */
  lines(): string[];
  /** The reset links that were mailed. */
  mails: { email: string; link: string }[];
}

export type Fields = Record<string, string | readonly string[]>;

export interface AppOptions {
  service?: ServiceOptions;
  /** The environment that the configuration is read from. */
  env?: Record<string, string>;
  parts?: Partial<Parts>;
}

/** What signs the cookies of `sessionCookie`. */
export const SECRET = 'the secret of the tests, of no use anywhere else';

let assets: Assets | undefined;
let metrics: Metrics | undefined;

/** Builds a scene in a database and puts the program before it. Its clock is the scene's. */
export async function buildApp(store: Store, options: AppOptions = {}): Promise<TestApp> {
  return openApp(await buildScene(store, options.service), options);
}

/** Puts the program before a scene that is there: a second one, or one with other settings. */
export function openApp(scene: Scene, { env = {}, parts: changed = {} }: AppOptions = {}): TestApp {
  const { store, clock } = scene;
  const config = readConfig({ BASE_URL: 'http://localhost', AUTH_SECRET: SECRET, ...env });
  const lines: string[] = [];
  const mails: TestApp['mails'] = [];
  const log = pino({ level: 'trace', base: null }, collector(lines));
  const auth = createAuth({
    store,
    config,
    clock,
    sendResetLink: ({ email }, link) => mails.push({ email, link }),
    log: (level, message) => log[level]({ component: 'accounts' }, message),
  });
  assets ??= loadAssets(projectRoot);
  metrics ??= createMetrics();
  const parts: Parts = {
    store,
    hub: new Hub({
      changes: store.changes,
      limits: { streams: 100, perAddress: 50 },
      onError: () => undefined,
    }),
    auth,
    clock,
    limits: createLimits(),
    assets,
    config,
    log,
    metrics,
    ready: async () => {
      await store.migrations();
      return true;
    },
    ...changed,
  };
  const app = createApp(parts);
  const base = new URL(config.baseUrl);
  const secure = base.protocol === 'https:';

  const cookies = new Map<string, Promise<string>>();
  const cookieOf = (person: Person) => {
    const known = cookies.get(person.id) ?? sessionCookie(store, person, secure);
    cookies.set(person.id, known);
    return known;
  };
  const send: TestApp['send'] = async (request, { from } = {}) => {
    const socket = from && { incoming: { socket: { remoteAddress: from } } };
    const response = await app.request(request, {}, socket || undefined);
    return read(response);
  };
  const ask = async (
    method: string,
    path: string,
    { as, from, done, cookie, headers }: Asking,
    body: RequestInit['body'],
    more: Record<string, string> = {},
  ) => {
    const cookies = [
      as && (await cookieOf(as)),
      done && `${doneCookie(new URL(path, base).pathname)}=${done.join('.')}`,
      cookie,
    ];
    const request = new Request(new URL(path, base), {
      method,
      headers: {
        // What every client sends; a Request made in a test has none.
        host: base.host,
        ...((as || done || cookie) && { cookie: cookies.filter(Boolean).join('; ') }),
        ...more,
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
    return send(request, from === undefined ? {} : { from });
  };
  const encode = (fields: Fields) =>
    new URLSearchParams(
      Object.entries(fields).flatMap(([name, value]) => [value].flat().map((each) => [name, each as string])),
    ).toString();
  const asForm = { 'content-type': 'application/x-www-form-urlencoded' };

  return {
    ...scene,
    app,
    parts,
    auth,
    mails,
    send,
    lines: () => [...lines],
    json: (method, path, { body, ...asking } = {}) => {
      const raw = typeof body === 'string' || body instanceof Uint8Array;
      const text = body === undefined || raw ? body : JSON.stringify(body);
      return ask(
        method,
        path,
        asking,
        text as RequestInit['body'],
        body === undefined ? {} : { 'content-type': 'application/json' },
      );
    },
    page: (path, asking = {}) => ask('GET', path, asking, undefined, { accept: 'text/html' }),
    nextPage: (answer, asking = {}) => {
      const { pathname, searchParams: query } = new URL(leadsTo(answer), base);
      const done = query.getAll('done');
      query.delete('done');
      const path = query.size > 0 ? `${pathname}?${query}` : pathname;
      return ask('GET', path, { ...asking, done }, undefined, { accept: 'text/html' });
    },
    form: (path, fields = {}, asking = {}) => ask('POST', path, asking, encode(fields), asForm),
    htmx: (path, { target, fields, ...asking } = {}) =>
      ask(fields ? 'POST' : 'GET', path, asking, fields && encode(fields), {
        ...(fields && asForm),
        'hx-request': 'true',
        ...(target === undefined ? {} : { 'hx-target': `div#${target}`, 'hx-request-type': 'partial' }),
      }),
  };
}

/** Reads an answer to its end. */
export async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== '';
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
}

/** Where a form's answer leads, with what is told there: `/desk/x?done=start-A1`, as a route says it to `goTo`. */
export function leadsTo({ headers }: Pick<Answer, 'headers'>): string {
  const address = headers.get('location') ?? headers.get('hx-redirect') ?? '';
  const [line] = headers.getSetCookie().filter((each) => each.startsWith('now-serving.done.'));
  const [, name, words = '', path] = /^([^=]*)=([^;]*);.*; Path=([^;]*)/.exec(line ?? '') ?? [];
  if (path === undefined) return address;
  if (path !== address.split('?', 1)[0] || name !== doneCookie(path))
    throw new Error(`Told at ${path}, leading to ${address}`);
  const done = words.split('.').map((word) => `done=${word}`);
  return `${address}${address.includes('?') ? '&' : '?'}${done.join('&')}`;
}

/** The cookies that an answer sets, as the next request sends them. */
export function cookiesOf({ headers }: Pick<Answer, 'headers'>): string {
  return headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
}

/**
 * The cookie of somebody who is logged in. The session is a row that we insert: hashing a password takes longer than a
 * whole test.
 */
export async function sessionCookie(
  store: Store,
  person: Pick<Person, 'id'>,
  secure = false,
  secret = SECRET,
): Promise<string> {
  const [cookie] = await sessionCookies(store, [person], secure, secret);
  return cookie as string;
}

/** The same for many people, in one transaction. */
export async function sessionCookies(
  store: Store,
  people: readonly Pick<Person, 'id'>[],
  secure = false,
  secret = SECRET,
): Promise<string[]> {
  const now = new Date('2026-01-01T00:00:00Z');
  const sessions = people.map(({ id: userId }) => ({
    id: newId(),
    token: newId().replaceAll('-', ''),
    userId,
    expiresAt: new Date('2100-01-01T00:00:00Z'),
    createdAt: now,
    updatedAt: now,
  }));
  await store.transaction((tx) => tx.write.insert(tx.tables.sessions).values(sessions));
  return sessions.map(({ token }) => {
    const signature = createHmac('sha256', secret).update(token).digest('base64');
    return `${secure ? '__Secure-' : ''}now-serving.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
  });
}

function collector(lines: string[]): Writable {
  return new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk).trimEnd());
      done();
    },
  });
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { hashPassword } from 'better-auth/crypto';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config.ts';
import { translate } from '../db/refusals.ts';
import type { Store } from '../db/store.ts';
import { personBySession, setRole, staffPeople, userByEmail } from '../db/users.ts';
import type { Clock } from '../domain/clock.ts';
import { newId } from '../domain/id.ts';
import { PASSWORD_LENGTH } from '../domain/password.ts';
import type { Person } from '../domain/roles.ts';
import { hashToken } from '../domain/token.ts';
import { gatedAdapter } from './adapter.ts';

const SESSION_DAYS = 30;
const RESET_LINK_SECONDS = 3600;
const SIGNED = 10_000;
const COOKIE = 'now-serving.session_token';
/** Better Auth reads the client's address from this header alone; nobody but us can set it. */
const ADDRESS_HEADER = 'x-now-serving-address';

export interface AuthOptions {
  store: Store;
  config: Pick<Config, 'baseUrl' | 'authSecret'>;
  clock: Clock;
  /** Sends the link with which somebody sets a new password. Must not throw, and is not waited for. */
  sendResetLink: (to: { name: string; email: string }, link: string) => void;
  log: (level: 'warn' | 'error', message: string) => void;
}

/** What an account call came to: Better Auth's status and body, and the cookies that it sets. */
export interface AuthAnswer {
  status: number;
  body: { code?: string; message?: string; user?: { id: string } };
  cookies: string[];
}

export interface Auth {
  /** Whom a request's cookies belong to; null for nobody. One query. */
  person(cookieHeader: string | undefined): Promise<Person | null>;
  register(input: { name: string; email: string; password: string }, from: Origin): Promise<AuthAnswer>;
  login(input: { email: string; password: string }, from: Origin): Promise<AuthAnswer>;
  logout(from: Origin): Promise<AuthAnswer>;
  /** Mails a link that carries where the person was on the way to. */
  requestReset(input: { email: string; next?: string }, from: Origin): Promise<AuthAnswer>;
  resetPassword(input: { token: string; password: string }, from: Origin): Promise<AuthAnswer>;
  changePassword(input: { currentPassword: string; password: string }, from: Origin): Promise<AuthAnswer>;
}

/** Where an account call comes from. */
export interface Origin {
  address: string;
  cookie: string | undefined;
  userAgent: string | undefined;
}

/** Accounts by Better Auth. Only the calls below reach it; none of its own routes is mounted. */
export function createAuth({ store, config, clock, sendResetLink, log }: AuthOptions): Auth {
  const secure = config.baseUrl.startsWith('https:');
  const auth = betterAuth({
    baseURL: config.baseUrl,
    basePath: '/api/auth',
    secret: config.authSecret,
    database: gatedAdapter(store),
    trustedOrigins: [config.baseUrl],
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: RESET_LINK_SECONDS,
      sendResetPassword: async ({ user, token }, request) => {
        const query = new URLSearchParams({ token });
        const next = request && new URL(request.url).searchParams.get('next');
        if (next) query.set('next', next);
        sendResetLink(user, `${config.baseUrl}/reset-password?${query}`);
      },
    },
    session: { expiresIn: SESSION_DAYS * 86_400, disableSessionRefresh: true },
    // Whoever reads the table must not be able to open a link that was mailed.
    verification: { storeIdentifier: { hash: async (identifier) => hashToken(identifier) } },
    user: { additionalFields: { role: { type: 'string', input: false, defaultValue: 'user' } } },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // What is no answer of theirs comes to us; they would print it, with the query and the address in it.
    onAPIError: { throw: true },
    logger: {
      level: 'warn',
      // Messages only: what comes with them may hold addresses and tokens.
      log: (level, message) => {
        if (level === 'error') log('error', message);
      },
    },
    advanced: {
      cookiePrefix: 'now-serving',
      useSecureCookies: secure,
      database: { generateId: newId },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
  });

  async function call(path: string, body: unknown, from: Origin): Promise<AuthAnswer> {
    const headers = new Headers({
      'content-type': 'application/json',
      origin: config.baseUrl,
      [ADDRESS_HEADER]: from.address,
    });
    if (from.cookie) headers.set('cookie', from.cookie);
    if (from.userAgent) headers.set('user-agent', from.userAgent);
    const request = new Request(`${config.baseUrl}/api/auth${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    const response = await auth.handler(request).catch((error: unknown) => {
      throw translate(error);
    });
    const answer = (await response.json().catch(() => ({}))) as AuthAnswer['body'];
    return { status: response.status, body: answer ?? {}, cookies: response.headers.getSetCookie() };
  }

  const cookieName = secure ? `__Secure-${COOKIE}` : COOKIE;
  /** Tokens whose signature was found right, by the cookies' value: a screen that polls sends the same all day. */
  const signed = new LRUCache<string, string>({ max: SIGNED });
  return {
    person: async (cookieHeader) => {
      const value = cookieValue(cookieHeader, cookieName);
      if (value === undefined) return null;
      const token = signed.get(value) ?? signedToken(value, config.authSecret);
      if (token === undefined) return null;
      signed.set(value, token);
      return personBySession(store, token, clock());
    },
    register: (input, from) => call('/sign-up/email', input, from),
    login: (input, from) => call('/sign-in/email', input, from),
    logout: (from) => call('/sign-out', {}, from),
    requestReset: ({ email, next }, from) =>
      call(`/request-password-reset${next ? `?${new URLSearchParams({ next })}` : ''}`, { email }, from),
    resetPassword: ({ token, password }, from) =>
      call('/reset-password', { token, newPassword: password }, from),
    changePassword: ({ currentPassword, password }, from) =>
      call('/change-password', { currentPassword, newPassword: password, revokeOtherSessions: true }, from),
  };
}

/**
 * Makes the first admin if no account has the address yet. False where there is none in the end: somebody has the address,
 * with another password. A start that was cut off between the account and its role is made up for: while there is no admin
 * at all, whoever has this address and this password becomes the first.
 */
export async function ensureAdmin(
  auth: Auth,
  store: Store,
  clock: Clock,
  admin: { email: string; password: string },
): Promise<boolean> {
  const { password } = admin;
  const email = admin.email.toLowerCase();
  const here = { address: '127.0.0.1', cookie: undefined, userAgent: undefined };
  const known = (await store.run(userByEmail, { email })).length > 0;
  if (known && (await staffPeople(store)).some(({ role }) => role === 'admin')) return true;
  const answer = known ? undefined : await auth.register({ name: 'Admin', email, password }, here);
  // Another instance that starts at the same moment may have been faster.
  const [user] = await store.run(userByEmail, { email });
  if (!user)
    throw new Error(`The first admin could not be made: ${answer?.status} ${answer?.body.code ?? ''}`);
  if (answer?.status !== 200 && (await auth.login({ email, password }, here)).status !== 200) return false;
  await store.transaction((tx) => tx.run(setRole, { id: user.id, role: 'admin', now: clock() }));
  return true;
}

export { hashPassword };

function cookieValue(cookieHeader: string | undefined, name: string): string | undefined {
  return cookieHeader
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

/** The token of a session cookie whose signature is ours. */
function signedToken(value: string, secret: string): string | undefined {
  const signed = safeDecode(value);
  const dot = signed.lastIndexOf('.');
  if (dot < 1) return undefined;
  const token = signed.slice(0, dot);
  const given = Buffer.from(signed.slice(dot + 1), 'base64');
  const wanted = createHmac('sha256', secret).update(token).digest();
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? token : undefined;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

import type { MiddlewareHandler } from 'hono';
import { Refusal } from '../domain/errors.ts';
import type { C, Env } from './env.ts';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "media-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const HEADERS: [string, string][] = [
  ['Content-Security-Policy', POLICY],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'same-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=()'],
];

/**
 * The security headers, on every answer. They are set before the handler runs: touched afterwards, an answer would have
 * to be unpacked and built again.
 */
export function securityHeaders(https: boolean): MiddlewareHandler<Env> {
  const headers = https
    ? [...HEADERS, ['Strict-Transport-Security', 'max-age=31536000'] as [string, string]]
    : HEADERS;
  return (c, next) => {
    for (const [name, value] of headers) c.header(name, value);
    return next();
  };
}

/** No address of ours holds a NUL, and PostgreSQL takes none: nothing is there. */
export const plainPath: MiddlewareHandler<Env> = (c, next) => {
  if (/\0|%00/.test(c.req.path)) throw new Refusal('not_found');
  return next();
};

/** Methods that change nothing. */
export const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Refuses with `foreign_origin` what another site makes a browser send. What is no browser sends neither header. */
export const sameOrigin: MiddlewareHandler<Env> = (c, next) => {
  if (!SAFE.has(c.req.method) && !isSameOrigin(c)) throw new Refusal('foreign_origin');
  return next();
};

function isSameOrigin(c: C): boolean {
  const origin = c.req.header('origin');
  const site = c.req.header('sec-fetch-site');
  if (origin !== undefined) return isOurOrigin(c, origin);
  return site === undefined || site === 'same-origin' || site === 'none';
}

/**
 * Whether an origin is the one that is configured, or the host that this request was sent to: terminals within a house may
 * ask by another name, and in plain text.
 */
export function isOurOrigin(c: C, origin: string): boolean {
  if (origin === c.get('parts').config.baseUrl) return true;
  return URL.canParse(origin) && new URL(origin).host === (c.req.header('host') ?? '');
}

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

/** Methods that change nothing. */
export const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Puts the security headers on every answer, before the handler runs: touched afterwards, an answer would have to be
 * unpacked and built again. Refuses with `not_found` an address with a NUL, which none of ours has and PostgreSQL does not
 * take; and with `foreign_origin` what another site makes a browser send. What is no browser sends neither header.
 */
export function guard(https: boolean): MiddlewareHandler<Env> {
  const headers = https
    ? [...HEADERS, ['Strict-Transport-Security', 'max-age=31536000'] as [string, string]]
    : HEADERS;
  return (c, next) => {
    for (const [name, value] of headers) c.header(name, value);
    if (/\0|%00/.test(c.req.path)) throw new Refusal('not_found');
    if (!SAFE.has(c.req.method) && !isSameOrigin(c)) throw new Refusal('foreign_origin');
    return next();
  };
}

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

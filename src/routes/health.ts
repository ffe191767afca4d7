import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { Refusal } from '../domain/errors.ts';
import type { C, Env } from '../web/env.ts';
import { clientAddress } from '../web/session.ts';

export const healthRoutes = new Hono<Env>()
  .get('/healthz', (c) => c.text('ok'))
  .get('/readyz', async (c) => {
    const ready = await c
      .get('parts')
      .ready()
      .catch(() => false);
    if (!ready) c.header('Retry-After', '2');
    return c.text(ready ? 'ready' : 'not ready', ready ? 200 : 503);
  })
  .get('/metrics', async (c) => {
    if (!mayRead(c)) throw new Refusal('not_found');
    const { registry } = c.get('parts').metrics;
    return c.body(await registry.metrics(), 200, { 'Content-Type': registry.contentType });
  });

/** What proxies add; any of them says that somebody else is behind. */
const FORWARDED = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'forwarded',
  'via',
];

/** From this machine itself, or with the token. What came through a proxy is not from this machine. */
function mayRead(c: C): boolean {
  const { metricsToken } = c.get('parts').config;
  if (metricsToken !== undefined && isSame(c.req.header('authorization') ?? '', `Bearer ${metricsToken}`))
    return true;
  const address = clientAddress(c);
  const isHere = address === '::1' || address.startsWith('127.');
  return isHere && !FORWARDED.some((name) => c.req.header(name) !== undefined);
}

/** Compares in a time that tells nothing of how much was right. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

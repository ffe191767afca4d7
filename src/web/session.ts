import { getConnInfo } from '@hono/node-server/conninfo';
import ipaddr from 'ipaddr.js';
import { type Act, actOf } from '../actions/act.ts';
import type { Origin } from '../auth/auth.ts';
import type { Actor } from '../domain/roles.ts';
import type { C } from './env.ts';
import { SAFE } from './security.ts';

/** Who sends this request; null for nobody. Asks the database once, and only when there is a session cookie. */
export function actorOf(c: C): Promise<Actor> {
  let actor = c.get('actor');
  if (!actor) {
    actor = c.get('parts').auth.person(c.req.header('cookie'));
    c.set('actor', actor);
  }
  return actor;
}

/** An act of whoever sends this request. */
export async function actFor(c: C): Promise<Act> {
  const { store, clock } = c.get('parts');
  return actOf(store, clock, await actorOf(c), SAFE.has(c.req.method) ? store : store.fresh);
}

/** The client's address: the socket's, or what trusted proxies say, read from the nearest one on. */
export function clientAddress(c: C): string {
  const { isTrusted } = c.get('parts').config.trustedProxies;
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim());
  let address = plainAddress(socketAddress(c));
  while (isTrusted(address)) {
    const next = forwarded.pop();
    if (!next) break;
    address = plainAddress(next);
  }
  return address;
}

/** Some proxies add the port, and write an IPv4 address as an IPv6 one: the client is the same. */
function plainAddress(text: string): string {
  const [, address = text] = /^\[(.+)\](?::\d+)?$/.exec(text) ?? /^([^:]+):\d+$/.exec(text) ?? [];
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
}

/** Who limits count for: the client's address, or its network where a client has a whole one (a /64 of IPv6). */
export function clientNetwork(c: C): string {
  const address = clientAddress(c);
  return ipaddr.IPv6.isValid(address)
    ? ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString()
    : address;
}

/** What an account call needs to know of the request. */
export function originOf(c: C): Origin {
  return {
    address: clientNetwork(c),
    cookie: c.req.header('cookie'),
    userAgent: c.req.header('user-agent')?.slice(0, 300),
  };
}

function socketAddress(c: C): string {
  // A request made in a test has no socket.
  const address = c.env?.incoming ? getConnInfo(c).remote.address : undefined;
  return address ?? '127.0.0.1';
}

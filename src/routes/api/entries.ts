import { Hono } from 'hono';
import { moveTicket, reachTicket } from '../../actions/tickets.ts';
import { VERBS, type Verb } from '../../domain/ticket.ts';
import { parse } from '../../forms/parse.ts';
import { verbForm } from '../../forms/queue.ts';
import type { C, Env } from '../../web/env.ts';
import { readInput } from '../../web/input.ts';
import { entryJson } from '../../web/json.ts';
import { once } from '../../web/once.ts';
import { json } from '../../web/render.tsx';
import { actFor } from '../../web/session.ts';

export const entryApi = new Hono<Env>();

for (const verb of VERBS) entryApi.post(`/entries/:id/${verb}`, (c) => move(c, c.req.param('id'), verb));

async function move(c: C, id: string, verb: Verb): Promise<Response> {
  const entry = await reachTicket(await actFor(c), id, verb);
  const input = await readInput(c);
  const form = parse(verbForm, input.fields);
  const answer = await once(
    c,
    input,
    (act) => moveTicket(act, entry, verb, form),
    (moved) => ({ status: 200, body: { data: entryJson(moved) } }),
  );
  return json(c, answer.body, answer.status);
}

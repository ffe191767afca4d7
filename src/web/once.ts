import { hash } from 'node:crypto';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type Act, actOf } from '../actions/act.ts';
import { answerOf, claimAnswer, fillAnswer, forgetAnswers, keepAnswer } from '../db/answers.ts';
import { breaksUnique } from '../db/refusals.ts';
import type { Store } from '../db/store.ts';
import { DAY } from '../domain/clock.ts';
import { Refusal } from '../domain/errors.ts';
import type { C } from './env.ts';
import { statusOf } from './errors.ts';
import { bodyFor } from './faster.ts';
import type { Input } from './input.ts';
import { json, wantsJson } from './render.tsx';
import { actorOf } from './session.ts';

/** An answer as it is stored and given again. */
export interface Answer {
  status: ContentfulStatusCode;
  body: unknown;
}

const KEEP_MS = DAY;

interface Key {
  owner: string;
  method: string;
  path: string;
  key: string;
}

/** Whose a key is where that is not an account, and what stands for an address that holds a token. */
export interface KeyHolder {
  owner: string;
  path: string;
}

/**
 * Runs an action at most once for an `Idempotency-Key` (a form carries it as `idempotency_key`). The key is claimed and
 * its answer stored in the action's own transaction, so either both are there or neither. A request that comes again
 * gets the first answer; with another body it is refused with `key_reused`. What the JSON API refused is stored too, also for
 * what its body says (a form is shown again instead), but not what went wrong (5xx).
 */
export async function once<T>(
  c: C,
  input: Input,
  work: (act: Act) => Promise<T>,
  present: (result: T) => Answer,
  holder?: KeyHolder,
): Promise<Answer> {
  const { store, clock } = c.get('parts');
  const actor = await actorOf(c);
  const act = actOf(store, clock, actor);
  const text = keyOf(c, input);
  const owner = holder?.owner ?? actor?.id;
  if (text === undefined || owner === undefined) return present(await work(act));

  // An id in capitals is the same, and so is what is asked of it.
  const key = { owner, method: c.req.method, path: holder?.path ?? c.req.path.toLowerCase(), key: text };
  const bodyHash = hash('sha256', input.raw, 'base64');
  const known = await storedAnswer(store, key, bodyHash, act.now);
  if (known) return known;
  let stored = false;
  const kept = (result: unknown) => {
    const { status, body } = present(result as T);
    stored = true;
    return { ...key, status, body: JSON.stringify(body) };
  };
  const keyed: Act = {
    ...act,
    transaction: (run) =>
      store.transaction(async (tx) => {
        if ((await tx.run(claimAnswer, { ...key, bodyHash, now: act.now })).length === 0) throw new Claimed();
        const result = await run(tx);
        await tx.run(fillAnswer, kept(result));
        return result;
      }),
    sendAll: (run) =>
      store.sendAll((tx) => {
        const result = run(tx);
        tx.send(keepAnswer, { ...kept(result), bodyHash, now: act.now });
        return result;
      }),
  };
  try {
    const answer = present(await work(keyed));
    // An action whose work was done already opens no transaction.
    if (!stored) await remember(store, key, bodyHash, act.now, answer);
    return answer;
  } catch (error) {
    const isClaimed = error instanceof Claimed || breaksUnique(error, 'answers');
    // A twin may have done what we were then refused: its answer stands beside what it did.
    const answer =
      isClaimed || error instanceof Refusal ? await storedAnswer(store, key, bodyHash, act.now) : undefined;
    if (answer) return answer;
    // SQLite and PostgreSQL both made us wait for the twin that held the key; without an answer it was refused.
    if (isClaimed) throw new Refusal('stale');
    if (error instanceof Refusal && wantsJson(c) && statusOf(error) < 500)
      await remember(store, key, bodyHash, act.now, {
        status: statusOf(error),
        body: await bodyFor(c, error),
      });
    throw error;
  }
}

/** The same for the JSON API, which answers what `present` makes of the result as its `data`. */
export async function answerOnce<T>(
  c: C,
  input: Input,
  work: (act: Act) => Promise<T>,
  present: (result: T) => unknown,
  status: ContentfulStatusCode = 200,
): Promise<Response> {
  const answer = await once(c, input, work, (result) => ({ status, body: { data: present(result) } }));
  return json(c, answer.body, answer.status);
}

/** Where a form's answer leads: what its `present` put there, or what is stored of it. */
export function locationOf({ body }: Answer): string {
  return (body as { location: string }).location;
}

/** Deletes what nobody may ask for any more. */
export async function forgetOldAnswers(store: Store, now: Date): Promise<void> {
  await store.transaction((tx) => tx.run(forgetAnswers, { before: new Date(now.getTime() - KEEP_MS) }));
}

/** A request with the same key is there already. */
class Claimed extends Error {}

function keyOf(c: C, input: Input): string | undefined {
  const text = c.req.header('idempotency-key') ?? (wantsJson(c) ? undefined : input.fields.idempotencyKey);
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(text)) {
    throw new Refusal('invalid', { fields: { idempotencyKey: { code: 'invalid' } } });
  }
  return text;
}

async function storedAnswer(
  store: Store,
  key: Key,
  bodyHash: string,
  now: Date,
): Promise<Answer | undefined> {
  const [row] = await store.run(answerOf, { ...key });
  if (!row) return undefined;
  if (now.getTime() - row.createdAt.getTime() > KEEP_MS) {
    await forgetOldAnswers(store, now);
    return undefined;
  }
  if (row.bodyHash !== bodyHash) throw new Refusal('key_reused');
  if (row.status === null || row.body === null) return undefined;
  return { status: row.status as ContentfulStatusCode, body: JSON.parse(row.body) };
}

async function remember(
  store: Store,
  key: Key,
  bodyHash: string,
  now: Date,
  { status, body }: Answer,
): Promise<void> {
  await store.transaction(async (tx) => {
    if ((await tx.run(claimAnswer, { ...key, bodyHash, now })).length === 0) return;
    await tx.run(fillAnswer, { ...key, status, body: JSON.stringify(body) });
  });
}

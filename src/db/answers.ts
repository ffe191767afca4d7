import { and, eq, lt } from 'drizzle-orm';
import { changesNothing } from './changes.ts';
import { type P, query, statement } from './store.ts';

type Key = { owner: string; method: string; path: string; key: string };

/** Claims a key; no row back means that it was claimed before. A twin that is still at it makes PostgreSQL wait here. */
export const claimAnswer = statement(
  'claim_answer',
  (db, t, p: P<Key & { bodyHash: string; now: Date }>) =>
    db
      .insert(t.answers)
      .values({
        owner: p.owner,
        method: p.method,
        path: p.path,
        key: p.key,
        bodyHash: p.bodyHash,
        createdAt: p.now,
      })
      .onConflictDoNothing()
      .returning({ key: t.answers.key }),
  changesNothing,
);

/** Claims a key with its answer, where that is known beforehand. Breaks the UNIQUE rule when it was claimed before. */
export const keepAnswer = statement(
  'keep_answer',
  (db, t, p: P<Key & { bodyHash: string; status: number; body: string; now: Date }>) =>
    db.insert(t.answers).values({
      owner: p.owner,
      method: p.method,
      path: p.path,
      key: p.key,
      bodyHash: p.bodyHash,
      status: p.status,
      body: p.body,
      createdAt: p.now,
    }),
  changesNothing,
);

export const answerOf = query('answer_of', (db, t, p: P<Key>) =>
  db
    .select({
      bodyHash: t.answers.bodyHash,
      status: t.answers.status,
      body: t.answers.body,
      createdAt: t.answers.createdAt,
    })
    .from(t.answers)
    .where(
      and(
        eq(t.answers.owner, p.owner),
        eq(t.answers.method, p.method),
        eq(t.answers.path, p.path),
        eq(t.answers.key, p.key),
      ),
    ),
);

export const fillAnswer = statement(
  'fill_answer',
  (db, t, p: P<Key & { status: number; body: string }>) =>
    db
      .update(t.answers)
      .set({ status: p.status, body: p.body })
      .where(
        and(
          eq(t.answers.owner, p.owner),
          eq(t.answers.method, p.method),
          eq(t.answers.path, p.path),
          eq(t.answers.key, p.key),
        ),
      ),
  changesNothing,
);

export const forgetAnswers = statement(
  'forget_answers',
  (db, t, p: P<{ before: Date }>) => db.delete(t.answers).where(lt(t.answers.createdAt, p.before)),
  changesNothing,
);

import type { AuthAnswer } from '../auth/auth.ts';
import { emailOfReset, userByEmail } from '../db/users.ts';
import { Refusal } from '../domain/errors.ts';
import type { Actor, Person } from '../domain/roles.ts';
import type { C } from './env.ts';
import { describeError } from './errors.ts';
import { actorOf, originOf } from './session.ts';

/** The account calls with their limits, for the forms and the JSON API alike. Each sets the session's cookies. */

/** Registers a customer and logs them in. Refuses a known address as `invalid`, and with `too_many`. */
export async function register(
  c: C,
  input: { name: string; email: string; password: string },
): Promise<Person> {
  const { auth, limits } = c.get('parts');
  const from = originOf(c);
  await limits.register(from.address);
  const answer = await limits.inTurn(from.address, () => auth.register(input, from));
  if (answer.status >= 400) {
    if (answer.status !== 422) throw unexpected(answer);
    if (!(await hasAccount(c, input.email)))
      throw new Refusal('busy', { retryAfter: 2, facts: { cause: 'the account could not be written' } });
    await limits.knownAddress(from.address);
    throw new Refusal('invalid', { fields: { email: { code: 'email_taken' } } });
  }
  return signedInAs(c, answer);
}

/** Logs somebody in. An unknown address and a wrong password are refused alike, with `wrong_credentials`. */
export async function login(c: C, input: { email: string; password: string }): Promise<Person> {
  const { auth, limits } = c.get('parts');
  const from = originOf(c);
  const open = () => limits.beforeLogin(input.email, from.address);
  // Whoever is beyond the limit takes nobody's turn; and again, since those before may have used it up.
  await open();
  return limits.inTurn(from.address, async () => {
    await open();
    const answer = await auth.login(input, from);
    if (answer.status >= 400) {
      if (answer.status !== 401) throw unexpected(answer);
      await limits.failedLogin(input.email, from.address);
      throw new Refusal('wrong_credentials');
    }
    await limits.goodLogin(input.email, from.address);
    return signedInAs(c, answer);
  });
}

/** Ends the session and answers whose it was. Without one it is a quiet no-op. */
export async function logout(c: C): Promise<Actor> {
  const { auth } = c.get('parts');
  const from = originOf(c);
  const person = await actorOf(c);
  const answer = await auth.logout(from);
  // Better Auth takes it lightly when the database could not delete the session; it would go on.
  if (await auth.person(from.cookie))
    throw new Refusal('busy', { retryAfter: 2, facts: { cause: 'the session could not be deleted' } });
  passCookies(c, answer);
  return person;
}

/** Sends a link for a new password, if there is such an account; nobody learns whether there is. */
export async function requestReset(c: C, input: { email: string; next?: string }): Promise<void> {
  const { auth, limits, log } = c.get('parts');
  const from = originOf(c);
  if (!(await limits.requestReset(input.email, from.address)) || !(await hasAccount(c, input.email))) return;
  // After the answer: if it came later for an account, that would tell.
  setImmediate(() =>
    auth.requestReset(input, from).catch((error: unknown) => {
      log.error({ requestId: c.get('requestId'), err: describeError(error) }, 'a link could not be sent');
    }),
  );
}

/** Sets a new password by a mailed link; every session of the account ends, and what failed before from here is forgotten. */
export async function resetPassword(c: C, input: { token: string; password: string }): Promise<void> {
  const { auth, limits, store } = c.get('parts');
  const broken = () => new Refusal('invalid', { fields: { token: { code: 'link_expired' } } });
  // PostgreSQL takes no NUL.
  if (input.token.includes('\0')) throw broken();
  const from = originOf(c);
  const email = await emailOfReset(store, input.token);
  const answer = await limits.inTurn(from.address, () => auth.resetPassword(input, from));
  if (answer.status >= 500) throw unexpected(answer);
  if (answer.status >= 400) throw broken();
  if (email !== undefined) await limits.goodLogin(email, from.address);
}

/** Changes the password of whoever is logged in; their other sessions end. Wrong tries count as failed logins. */
export async function changePassword(
  c: C,
  person: Person,
  input: { currentPassword: string; password: string },
): Promise<void> {
  const { auth, limits } = c.get('parts');
  const from = originOf(c);
  const open = () => limits.beforeLogin(person.email, from.address);
  await open();
  await limits.inTurn(from.address, async () => {
    await open();
    const answer = await auth.changePassword(input, from);
    if (answer.status >= 500) throw unexpected(answer);
    if (answer.status >= 400) {
      await limits.failedLogin(person.email, from.address);
      throw new Refusal('invalid', { fields: { currentPassword: { code: 'password_wrong' } } });
    }
    passCookies(c, answer);
  });
}

/** A sign-up that the database broke off is answered like one with a known address; this tells them apart. */
async function hasAccount(c: C, email: string): Promise<boolean> {
  return (await c.get('parts').store.run(userByEmail, { email })).length > 0;
}

async function signedInAs(c: C, answer: AuthAnswer): Promise<Person> {
  passCookies(c, answer);
  const cookie = answer.cookies.map((line) => line.split(';', 1)[0]).join('; ');
  const person = await c.get('parts').auth.person(cookie);
  if (!person) throw unexpected(answer);
  return person;
}

function passCookies(c: C, { cookies }: AuthAnswer): void {
  for (const cookie of cookies) c.header('Set-Cookie', cookie, { append: true });
}

function unexpected({ status, body }: AuthAnswer): Error {
  return new Error(`The account call answered ${status} ${body.code ?? ''}`);
}

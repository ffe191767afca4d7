import { Hono } from 'hono';
import { AccountPage, ForgotPage, LoginPage, RegisterPage, ResetPage } from '../../views/accounts/pages.tsx';
import { NOWHERE, withNext } from '../../views/next.ts';
import { blankForm, type FormState } from '../../views/parts.tsx';
import { signedIn } from '../actions/act.ts';
import type { Role } from '../domain/roles.ts';
import { changePasswordForm, forgotForm, loginForm, registerForm, resetForm } from '../forms/accounts.ts';
import { parse } from '../forms/parse.ts';
import * as accounts from '../web/accounts.ts';
import { attempt, type Failure, formAgain } from '../web/attempt.ts';
import type { C, Env } from '../web/env.ts';
import { statusOf } from '../web/errors.ts';
import { readInput } from '../web/input.ts';
import { safeNext } from '../web/next.ts';
import { doneHere, goTo, type Screen, show, uiOf } from '../web/render.tsx';
import { actorOf } from '../web/session.ts';

export const accountPages = new Hono<Env>()
  .get('/login', (c) => showLogin(c, safeNext(c.req.query('next'))))
  .post('/login', async (c) => {
    const { fields } = await readInput(c);
    const next = safeNext(fields.next);
    const result = await attempt(c, async () => accounts.login(c, parse(loginForm, fields)));
    if (!result.ok) return showLogin(c, next, { fields, failure: result });
    return goTo(c, next === NOWHERE ? HOME[result.value.role] : next);
  })
  .get('/register', (c) => showRegister(c, safeNext(c.req.query('next'))))
  .post('/register', async (c) => {
    const { fields } = await readInput(c);
    const { next: wanted, ...rest } = fields;
    const next = safeNext(wanted);
    const result = await attempt(c, async () => accounts.register(c, parse(registerForm, rest)));
    return result.ok ? goTo(c, next) : showRegister(c, next, { fields, failure: result });
  })
  .post('/logout', async (c) => {
    await accounts.logout(c);
    return goTo(c, '/');
  })
  .get('/forgot-password', (c) => showForgot(c, safeNext(c.req.query('next'))))
  .post('/forgot-password', async (c) => {
    const { fields } = await readInput(c);
    const next = safeNext(fields.next);
    const result = await attempt(c, async () =>
      accounts.requestReset(c, { ...parse(forgotForm, fields), ...(next !== NOWHERE && { next }) }),
    );
    return result.ok
      ? goTo(c, withNext('/forgot-password?sent', next))
      : showForgot(c, next, { fields, failure: result });
  })
  .get('/reset-password', (c) => showReset(c, c.req.query('token') ?? '', safeNext(c.req.query('next'))))
  .post('/reset-password', async (c) => {
    const { fields } = await readInput(c);
    const next = safeNext(fields.next);
    const result = await attempt(c, async () => accounts.resetPassword(c, parse(resetForm, fields)));
    return result.ok
      ? goTo(c, withNext('/login?done=reset', next))
      : showReset(c, String(fields.token ?? ''), next, { fields, failure: result });
  })
  .get('/account', (c) => showAccount(c))
  .post('/account/password', async (c) => {
    const person = signedIn(await actorOf(c));
    const { fields } = await readInput(c);
    const result = await attempt(c, async () =>
      accounts.changePassword(c, person, parse(changePasswordForm, fields)),
    );
    return result.ok ? goTo(c, '/account?done=changed') : showAccount(c, { fields, failure: result });
  });

interface Failed {
  fields: Record<string, unknown>;
  failure: Failure;
}

async function showLogin(c: C, next: string, failed?: Failed): Promise<Response> {
  const ui = await uiOf(c);
  const [done] = doneHere(c);
  const form = formOf(ui, failed);
  return show(c, ui, {
    ...screen(ui.text.accounts.login.title, failed),
    main: () => (
      <LoginPage ui={ui} form={form} next={next} reset={done === 'reset'} loggedOut={done === 'loggedOut'} />
    ),
  });
}

async function showRegister(c: C, next: string, failed?: Failed): Promise<Response> {
  const ui = await uiOf(c);
  const form = formOf(ui, failed);
  return show(c, ui, {
    ...screen(ui.text.accounts.register.title, failed),
    main: () => <RegisterPage ui={ui} form={form} next={next} />,
  });
}

async function showForgot(c: C, next: string, failed?: Failed): Promise<Response> {
  const ui = await uiOf(c);
  const sent = c.req.query('sent') !== undefined;
  const form = formOf(ui, failed);
  return show(c, ui, {
    ...screen(ui.text.accounts.forgot.title, failed),
    main: () => <ForgotPage ui={ui} form={form} next={next} sent={sent} />,
  });
}

async function showReset(c: C, token: string, next: string, failed?: Failed): Promise<Response> {
  const ui = await uiOf(c);
  const form = formOf(ui, failed);
  return show(c, ui, {
    ...screen(ui.text.accounts.reset.title, failed),
    main: () => <ResetPage ui={ui} form={form} token={token} next={next} />,
  });
}

async function showAccount(c: C, failed?: Failed): Promise<Response> {
  const person = signedIn(await actorOf(c));
  const ui = await uiOf(c);
  const done = doneHere(c)[0] === 'changed';
  const form = formOf(ui, failed);
  return show(c, ui, {
    ...screen(ui.text.accounts.account.title, failed),
    main: () => <AccountPage ui={ui} form={form} person={person} done={done} />,
  });
}

function formOf(ui: Awaited<ReturnType<typeof uiOf>>, failed: Failed | undefined): FormState {
  return failed ? formAgain(ui, failed.fields, failed.failure) : blankForm;
}

function screen(title: string, failed: Failed | undefined): Pick<Screen, 'title' | 'width' | 'status'> {
  return { title, width: 'narrow', ...(failed && { status: statusOf(failed.failure.refusal) }) };
}

/** Where somebody goes who was on the way to nowhere in particular. */
const HOME: Record<Role, string> = { user: '/', staff: '/desk', admin: '/admin' };

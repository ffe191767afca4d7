import type { Child } from 'hono/jsx';
import type { Person } from '../../src/domain/roles.ts';
import { NOWHERE, withNext } from '../next.ts';
import { Address, blankForm, ErrorSummary, type FormState, Notice, TextField } from '../parts.tsx';
import type { Ui } from '../ui.ts';

interface Props {
  ui: Ui;
  form: FormState;
}

/** Where somebody logs in, and is led on to `next`. It says so after a new password, or when a session has ended. */
export function LoginPage({
  ui,
  form,
  next,
  reset,
  loggedOut,
}: Props & {
  next: string;
  /** A new password was set just now. */
  reset: boolean;
  /** A form was sent in vain. */
  loggedOut: boolean;
}) {
  const t = ui.text.accounts;
  return (
    <FormPage
      ui={ui}
      form={form}
      title={t.login.title}
      lede={next === NOWHERE ? t.login.lede : keepsChoice(next) ? t.login.chosenText : t.login.continueText}
      notice={reset ? t.reset.done : undefined}
      warning={loggedOut ? t.login.loggedOut : undefined}
    >
      <form class="stack" method="post" action="/login" data-once>
        <input type="hidden" name="next" value={next} />
        <TextField
          ui={ui}
          form={form}
          name="email"
          label={t.fields.email}
          type="email"
          autocomplete="username"
          required
        />
        <TextField
          ui={ui}
          form={form}
          name="password"
          label={t.fields.password}
          type="password"
          autocomplete="current-password"
          required
        />
        <div class="row">
          <button class="primary" type="submit">
            {t.login.submit}
          </button>{' '}
          <a href={withNext('/forgot-password', next)}>{t.login.forgot}</a>
        </div>
      </form>
      <p>
        {t.login.noAccount} <a href={withNext('/register', next)}>{t.login.register}</a>
      </p>
    </FormPage>
  );
}

/** Where a customer makes an account. */
export function RegisterPage({ ui, form, next }: Props & { next: string }) {
  const t = ui.text.accounts;
  return (
    <FormPage ui={ui} form={form} title={t.register.title} lede={t.register.lede}>
      <form class="stack" method="post" action="/register" data-once>
        <input type="hidden" name="next" value={next} />
        <TextField
          ui={ui}
          form={form}
          name="name"
          label={t.fields.name}
          autocomplete="name"
          maxlength={100}
          required
        />
        <TextField
          ui={ui}
          form={form}
          name="email"
          label={t.fields.email}
          type="email"
          autocomplete="username"
          required
        />
        <NewPassword ui={ui} form={form} label={t.fields.password} />
        <div class="row">
          <button class="primary" type="submit">
            {t.register.submit}
          </button>
        </div>
      </form>
      <p>
        {t.register.haveAccount} <a href={withNext('/login', next)}>{t.login.title}</a>
      </p>
    </FormPage>
  );
}

/** Where a link for a new password is asked for. Once `sent` it says the same whether the address is known or not. */
export function ForgotPage({ ui, form, next, sent }: Props & { next: string; sent: boolean }) {
  const t = ui.text.accounts;
  return (
    <FormPage
      ui={ui}
      form={form}
      title={t.forgot.title}
      lede={t.forgot.lede}
      notice={sent ? t.forgot.sent : undefined}
    >
      <form class="stack" method="post" action="/forgot-password" data-once>
        <input type="hidden" name="next" value={next} />
        <TextField
          ui={ui}
          form={form}
          name="email"
          label={t.fields.email}
          type="email"
          autocomplete="username"
          required
        />
        <div class="row">
          <button class="primary" type="submit">
            {t.forgot.submit}
          </button>{' '}
          <a class="button quiet" href={withNext('/login', next)}>
            {t.login.title}
          </a>
        </div>
      </form>
    </FormPage>
  );
}

/** Where such a link leads. One that is broken or too old says where to get another. */
export function ResetPage({ ui, form, token, next }: Props & { token: string; next: string }) {
  const t = ui.text.accounts;
  const { token: problem } = form.problems;
  const broken = token === '' || problem ? t.reset.broken : undefined;
  const useless = problem?.code === 'link_expired' ? ui.text.problem(problem) : broken;
  return (
    <FormPage ui={ui} form={useless ? blankForm : form} title={t.reset.title} password={t.fields.newPassword}>
      {useless ? (
        <Notice kind="error">
          {useless} <a href={withNext('/forgot-password', next)}>{t.reset.another}</a>
        </Notice>
      ) : (
        <form class="stack" method="post" action="/reset-password" data-once>
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="next" value={next} />
          <NewPassword ui={ui} form={form} label={t.fields.newPassword} />
          <div class="row">
            <button class="primary" type="submit">
              {t.reset.submit}
            </button>
          </div>
        </form>
      )}
    </FormPage>
  );
}

/** Who is logged in, and a new password for them. */
export function AccountPage({ ui, form, person, done }: Props & { person: Person; done: boolean }) {
  const t = ui.text.accounts;
  return (
    <FormPage
      ui={ui}
      form={form}
      title={t.account.title}
      notice={done ? t.account.done : undefined}
      password={t.fields.newPassword}
    >
      <section class="stack" aria-labelledby="details">
        <h2 id="details">{t.account.details}</h2>
        <dl>
          <dt>{t.fields.name}</dt>
          <dd>{person.name}</dd>
          <dt>{t.fields.email}</dt>
          <dd>
            <Address email={person.email} />
          </dd>
        </dl>
      </section>
      <section class="stack" aria-labelledby="change">
        <h2 id="change">{t.account.passwordTitle}</h2>
        <form class="stack" method="post" action="/account/password" data-once>
          <input type="hidden" name="username" autocomplete="username" value={person.email} />
          <TextField
            ui={ui}
            form={form}
            name="currentPassword"
            label={t.account.current}
            type="password"
            autocomplete="current-password"
            required
          />
          <NewPassword ui={ui} form={form} label={t.fields.newPassword} />
          <div class="row">
            <button class="primary" type="submit">
              {t.account.submit}
            </button>
          </div>
        </form>
      </section>
      <form method="post" action="/logout">
        <button type="submit">{ui.text.layout.logout}</button>
      </form>
    </FormPage>
  );
}

function NewPassword({ ui, form, label }: Props & { label: string }) {
  const { passwordHint } = ui.text.accounts.fields;
  return (
    <TextField
      ui={ui}
      form={form}
      name="password"
      label={label}
      type="password"
      autocomplete="new-password"
      hint={passwordHint}
      required
    />
  );
}

interface FormPageProps extends Props {
  title: string;
  lede?: string;
  notice?: string | undefined;
  warning?: string | undefined;
  /** What the page calls the password that it asks for. */
  password?: string;
  children: Child;
}

function FormPage({ ui, form, title, lede, notice, warning, password, children }: FormPageProps) {
  const { fields, account } = ui.text.accounts;
  const labels = { ...fields, password: password ?? fields.password, currentPassword: account.current };
  return (
    <>
      <ErrorSummary ui={ui} form={form} labels={labels} />
      <header>
        <h1>{title}</h1>
        {lede && <p class="lede">{lede}</p>}
      </header>
      {notice && <Notice kind="success">{notice}</Notice>}
      {warning && <Notice kind="warning">{warning}</Notice>}
      {children}
    </>
  );
}

/** Whether a time was chosen on the page that somebody goes on to. */
function keepsChoice(next: string): boolean {
  return new URLSearchParams(next.split('?')[1]).has('time_slot');
}

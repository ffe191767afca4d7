import type { Child } from 'hono/jsx';
import type { ToldWait } from '../../src/domain/estimate.ts';
import type { HeldTicket } from '../../src/domain/held.ts';
import type { Closed } from '../../src/domain/join.ts';
import type { Location, PlacedService } from '../../src/domain/service.ts';
import { closedText, JoinFields, waitText } from '../join/join.tsx';
import { type FormState, TextField } from '../parts.tsx';
import { Receipt } from '../tickets/receipt.tsx';
import { standingText } from '../tickets/ticket.tsx';
import type { Ui } from '../ui.ts';

/** A kiosk's screen: whoever stands before it is a stranger to whoever comes next. */
export interface KioskView {
  ui: Ui;
  place: Location;
  /** Where its pages are, by whatever slug it was opened. */
  path: string;
}

/** How long a screen stands that nobody touches, in seconds: one that says something, and one to be filled in. */
export const KIOSK_READING = 20;
export const KIOSK_FILLING = 60;

/** With scripts, a screen that nobody touches goes back to the start; see kiosk.js. */
function Screen({ view: { path }, idle, children }: { view: KioskView; idle?: number; children: Child }) {
  return (
    <div class="kiosk" {...(idle && { 'data-idle': String(idle), 'data-start': path })}>
      {children}
    </div>
  );
}

/** What the kiosk shows whoever steps up to it. */
export function StartPage({
  view,
  takesWalkIns,
  notice,
}: {
  view: KioskView;
  takesWalkIns: boolean;
  notice: string | undefined;
}) {
  const { ui, path } = view;
  const t = ui.text.kiosk;
  return (
    <Screen view={view} {...(notice && { idle: KIOSK_READING })}>
      <header>
        <h1>{t.title}</h1>
        <p class="lede">{t.ask}</p>
      </header>
      {notice && (
        <p class="notice" data-kind="success" role="status">
          <span>{notice}</span>
        </p>
      )}
      <div class="choices">
        <a class="button huge" href={`${path}/check-in`}>
          {t.reservation}
        </a>{' '}
        {takesWalkIns ? (
          <a class="button huge primary" href={`${path}/take`}>
            {t.walkIn}
          </a>
        ) : (
          <p>{t.noWalkIns}</p>
        )}
      </div>
    </Screen>
  );
}

interface CheckInProps {
  view: KioskView;
  /** The token that the ticket's link will have. */
  token: string;
  form: FormState;
}

/**
 * The field for the code has the focus from the start, and again after a mistake: a scanner types into it. Whoever typed
 * their name goes on there.
 */
export function CheckInPage({ view, token, form }: CheckInProps) {
  const { ui, path } = view;
  const t = ui.text.kiosk;
  const byName = form.values.lastName !== undefined;
  return (
    <Screen view={view} idle={KIOSK_FILLING}>
      <h1>{t.checkIn}</h1>
      {form.message && <Problem>{form.message}</Problem>}
      <form class="stack" method="post" action={`${path}/check-in/code`} data-once>
        <input type="hidden" name="ticket" value={token} />
        <TextField
          ui={ui}
          form={form}
          name="code"
          label={t.code}
          hint={t.codeHint}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          maxlength={40}
          required
          autofocus={!byName}
        />
        <button class="primary" type="submit">
          {t.byCode}
        </button>
      </form>
      <details open={byName}>
        <summary>{t.orName}</summary>
        <form class="stack" method="post" action={`${path}/check-in/name`} data-once>
          <input type="hidden" name="ticket" value={token} />
          <TextField
            ui={ui}
            form={form}
            name="lastName"
            label={t.lastName}
            autocomplete="off"
            maxlength={100}
            required
            autofocus={byName}
          />
          <TextField ui={ui} form={form} name="time" type="time" label={t.time} required />
          <button class="primary" type="submit">
            {t.byName}
          </button>
        </form>
      </details>
      <Back view={view} />
    </Screen>
  );
}

interface Offer {
  service: PlacedService;
  closed: Closed | undefined;
  waiting: number;
  wait: ToldWait | null;
  lateMinutes: number;
}

/** A tap takes a number where nothing is asked for; else it leads to the questions. */
export function TakePage({
  view,
  offers,
  tokens,
}: {
  view: KioskView;
  offers: readonly Offer[];
  tokens: readonly string[];
}) {
  const { ui } = view;
  const t = ui.text.kiosk;
  return (
    <Screen view={view} idle={KIOSK_FILLING}>
      <h1>{t.choose}</h1>
      {offers.length === 0 && <p>{t.noWalkIns}</p>}
      <ul class="choices">
        {offers.map((offer, index) => (
          <li>
            <Take view={view} offer={offer} token={tokens[index] ?? ''} />
          </li>
        ))}
      </ul>
      <Back view={view} />
    </Screen>
  );
}

function Take({ view: { ui, path }, offer, token }: { view: KioskView; offer: Offer; token: string }) {
  const { service, closed, waiting, wait, lateMinutes } = offer;
  if (closed) {
    return (
      <>
        <h2>{service.name}</h2>
        <p>{closedText(ui, service, closed)}</p>
      </>
    );
  }
  return (
    <>
      {service.askName || service.askPhone ? (
        <a class="button" href={`${path}/take?service=${service.slug}`}>
          {service.name}
        </a>
      ) : (
        <form method="post" action={`${path}/take`} data-once>
          <input type="hidden" name="ticket" value={token} />
          <input type="hidden" name="service_id" value={service.id} />
          <button type="submit">{service.name}</button>
        </form>
      )}
      <p>
        {ui.text.join.waiting(waiting)} {wait && waitText(ui, service, wait)}
        {lateMinutes > 0 && ` ${ui.text.join.late(lateMinutes)}`}
      </p>
    </>
  );
}

/** Asks for what a service wants to know before it gives a number. */
export function TakeFormPage({
  view,
  service,
  token,
  form,
}: {
  view: KioskView;
  service: PlacedService;
  token: string;
  form: FormState;
}) {
  const { ui, path } = view;
  const t = ui.text.kiosk;
  return (
    <Screen view={view} idle={KIOSK_FILLING}>
      <h1>{service.name}</h1>
      <form class="stack" method="post" action={`${path}/take`} data-once>
        <input type="hidden" name="ticket" value={token} />
        <input type="hidden" name="service_id" value={service.id} />
        <JoinFields ui={ui} service={service} form={form} shared />
        <button class="primary" type="submit">
          {t.takeShort}
        </button>
      </form>
      <Back view={view} />
    </Screen>
  );
}

/** The number that somebody took or got by checking in, on the screen and on paper. Nothing can be done to it here: the next one would. */
export function TakenPage({
  view,
  held,
  link,
  token,
}: {
  view: KioskView;
  held: HeldTicket;
  link: string;
  token: string;
}) {
  const { ui, path } = view;
  const t = ui.text.kiosk;
  return (
    <Screen view={view} idle={KIOSK_READING}>
      <h1 class="no-print">{held.entry.reservationId === null ? t.yours : t.checkedIn}</h1>
      {held.entry.status !== 'waiting' && <Problem>{standingText(ui, held)}</Problem>}
      <Receipt ui={ui} held={held} link={link} />
      <div class="choices">
        <a class="button" href={`${path}/t/${token}?print`}>
          {t.print}
        </a>{' '}
        <a class="button primary" href={path}>
          {t.done}
        </a>
      </div>
      <p class="hint">{t.goesBack}</p>
    </Screen>
  );
}

function Back({ view: { ui, path } }: { view: KioskView }) {
  return (
    <p>
      <a class="button" href={path}>
        {ui.text.kiosk.back}
      </a>
    </p>
  );
}

/** Spoken, but it takes no focus: that stays in the field, where there is one. */
function Problem({ children }: { children: Child }) {
  return (
    <p class="notice" data-kind="warning" role="alert">
      <span>{children}</span>
    </p>
  );
}

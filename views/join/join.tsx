import type { ToldWait } from '../../src/domain/estimate.ts';
import type { Closed } from '../../src/domain/join.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import { ErrorSummary, type FormState, Notice, TextField } from '../parts.tsx';
import { Qr } from '../qr.tsx';
import { WhatToBring } from '../services/list.tsx';
import type { Ui } from '../ui.ts';

/** A service as somebody sees it who wants to take a number. */
export interface JoinView {
  ui: Ui;
  service: PlacedService;
  /** Why that is not possible now. */
  closed: Closed | undefined;
  waiting: number;
  /** How long somebody would wait who takes a number now; null where nothing honest can be said. */
  wait: ToldWait | null;
  /** How late the line runs, as announced, in minutes. */
  lateMinutes: number;
  form: FormState;
}

/** Where the code at the door leads: a number from one's own phone, or why there is none now. */
export function JoinPage({ view }: { view: JoinView }) {
  const { ui, service, closed, waiting, wait, lateMinutes } = view;
  const t = ui.text.join;
  return (
    <>
      <header>
        <h1>{service.name}</h1>
        {!closed && <p class="lede">{t.lede}</p>}
      </header>
      {closed ? <ClosedNote view={view} closed={closed} /> : <JoinForm view={view} />}
      <section class="stack">
        {!closed && (
          <p>
            <strong>{t.waiting(waiting)}</strong> {wait && waitText(ui, service, wait)}
            {lateMinutes > 0 && ` ${t.late(lateMinutes)}`}
          </p>
        )}
        <WhatToBring ui={ui} service={service} />
      </section>
    </>
  );
}

function ClosedNote({ view: { ui, service }, closed }: { view: JoinView; closed: Closed }) {
  const t = ui.text.join;
  return (
    <div class="empty">
      <h2>{NEVER.has(closed.why) ? t.neverTitle : t.closedTitle}</h2>
      <p>{closedText(ui, service, closed)}</p>
      <a class="button" href={`/services/${service.slug}`}>
        {t.book}
      </a>
    </div>
  );
}

/** Why no number is given on another day either. */
const NEVER: ReadonlySet<Closed['why']> = new Set(['no_walk_ins', 'not_by_phone']);

/** What somebody should know before taking a number. */
export function waitText(
  { text, format, now }: Ui,
  { location }: PlacedService,
  { low, high }: ToldWait,
): string {
  return text.join.forNew(text.ticket.estimate(low, high), format.time(now, location.timeZone));
}

/** Why nobody can join now, and from when on they can. */
export function closedText(ui: Ui, service: PlacedService, { why, from }: Closed): string {
  return ui.text.join.closed[why](from ? ui.format.time(from, service.location.timeZone) : '');
}

function JoinForm({ view: { ui, service, form } }: { view: JoinView }) {
  return (
    <form class="stack" method="post" action={`/join/${service.slug}`} data-once>
      <JoinFields ui={ui} service={service} form={form} />
      <p>
        <button class="primary" type="submit">
          {ui.text.join.take}
        </button>
      </p>
    </form>
  );
}

/** What somebody is asked who takes a number alone, at a kiosk too. */
export function JoinFields({
  ui,
  service,
  form,
  shared = false,
}: {
  ui: Ui;
  service: PlacedService;
  form: FormState;
  /** Whether the device is everybody's: then it remembers nothing. */
  shared?: boolean;
}) {
  const t = ui.text.join;
  return (
    <>
      <ErrorSummary ui={ui} form={form} labels={{ name: t.name, phone: t.phone }} />
      {service.askName && (
        <TextField
          ui={ui}
          form={form}
          name="name"
          label={t.name}
          hint={t.nameHint}
          autocomplete={shared ? 'off' : 'name'}
          maxlength={100}
          required
        />
      )}
      {service.askPhone && (
        <TextField
          ui={ui}
          form={form}
          name="phone"
          type="tel"
          label={t.phone}
          hint={t.phoneHint}
          autocomplete={shared ? 'off' : 'tel'}
          maxlength={40}
          required
        />
      )}
    </>
  );
}

/** For the door: the way to a number on one's own phone. */
export function PosterPage({ ui, service, link }: { ui: Ui; service: PlacedService; link: string }) {
  const t = ui.text.join.poster;
  return (
    <>
      <div class="no-print">
        {service.phoneJoin && service.retiredAt === null ? (
          <p class="hint">{t.print}</p>
        ) : (
          <Notice kind="info">{t.off}</Notice>
        )}
        <p>
          <a href={`/desk/${service.slug}`}>{t.back}</a>
        </p>
      </div>
      <section class="poster">
        <h1>{service.name}</h1>
        <h2>{t.heading}</h2>
        <Qr text={link} label={t.qr(link)} />
        <p class="lede">{t.text}</p>
        <p>
          {t.orGo} <strong>{link.replace(/^https?:\/\//, '')}</strong>
        </p>
      </section>
    </>
  );
}

import type { TicketEvent } from '../../src/domain/event.ts';
import type { Hindrance } from '../../src/domain/line.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import { noteTag, type QueueEntry, type Verb } from '../../src/domain/ticket.ts';
import { Badge, ErrorSummary, FormKey, type FormState, SelectField, TextArea, TextField } from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { TicketEvents } from './events.ts';
import { verbButtons } from './rows.ts';
import { clockOf, deskHref, type Scope } from './view.ts';
import { NeedsField } from './walk-in.tsx';

/** The forms of a ticket's page that have something to type. */
const TICKET_FORMS = ['call', 'move', 'transfer', 'note'] as const;
export type TicketForm = (typeof TICKET_FORMS)[number];

export interface TicketView {
  ui: Ui;
  scope: Scope;
  paused: boolean;
  entry: QueueEntry;
  /** What was done to it, the newest last. */
  events: readonly TicketEvent[];
  /** What can be done to it with one tap. */
  verbs: readonly Verb[];
  /** Whether calling it now would be out of order. */
  callsEarly: boolean;
  /** How many are called before it; undefined when it does not wait, or is not due. */
  ahead: number | undefined;
  /** Where it can be sent, and what it would meet there. */
  others: readonly { service: PlacedService; waiting: number; hindrances: readonly Hindrance[] }[];
  /** Each form as it was sent, or as it starts. */
  forms: Record<TicketForm, FormState>;
  /** The form that was refused and is gone by now, and why. */
  gone?: { form: TicketForm; why: string } | undefined;
}

/** Whether there is still something to do with a form, as its ticket is by now. */
export function hasForm({ entry, callsEarly, ahead, others }: TicketView, form: TicketForm): boolean {
  switch (form) {
    case 'call':
      return callsEarly;
    case 'move':
      return ahead !== undefined;
    case 'transfer':
      return ['waiting', 'called', 'in_service'].includes(entry.status) && others.length > 0;
    case 'note':
      return true;
  }
}

/** All that is known of a ticket, and all that can be done to it. It never reloads itself: there is something to type. */
export function DeskTicketPage({ view }: { view: TicketView }) {
  const { ui, entry, verbs } = view;
  const t = ui.text.desk;
  return (
    <>
      <header>
        <p>
          <a href={deskHref(view)}>{t.backTo(view.scope.name)}</a>
        </p>
        <h1>
          {entry.number} {entry.name || t.unnamed}
        </h1>
        <p>
          <Badge ui={ui} status={entry.status} />
        </p>
      </header>
      <Gone view={view} />
      {verbs.length > 0 && (
        <form class="row" method="post" action={hrefOf(view)}>
          <FormKey ui={ui} />
          <input type="hidden" name="version" value={entry.version} />
          {verbButtons(ui, entry, verbs)}
        </form>
      )}
      <div class="split">
        <div class="stack">
          <Facts view={view} />
          {TicketEvents(view)}
        </div>
        {hasForm(view, 'call') && <CallForm view={view} />}
        <NoteForm view={view} />
        {hasForm(view, 'move') && <MoveForm view={view} />}
        {hasForm(view, 'transfer') && <TransferForm view={view} />}
      </div>
    </>
  );
}

function hrefOf(view: TicketView, path = ''): string {
  return deskHref(view, `/entries/${view.entry.id}${path}`);
}

/** Why a form is gone that was just sent, with what was typed into it: nobody has to remember it. */
function Gone({ view: { ui, scope, forms, gone } }: { view: TicketView }) {
  if (!gone) return null;
  const t = ui.text.desk;
  const { rank, serviceId, reason } = forms[gone.form].values;
  const typed = [
    [t.fields.rank, rank],
    [t.fields.serviceId, scope.serviceNames.get(String(serviceId))],
    [t.fields.reason, reason],
  ].filter(([, value]) => value);
  return (
    <div class="notice" data-kind="warning" role="alert" tabindex={-1} data-focus>
      <p>
        <strong>{t.nothingChanged}</strong> {gone.why}
      </p>
      {typed.length > 0 && <p>{t.youTyped}</p>}
      {typed.length > 0 && (
        <ul>
          {typed.map(([label, value]) => (
            <li>
              {label}: {String(value)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Facts({ view }: { view: TicketView }) {
  const { ui, scope, entry } = view;
  const t = ui.text.desk;
  const time = (instant: Date | null) => instant && clockOf(view, instant);
  const facts: [string, string | null | undefined][] = [
    [t.service, scope.serviceNames.get(entry.serviceId)],
    [t.phone, entry.phone],
    [t.arrivedAt, time(entry.arrivedAt)],
    [t.dueAt, time(entry.dueAt)],
    [t.calledAt, time(entry.calledAt)],
    [t.startedAt, time(entry.startedAt)],
    [t.endedAt, time(entry.endedAt)],
    [t.awayUntil, time(entry.awayUntil)],
    [t.desk, entry.deskId === null ? null : scope.deskNames.get(entry.deskId)],
    [t.aheadOf, view.ahead === undefined ? null : ui.format.number(view.ahead)],
    // Who was called before others has a reason, and was moved by nobody.
    entry.placedBy === null
      ? [t.fields.reason, entry.reason]
      : [t.placedHow, [t.placed[entry.placedBy], entry.reason].filter(Boolean).join('; ')],
  ];
  return (
    <dl>
      {facts.map(
        ([term, fact]) =>
          fact && (
            <>
              <dt>{term}</dt>
              <dd>{fact}</dd>
            </>
          ),
      )}
    </dl>
  );
}

/** The head of one of the page's forms. Each repeats what its ticket was like: nobody acts on what they did not see. */
function FormHead({ view, name }: { view: TicketView; name: TicketForm }) {
  const { ui, entry, forms } = view;
  const t = ui.text.desk;
  return (
    <>
      <FormKey ui={ui} />
      {name === 'note' ? (
        <input type="hidden" name="seen" value={noteTag(entry)} />
      ) : (
        <input type="hidden" name="version" value={entry.version} />
      )}
      <h2>{t.forms[name]}</h2>
      <p class="hint">{t.formHints[name]}</p>
      <ErrorSummary ui={ui} form={forms[name]} labels={t.fields} />
    </>
  );
}

function CallForm({ view }: { view: TicketView }) {
  const { ui, forms } = view;
  return (
    <form class="card" method="post" action={hrefOf(view, '/call')} id="do-call" data-once novalidate>
      <FormHead view={view} name="call" />
      <ReasonField ui={ui} form={forms.call} id="call" required />
      <p>
        <button class="primary" type="submit">
          {ui.text.desk.callEarlyNow(view.entry.number)}
        </button>
      </p>
    </form>
  );
}

function MoveForm({ view }: { view: TicketView }) {
  const { ui, forms, ahead = 0 } = view;
  const t = ui.text.desk;
  return (
    <form class="card" method="post" action={hrefOf(view, '/move')} id="do-move" data-once novalidate>
      <FormHead view={view} name="move" />
      <TextField
        ui={ui}
        form={forms.move}
        name="rank"
        label={t.fields.rank}
        hint={t.rankHint(ahead)}
        type="number"
        min={0}
        required
      />
      <ReasonField ui={ui} form={forms.move} id="move" required />
      <p>
        <button type="submit">{t.moveNow}</button>
      </p>
    </form>
  );
}

function TransferForm({ view }: { view: TicketView }) {
  const { ui, forms, others } = view;
  const t = ui.text.desk;
  return (
    <form class="card" method="post" action={hrefOf(view, '/transfer')} id="do-transfer" data-once novalidate>
      <FormHead view={view} name="transfer" />
      <SelectField
        ui={ui}
        form={forms.transfer}
        name="serviceId"
        label={t.fields.serviceId}
        options={[
          // Nobody is sent to whatever line happens to stand first.
          { value: '', label: t.choose },
          ...others.map(({ service: { id, name }, waiting, hindrances }) => ({
            value: id,
            label: t.lineOf(name, waiting, hindrances),
          })),
        ]}
      />
      <ReasonField ui={ui} form={forms.transfer} id="transfer" />
      <p>
        <button type="submit">{t.transferNow}</button>
      </p>
    </form>
  );
}

function NoteForm({ view }: { view: TicketView }) {
  const { ui, forms } = view;
  return (
    <form class="card" method="post" action={hrefOf(view, '/note')} id="do-note" data-once novalidate>
      <FormHead view={view} name="note" />
      <NeedsField ui={ui} form={forms.note} />
      <TextArea ui={ui} form={forms.note} name="note" label={ui.text.desk.fields.note} />
      <p>
        <button type="submit">{ui.text.desk.saveNote}</button>
      </p>
    </form>
  );
}

/** Several forms of a page ask why, so the field's id says for which. */
function ReasonField({
  ui,
  form,
  id,
  required = false,
}: {
  ui: Ui;
  form: FormState;
  id: string;
  required?: boolean;
}) {
  const problem = form.problems.reason;
  // Only one form can come back with a mistake, and its summary leads to the field's plain name.
  const field = problem ? 'reason' : `${id}-reason`;
  const label = required ? ui.text.desk.fields.reason : ui.text.desk.reasonOptional;
  return (
    <div class="field">
      <label for={field}>
        {label} {required && <abbr title={ui.text.forms.required}>*</abbr>}
      </label>
      {problem && (
        <p class="error" id={`${field}-error`}>
          {ui.text.problem(problem)}
        </p>
      )}
      <input
        id={field}
        name="reason"
        type="text"
        maxlength={200}
        autocomplete="off"
        value={form.values.reason === undefined ? undefined : String(form.values.reason)}
        required={required}
        {...(problem && { 'aria-invalid': 'true' as const, 'aria-describedby': `${field}-error` })}
      />
    </div>
  );
}

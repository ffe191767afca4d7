import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { FieldErrors } from '../src/domain/errors.ts';
import type { PieceUi, Ui } from './ui.ts';

/** What a form shows again after a mistake: what was typed, and what is wrong with it. */
export interface FormState {
  /** As typed, under the names of the code. */
  values: Record<string, unknown>;
  problems: FieldErrors;
  /** What is wrong with the form as a whole. */
  message?: string | undefined;
}

export const blankForm: FormState = { values: {}, problems: {} };

/** On top of a form that failed: what is wrong, with a link to each field. */
export function ErrorSummary({
  ui,
  form,
  labels,
}: {
  ui: Ui;
  form: FormState;
  labels: Record<string, string>;
}) {
  const fields = Object.entries(form.problems);
  if (fields.length === 0 && !form.message) return null;
  return (
    <div class="error-summary" role="alert" tabindex={-1} data-focus aria-labelledby="error-summary">
      <h2 id="error-summary">{fields.length > 0 ? ui.text.forms.summary : ui.text.forms.refused}</h2>
      {form.message && <p>{form.message}</p>}
      {fields.length > 0 && (
        <ul>
          {fields.map(([name, problem]) => (
            <li>
              <a href={`#${fieldId(name)}`}>
                {labels[name] ?? name}: {ui.text.problem(problem)}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface FieldProps {
  ui: Ui;
  form: FormState;
  /** The name in the code; outside it is snake_case. */
  name: string;
  label: string;
  hint?: string;
  required?: boolean;
}

interface InputProps extends FieldProps {
  type?: 'text' | 'email' | 'password' | 'tel' | 'number' | 'date' | 'time';
  autocomplete?: string;
  min?: number | string;
  max?: number | string;
  maxlength?: number;
  list?: string;
  autocapitalize?: 'characters';
  spellcheck?: boolean;
  autofocus?: boolean;
  'data-focus'?: 'true' | undefined;
  /** Shown until something else was typed. */
  value?: string | number | null | undefined;
}

/** A labelled input with its hint and its error; what was typed stays, passwords excepted. */
export function TextField({
  ui,
  form,
  name,
  label,
  hint,
  required,
  type = 'text',
  value,
  ...rest
}: InputProps) {
  const typed = form.values[name] ?? value;
  return (
    <Field
      ui={ui}
      form={form}
      name={name}
      label={label}
      {...(hint && { hint })}
      {...(required && { required })}
    >
      <input
        id={fieldId(name)}
        name={fieldName(name)}
        type={type}
        value={type === 'password' || typed === null || typed === undefined ? undefined : String(typed)}
        required={required}
        {...described(form, name, hint)}
        {...rest}
      />
    </Field>
  );
}

/** Several lines of text. */
export function TextArea({
  ui,
  form,
  name,
  label,
  hint,
  value,
  rows = 3,
}: FieldProps & { value?: string; rows?: number }) {
  return (
    <Field ui={ui} form={form} name={name} label={label} {...(hint && { hint })}>
      <textarea id={fieldId(name)} name={fieldName(name)} rows={rows} {...described(form, name, hint)}>
        {String(form.values[name] ?? value ?? '')}
      </textarea>
    </Field>
  );
}

/** A choice from a list. */
export function SelectField({
  ui,
  form,
  name,
  label,
  hint,
  required,
  value,
  options,
  ...rest
}: FieldProps & {
  value?: string | null;
  options: { value: string; label: string }[];
  'data-focus'?: 'true' | undefined;
}) {
  const chosen = String(form.values[name] ?? value ?? '');
  return (
    <Field
      ui={ui}
      form={form}
      name={name}
      label={label}
      {...(hint && { hint })}
      {...(required && { required })}
    >
      <select
        id={fieldId(name)}
        name={fieldName(name)}
        required={required}
        {...described(form, name, hint)}
        {...rest}
      >
        {options.map((option) => (
          <option value={option.value} selected={option.value === chosen}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** The heads of a table's columns; the last has what can be done with a row, which needs no words for who sees it. */
export function TableHead({ heads, actions }: { heads: readonly string[]; actions: string }) {
  return (
    <thead>
      <tr>
        {heads.map((head) => (
          <th scope="col">{head}</th>
        ))}
        <th scope="col">
          <span class="visually-hidden">{actions}</span>
        </th>
      </tr>
    </thead>
  );
}

/** A box to tick; one that is not ticked is not sent. */
export function TickBox({ form, name, label }: Pick<FieldProps, 'form' | 'name' | 'label'>) {
  const value = form.values[name];
  return (
    <label class="check">
      <input
        type="checkbox"
        id={fieldId(name)}
        name={fieldName(name)}
        value="true"
        checked={value === true || value === 'true'}
      />
      {label}
    </label>
  );
}

/** The label, hint and error around an input. */
function Field({ ui, form, name, label, hint, required, children }: FieldProps & { children: Child }) {
  const problem = form.problems[name];
  return (
    <div class="field">
      <label for={fieldId(name)}>
        {label} {required && <abbr title={ui.text.forms.required}>*</abbr>}
      </label>
      {hint && (
        <p class="hint" id={`${fieldId(name)}-hint`}>
          {hint}
        </p>
      )}
      {problem && (
        <p class="error" id={`${fieldId(name)}-error`}>
          {ui.text.problem(problem)}
        </p>
      )}
      {children}
    </div>
  );
}

/** Makes sending the form twice do its work once. Templates call it too, as they do `Badge`. */
export function FormKey({ ui }: { ui: Ui }) {
  return html`<input type="hidden" name="idempotency_key" value="${ui.formKey()}">`;
}

/** How to reach somebody; nothing where nobody knows. */
export function MailLink({ email }: { email: string | null | undefined }) {
  if (!email) return null;
  return (
    <a href={`mailto:${encodedAddress(email)}`}>
      <Address email={email} />
    </a>
  );
}

/** An e-mail address as part of a `mailto:` link (RFC 6068). */
export function encodedAddress(email: string): string {
  return encodeURIComponent(email).replace('%40', '@');
}

/** An e-mail address, which a narrow screen breaks after its @ rather than in the middle of a word. */
export function Address({ email }: { email: string }) {
  const at = email.lastIndexOf('@') + 1;
  return (
    <>
      {email.slice(0, at)}
      <wbr />
      {email.slice(at)}
    </>
  );
}

export type NoticeKind = 'success' | 'info' | 'warning' | 'error';

/** A sentence that says what happened. A warning or an error takes the focus. */
export function Notice({ kind, children }: { kind: NoticeKind; children: Child }) {
  const urgent = kind === 'warning' || kind === 'error';
  return (
    <p
      class="notice"
      data-kind={kind}
      role={urgent ? 'alert' : 'status'}
      {...(urgent && { tabindex: -1, 'data-focus': true })}
    >
      <span>{children}</span>
    </p>
  );
}

/** A state in words; its shape and colour come from the stylesheet. */
export function Badge({ ui, status }: { ui: PieceUi; status: keyof Ui['text']['statuses'] }) {
  return html`<strong class="badge" data-status="${status}">${ui.text.statuses[status]}</strong>`;
}

/** An element's id for a field; list items (`openingRules.0.opens`) too. */
export function fieldId(name: string): string {
  return fieldName(name).replaceAll('.', '-').replaceAll('_', '-');
}

/** A field's name as it is sent. */
export function fieldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function described(form: FormState, name: string, hint: string | undefined) {
  const wrong = form.problems[name] !== undefined;
  const ids = [hint && `${fieldId(name)}-hint`, wrong && `${fieldId(name)}-error`].filter(Boolean).join(' ');
  return { ...(wrong && { 'aria-invalid': 'true' as const }), ...(ids && { 'aria-describedby': ids }) };
}

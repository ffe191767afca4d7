import type { Child } from 'hono/jsx';
import type { Location } from '../../src/domain/service.ts';
import { type FormState, Notice, SelectField } from '../parts.tsx';
import type { Ui } from '../ui.ts';

export type Section = 'home' | 'closures' | 'locations' | 'desks' | 'staff' | 'days';

const SECTIONS: readonly [Section, string][] = [
  ['home', '/admin'],
  ['closures', '/admin/closures'],
  ['locations', '/admin/locations'],
  ['desks', '/admin/desks'],
  ['staff', '/admin/staff'],
  ['days', '/admin/days'],
];

interface HeadProps {
  ui: Ui;
  title: string;
  lede?: string | undefined;
  section: Section;
  /** What was just done. */
  done?: string | undefined;
  /** Why something else was not done. */
  refused?: string | undefined;
  children?: Child;
}

/** The head of every admin page: where one is, where else one can go, and what was just done. */
export function AdminHead({ ui, title, lede, section, done, refused, children }: HeadProps) {
  const t = ui.text.admin.nav;
  return (
    <>
      <nav class="row" aria-label={t.label}>
        {SECTIONS.map(([name, href]) => (
          <>
            <a
              class={name === section ? 'button' : 'button quiet'}
              href={href}
              aria-current={name === section ? (ui.path === href ? 'page' : 'true') : undefined}
            >
              {t[name]}
            </a>{' '}
          </>
        ))}
      </nav>
      <header>
        <h1>{title}</h1>
        {lede && <p class="lede">{lede}</p>}
        {children}
      </header>
      {done && <Notice kind="success">{done}</Notice>}
      {refused && <Notice kind="error">{refused}</Notice>}
    </>
  );
}

interface BesideProps {
  list: Child;
  form: Child;
  /** A form that has something to say stands first, where a small screen without JavaScript shows it. */
  formFirst: boolean;
}

/** A list with the form that adds to it. */
export function Beside({ list, form, formFirst }: BesideProps) {
  return formFirst ? (
    <div class="split">
      {form}
      {list}
    </div>
  ) : (
    <div class="split aside">
      {list}
      {form}
    </div>
  );
}

/** Whether a form comes back with something to say. */
export function hasFailed(form: FormState): boolean {
  return form.message !== undefined || Object.keys(form.problems).length > 0;
}

/** Names what a form was shown, so that nobody saves over what somebody else saved meanwhile. */
export function ShownField({ shown }: { shown: unknown }) {
  return shown === undefined ? null : <input type="hidden" name="shown" value={String(shown)} />;
}

/** Where something new stands, of several locations: none is chosen until somebody chooses it. */
export function LocationField({
  ui,
  form,
  label,
  locations,
}: {
  ui: Ui;
  form: FormState;
  label: string;
  locations: readonly Location[];
}) {
  const options = locations.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <SelectField
      ui={ui}
      form={form}
      name="locationId"
      label={label}
      options={[{ value: '', label: ui.text.admin.choose }, ...options]}
      required
    />
  );
}

/** Pressing Enter in a form takes its first submit button: it must save, not add or remove hours. */
export function SaveOnEnter({ label }: { label: string }) {
  return (
    <button type="submit" hidden>
      {label}
    </button>
  );
}

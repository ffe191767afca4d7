import { type Person, ROLES } from '../../src/domain/roles.ts';
import type { Location } from '../../src/domain/service.ts';
import { ErrorSummary, FormKey, type FormState, fieldId, fieldName, TextField } from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { AdminHead, Beside, hasFailed, SaveOnEnter } from './parts.tsx';

/** What an admin is asked before somebody loses a desk at which people are. */
export interface LostDeskQuestion {
  name: string;
  staffName: string | null;
  /** The numbers that are called to it or served there. */
  held: readonly string[];
  /** Stands for exactly this: otherwise it is asked again. */
  tag: string;
}

interface StaffProps {
  ui: Ui;
  people: readonly Person[];
  locations: readonly Location[];
  form: FormState;
  question?: LostDeskQuestion | undefined;
  done?: string | undefined;
}

/** Who works where, and the form that changes it. */
export function StaffPage({ ui, people, locations, form, question, done }: StaffProps) {
  const t = ui.text.admin.staff;
  return (
    <>
      <AdminHead ui={ui} section="staff" title={t.title} lede={t.lede} done={done} />
      <Beside
        list={<StaffTable ui={ui} people={people} locations={locations} />}
        form={<StaffForm ui={ui} form={form} locations={locations} question={question} />}
        formFirst={hasFailed(form) || question !== undefined}
      />
    </>
  );
}

function StaffTable({ ui, people, locations }: Pick<StaffProps, 'ui' | 'people' | 'locations'>) {
  const t = ui.text.admin.staff;
  const several = locations.length > 1;
  return (
    <table class="rows">
      <caption>{t.list}</caption>
      <thead>
        <tr>
          <th scope="col">{ui.text.accounts.fields.name}</th>
          <th scope="col">{t.email}</th>
          <th scope="col">{t.role}</th>
          {several && <th scope="col">{t.locationIds}</th>}
          <th scope="col">
            <span class="visually-hidden">{ui.text.admin.closures.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <tr>
            <td>
              <strong>{person.name}</strong>
              {person.id === ui.actor?.id && ` (${t.you})`}
            </td>
            <td>{person.email}</td>
            <td>{t.roles[person.role]}</td>
            {several && <td>{placesText(ui, person, locations)}</td>}
            <td>
              <div class="row">
                <a
                  class="button quiet"
                  href={`/admin/staff?email=${encodeURIComponent(person.email)}#staff-form`}
                  aria-label={t.changeOf(person.name)}
                >
                  {t.change}
                </a>
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function placesText(ui: Ui, person: Person, locations: readonly Location[]): string {
  if (person.role === 'admin') return ui.text.admin.staff.everywhere;
  return locations
    .filter(({ id }) => person.locationIds.includes(id))
    .map(({ name }) => name)
    .join(', ');
}

function StaffForm({ ui, form, locations, question }: Omit<StaffProps, 'people' | 'done'>) {
  const t = ui.text.admin.staff;
  return (
    <form class="card" method="post" action="/admin/staff" id="staff-form" data-once>
      <SaveOnEnter label={t.submit} />
      <FormKey ui={ui} />
      <h2>{t.formTitle}</h2>
      <ErrorSummary
        ui={ui}
        form={form}
        labels={{ email: t.email, role: t.role, locationIds: t.locationIds }}
      />
      {question && <LostDeskNotice ui={ui} question={question} />}
      <TextField
        ui={ui}
        form={form}
        name="email"
        type="email"
        label={t.email}
        hint={t.emailHint}
        autocomplete="off"
        required
      />
      <Choices
        ui={ui}
        form={form}
        name="role"
        type="radio"
        legend={t.role}
        chosen={[String(form.values.role ?? 'staff')]}
        options={ROLES.map((role) => ({ value: role, label: t.roleTexts[role] }))}
      />
      {locations.length > 1 && (
        <Choices
          ui={ui}
          form={form}
          name="locationIds"
          type="checkbox"
          legend={t.locationIds}
          chosen={[form.values.locationIds ?? []].flat().map(String)}
          options={locations.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      <button class="primary" type="submit">
        {t.submit}
      </button>
    </form>
  );
}

/** Who is left at the desk, and the button that saves all the same. Stands inside of the form. */
function LostDeskNotice({ ui, question }: { ui: Ui; question: LostDeskQuestion }) {
  const t = ui.text.admin.staff.lostDesk;
  const { name, staffName, held, tag } = question;
  return (
    <div class="notice" data-kind="warning" role="alert" tabindex={-1} data-focus>
      <strong>{t.title(staffName ?? '', name, held)}</strong>
      <p>{t.text}</p>
      <p class="row">
        <button type="submit" name="confirmed" value={tag}>
          {t.confirm}
        </button>
      </p>
    </div>
  );
}

interface ChoicesProps {
  ui: Ui;
  form: FormState;
  name: string;
  type: 'radio' | 'checkbox';
  legend: string;
  chosen: readonly string[];
  options: readonly { value: string; label: string }[];
}

function Choices({ ui, form, name, type, legend, chosen, options }: ChoicesProps) {
  const problem = form.problems[name];
  const id = fieldId(name);
  return (
    <fieldset class="field" {...(problem && { 'aria-describedby': `${id}-error` })}>
      <legend>{legend}</legend>
      {problem && (
        <p class="error" id={`${id}-error`}>
          {ui.text.problem(problem)}
        </p>
      )}
      {options.map(({ value, label }, index) => (
        <label class="check">
          <input
            type={type}
            id={index === 0 ? id : `${id}-${index}`}
            name={type === 'radio' ? fieldName(name) : `${fieldName(name)}[]`}
            value={value}
            checked={chosen.includes(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

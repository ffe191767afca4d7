import type { Location, OpeningRule } from '../../src/domain/service.ts';
import { type FormState, fieldId, fieldName } from '../parts.tsx';
import type { Ui } from '../ui.ts';

/** A stretch of a weekday as it stands in the form, which may be anything that was typed. */
export interface TypedWindow {
  weekday: number;
  opens: string;
  closes: string;
}

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

interface HoursProps {
  ui: Ui;
  form: FormState;
  windows: readonly TypedWindow[];
  /** Where it may be open: the one place, or those to choose from. */
  places: readonly Location[];
  /** Where the form is sent. A fragment brings the focus to the new line, or to its day, without JavaScript too. */
  action: string;
}

/** Several stretches a day. Adding and removing one are submit buttons that answer with the same form. */
export function HoursEditor({ ui, form, windows, places, action }: HoursProps) {
  const t = ui.text.admin.hours;
  const problem = form.problems.openingRules;
  return (
    <fieldset class="group" id={fieldId('openingRules')} tabindex={-1}>
      <legend>{ui.text.admin.service.groups.hours}</legend>
      <p class="hint">
        {zoneText(ui, places)} <a href="/admin/locations">{t.zoneLink}</a> {t.hint}
      </p>
      {problem && <p class="error">{ui.text.problem(problem)}</p>}
      <ul class="hours">
        {WEEKDAYS.map((weekday) => {
          const day = ui.format.weekday(weekday);
          const ofDay = windows.flatMap((window, index) =>
            window.weekday === weekday ? [{ window, index }] : [],
          );
          return (
            <li>
              <strong>{day}</strong>
              <div class="stack">
                {ofDay.length === 0 && <p class="hint">{t.closed}</p>}
                {ofDay.map(({ window, index }, place) => (
                  <WindowLine
                    ui={ui}
                    form={form}
                    window={window}
                    index={index}
                    number={place + 1}
                    action={action}
                  />
                ))}
              </div>
              <button
                type="submit"
                id={`add-hours-${weekday}`}
                name="add_hours"
                value={weekday}
                formnovalidate
                formaction={`${action}#${fieldId(`openingRules.${windows.length}.opens`)}`}
              >
                {t.add}
                <span class="visually-hidden">{t.addOn(day)}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}

/** Whose clocks the hours are told by. */
function zoneText(ui: Ui, places: readonly Location[]): string {
  const t = ui.text.admin.hours;
  const [zone, another] = new Set(places.map(({ timeZone }) => timeZone));
  if (zone === undefined) return '';
  return another === undefined
    ? t.zone(zone)
    : t.zones(places.map(({ name, timeZone }) => t.zoneOf(name, timeZone)));
}

interface WindowProps extends Pick<HoursProps, 'ui' | 'form' | 'action'> {
  window: TypedWindow;
  /** Its place in the whole week, which names its fields. */
  index: number;
  /** Its place in its day, from 1. */
  number: number;
}

function WindowLine({ ui, form, window, index, number, action }: WindowProps) {
  const t = ui.text.admin.hours;
  const { weekday, opens, closes } = window;
  const day = ui.format.weekday(weekday);
  const name = (field: keyof TypedWindow) => `openingRules.${index}.${field}`;
  return (
    <>
      {(['opens', 'closes'] as const).map((field) => {
        const problem = form.problems[name(field)];
        return (
          problem && (
            <p class="error" id={`${fieldId(name(field))}-error`}>
              <span class="visually-hidden">{t[field](day, number)}: </span>
              {ui.text.problem(problem)}
            </p>
          )
        );
      })}
      <div class="row">
        <input type="hidden" name={fieldName(name('weekday'))} value={weekday} />
        <TimeInput form={form} name={name('opens')} value={opens} label={t.opens(day, number)} />
        <span> {t.to} </span>
        <TimeInput form={form} name={name('closes')} value={closes} label={t.closes(day, number)} />{' '}
        <button
          class="quiet"
          type="submit"
          name="remove_hours"
          value={index}
          formnovalidate
          formaction={`${action}#add-hours-${weekday}`}
        >
          {t.remove}
          <span class="visually-hidden">{t.removeOf(day, opens, closes)}</span>
        </button>
      </div>
    </>
  );
}

interface TimeProps {
  form: FormState;
  name: string;
  value: string;
  label: string;
}

function TimeInput({ form, name, value, label }: TimeProps) {
  const wrong = form.problems[name] !== undefined;
  return (
    <>
      <label class="visually-hidden" for={fieldId(name)}>
        {label}
      </label>
      <input
        type="time"
        id={fieldId(name)}
        name={fieldName(name)}
        value={value}
        {...(wrong && { 'aria-invalid': 'true' as const, 'aria-describedby': `${fieldId(name)}-error` })}
      />
    </>
  );
}

/** `Mon to Fri 09:00 to 12:00, 13:00 to 17:00`; days with the same hours stand together. */
export function hoursInShort(ui: Ui, rules: readonly OpeningRule[]): string[] {
  const t = ui.text.admin.hours;
  const lines: { first: number; last: number; hours: string }[] = [];
  for (const weekday of WEEKDAYS) {
    const windows = rules.filter((rule) => rule.weekday === weekday);
    const hours = windows
      .map(({ opens, closes }) => t.window(opens, closes))
      .sort()
      .join(', ');
    const before = lines.at(-1);
    if (hours === '') continue;
    if (before && before.hours === hours && before.last === weekday - 1) before.last = weekday;
    else lines.push({ first: weekday, last: weekday, hours });
  }
  const name = (weekday: number) => ui.format.weekday(weekday, 'short');
  return lines.map(({ first, last, hours }) => {
    const days = first === last ? name(first) : t.days(name(first), name(last));
    return `${days} ${hours}`;
  });
}

/** What to call each field of the hours in a list of mistakes. */
export function hoursLabels(ui: Ui, windows: readonly TypedWindow[]): Record<string, string> {
  const t = ui.text.admin.hours;
  const entries = windows.flatMap(({ weekday }, index) => {
    const day = ui.format.weekday(weekday);
    const number = windows.slice(0, index + 1).filter((window) => window.weekday === weekday).length;
    return [
      [`openingRules.${index}.opens`, t.opens(day, number)],
      [`openingRules.${index}.closes`, t.closes(day, number)],
    ];
  });
  return Object.fromEntries(entries);
}

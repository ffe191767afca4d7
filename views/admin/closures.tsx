import { type ClosureRun, lastDayOf } from '../../src/domain/closure.ts';
import type { LocalDay } from '../../src/domain/days.ts';
import type { Closure, Location, PlacedService } from '../../src/domain/service.ts';
import {
  ErrorSummary,
  FormKey,
  type FormState,
  fieldId,
  fieldName,
  SelectField,
  TableHead,
  TextField,
} from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { CollisionNotice, type Question } from './collisions.tsx';
import { AdminHead, Beside, hasFailed, SaveOnEnter } from './parts.tsx';

/** A closure with whose it is. */
export type ListedClosure = Closure & {
  locationId: string;
  serviceName: string | null;
  locationName: string;
};

export interface ClosureScreen {
  runs: readonly ClosureRun<ListedClosure>[];
  services: readonly PlacedService[];
  locations: readonly Location[];
  /** Today where it is the earliest day: no day before it can be chosen. */
  today: LocalDay;
  form: FormState;
  question?: Question | undefined;
  /** What the question is about taking back; without it, it is about the one in the form. */
  removed?: ClosureRun<ListedClosure> | undefined;
  done?: string | undefined;
}

/** Closed and special days: those that stand, and one more. `question` asks again before reservations are hit. */
export function ClosuresPage({ ui, screen }: { ui: Ui; screen: ClosureScreen }) {
  const t = ui.text.admin.closures;
  const { question, removed } = screen;
  return (
    <>
      <AdminHead ui={ui} section="closures" title={t.title} lede={t.lede} done={screen.done} />
      {question && removed && (
        <form method="post" action={removePath(removed)} data-once>
          <FormKey ui={ui} />
          <UntilField run={removed} />
          <CollisionNotice
            ui={ui}
            question={question}
            text={t.askRemove(whatText(ui, removed))}
            confirm={t.removeAnyway}
          />
        </form>
      )}
      <Beside
        list={<ClosureList ui={ui} screen={screen} />}
        form={<ClosureForm ui={ui} screen={screen} />}
        formFirst={hasFailed(screen.form) || (question !== undefined && !removed)}
      />
    </>
  );
}

function ClosureList({ ui, screen: { runs, locations } }: { ui: Ui; screen: ClosureScreen }) {
  const t = ui.text.admin.closures;
  if (runs.length === 0) {
    return (
      <div class="empty">
        <h2>{t.none}</h2>
        <p>{t.noneText}</p>
      </div>
    );
  }
  return (
    <table class="rows">
      <caption>{t.upcoming}</caption>
      <TableHead heads={[t.day, t.hours, t.scope, t.reason]} actions={t.actions} />
      <tbody>
        {runs.map((run) => (
          <tr>
            <td>
              <strong>{daysText(ui, run[0].day, lastDayOf(run))}</strong>
            </td>
            <td data-label={t.hours}>{hoursText(ui, run[0])}</td>
            <td data-label={t.scope}>{scopeText(ui, run[0], locations.length > 1)}</td>
            <td>{run[0].reason}</td>
            <td>
              <div class="row">
                <a class="button quiet" href={removePath(run)}>
                  {t.remove}
                  <span class="visually-hidden">{t.removeOf(whatText(ui, run))}</span>
                </a>
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ClosureForm({ ui, screen }: { ui: Ui; screen: ClosureScreen }) {
  const t = ui.text.admin.closures;
  const { form, question, removed, today } = screen;
  const labels = {
    day: t.day,
    until: t.until,
    scope: t.scope,
    hours: t.kind,
    opens: t.opens,
    closes: t.closes,
    reason: t.reason,
  };
  return (
    <form class="card" method="post" action="/admin/closures" data-once>
      <SaveOnEnter label={t.submit} />
      <FormKey ui={ui} />
      <h2>{t.addTitle}</h2>
      <ErrorSummary ui={ui} form={form} labels={labels} />
      {question && !removed && <CollisionNotice ui={ui} question={question} />}
      <div class="field">
        <div class="fields">
          <TextField ui={ui} form={form} name="day" label={t.day} type="date" min={today} required />
          <TextField ui={ui} form={form} name="until" label={t.until} type="date" min={today} />
        </div>
        <p class="hint">{t.untilHint}</p>
      </div>
      <SelectField
        ui={ui}
        form={form}
        name="scope"
        label={t.scope}
        options={scopeOptions(ui, screen)}
        required={screen.locations.length > 1}
      />
      <KindField ui={ui} form={form} />
      <div class="field">
        <p class="hint">{t.timesHint}</p>
        <div class="fields">
          <TextField ui={ui} form={form} name="opens" label={t.opens} type="time" />
          <TextField ui={ui} form={form} name="closes" label={t.closes} type="time" />
        </div>
      </div>
      <TextField ui={ui} form={form} name="reason" label={t.reason} hint={t.reasonHint} maxlength={200} />
      <button class="primary" type="submit">
        {t.submit}
      </button>
    </form>
  );
}

const KINDS = ['day', 'break', 'special'] as const;

function KindField({ ui, form }: { ui: Ui; form: FormState }) {
  const t = ui.text.admin.closures;
  const chosen = form.values.hours ?? 'day';
  const problem = form.problems.hours;
  const id = fieldId('hours');
  return (
    <fieldset class="field" aria-describedby={problem ? `${id}-hint ${id}-error` : `${id}-hint`}>
      <legend>{t.kind}</legend>
      <p class="hint" id={`${id}-hint`}>
        {t.kindHint}
      </p>
      {problem && (
        <p class="error" id={`${id}-error`}>
          {ui.text.problem(problem)}
        </p>
      )}
      {KINDS.map((kind, index) => (
        <label class="check">
          <input
            type="radio"
            id={index === 0 ? id : `${id}-${kind}`}
            name={fieldName('hours')}
            value={kind}
            checked={kind === chosen}
          />
          {t.kinds[kind]}
        </label>
      ))}
    </fieldset>
  );
}

interface RemoveProps {
  ui: Ui;
  run: ClosureRun<ListedClosure>;
  /** Whether there are several locations. */
  several: boolean;
}

/** Asks before a closure is taken back, with all that it says. */
export function RemovePage({ ui, run, several }: RemoveProps) {
  const t = ui.text.admin.closures;
  const [first] = run;
  return (
    <>
      <AdminHead ui={ui} section="closures" title={t.removeTitle} lede={t.removeText} />
      <p>
        <strong>{whatText(ui, run)}</strong>
        <br />
        {scopeText(ui, first, several)}
        {first.reason && (
          <>
            <br />
            {first.reason}
          </>
        )}
      </p>
      <form class="row" method="post" action={removePath(run)} data-once>
        <FormKey ui={ui} />
        <UntilField run={run} />
        <button class="danger" type="submit">
          {t.yes}
        </button>
        <a class="button quiet" href="/admin/closures">
          {t.no}
        </a>
      </form>
    </>
  );
}

function removePath([{ id }]: ClosureRun<ListedClosure>): string {
  return `/admin/closures/${id}/remove`;
}

/** Which days a form takes back: what is added to them meanwhile stays. */
function UntilField({ run }: { run: ClosureRun<ListedClosure> }) {
  return run.length > 1 ? <input type="hidden" name="until" value={lastDayOf(run)} /> : null;
}

/** A whole location or one of its services. Several locations are named, and none is chosen until somebody chooses it. */
function scopeOptions(ui: Ui, { locations, services }: ClosureScreen): { value: string; label: string }[] {
  const t = ui.text.admin.closures;
  const several = locations.length > 1;
  const scopes = locations.flatMap((location) => [
    { value: location.id, label: several ? t.everythingAt(location.name) : t.everything },
    ...services
      .filter(({ locationId }) => locationId === location.id)
      .map(({ id, name }) => ({ value: id, label: several ? t.serviceAt(location.name, name) : name })),
  ]);
  return several ? [{ value: '', label: ui.text.admin.choose }, ...scopes] : scopes;
}

/** What was added, or was there already, in a sentence. */
export function addedText(ui: Ui, run: ClosureRun<ListedClosure>, several: boolean, isNew: boolean): string {
  const t = ui.text.admin.closures;
  const [first] = run;
  return (isNew ? t.added : t.known)(
    daysText(ui, first.day, lastDayOf(run)),
    hoursText(ui, first).toLowerCase(),
    scopeText(ui, first, several),
  );
}

/** A day, or the first and the last of several. */
export function daysText(ui: Ui, first: LocalDay, last: LocalDay): string {
  const [from, to] = [ui.format.day(first), ui.format.day(last)];
  return first === last ? from : ui.text.admin.closures.fromTo(from, to);
}

function whatText(ui: Ui, run: ClosureRun<ListedClosure>): string {
  return `${daysText(ui, run[0].day, lastDayOf(run))}, ${hoursText(ui, run[0])}`;
}

/** When it is closed or open, in a few words. */
export function hoursText(ui: Ui, { kind, opens, closes }: Closure): string {
  const t = ui.text.admin.closures;
  if (opens === null || closes === null) return t.allDay;
  return kind === 'special' ? t.specialText(opens, closes) : t.breakText(opens, closes);
}

/** What a closure counts for. */
export function scopeText(ui: Ui, { serviceName, locationName }: ListedClosure, several: boolean): string {
  const t = ui.text.admin.closures;
  if (serviceName === null) return several ? t.everythingAt(locationName) : t.everything;
  return several ? t.serviceAt(locationName, serviceName) : serviceName;
}

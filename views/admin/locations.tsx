import type { Location } from '../../src/domain/service.ts';
import { ErrorSummary, FormKey, type FormState, TableHead, TextField, TickBox } from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { AdminHead, Beside, hasFailed, ShownField } from './parts.tsx';
import { type Retired, RetiredList } from './retired.tsx';
import { type Difference, StaleNotice } from './stale.tsx';

interface ListProps {
  ui: Ui;
  locations: readonly Location[];
  retired: readonly Retired[];
  form: FormState;
  done?: string | undefined;
  /** Why one stays out of use. */
  refused?: string | undefined;
}

/** All locations, and one more. */
export function LocationsPage({ ui, locations, retired, form, done, refused }: ListProps) {
  const t = ui.text.admin.locations;
  return (
    <>
      <AdminHead ui={ui} section="locations" title={t.title} lede={t.lede} done={done} refused={refused} />
      <Beside
        list={<LocationTable ui={ui} locations={locations} />}
        form={<AddForm ui={ui} form={form} />}
        formFirst={hasFailed(form)}
      />
      <RetiredList ui={ui} path="/admin/locations" things={retired} />
    </>
  );
}

function AddForm({ ui, form }: Pick<ListProps, 'ui' | 'form'>) {
  const t = ui.text.admin.locations;
  return (
    <form class="card" method="post" action="/admin/locations" data-once>
      <FormKey ui={ui} />
      <h2>{t.addTitle}</h2>
      <LocationFields ui={ui} form={form} />
      <button class="primary" type="submit">
        {t.submit}
      </button>
    </form>
  );
}

function LocationTable({ ui, locations }: Pick<ListProps, 'ui' | 'locations'>) {
  const t = ui.text.admin.locations;
  if (locations.length === 0) {
    return (
      <div class="empty">
        <h2>{t.none}</h2>
        <p>{t.noneText}</p>
      </div>
    );
  }
  return (
    <table class="rows">
      <caption>{t.list}</caption>
      <TableHead heads={[t.name, t.timeZone]} actions={ui.text.admin.closures.actions} />
      <tbody>
        {locations.map(({ id, name, timeZone }) => (
          <tr>
            <td>
              <strong>{name}</strong>
            </td>
            <td data-label={t.timeZone}>{timeZone}</td>
            <td>
              <div class="row">
                <a class="button quiet" href={`/admin/locations/${id}`} aria-label={t.editOf(name)}>
                  {t.edit}
                </a>
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface PageProps {
  ui: Ui;
  location: Location;
  form: FormState;
  /** What the form starts from, in short. */
  shown: unknown;
  /** What differs from what was typed, when somebody else saved it in the meantime. */
  stale?: readonly Difference[] | undefined;
}

/** One location: its name, time zone and board, and the way to retire it. */
export function LocationPage({ ui, location, form, shown, stale }: PageProps) {
  const t = ui.text.admin.locations;
  return (
    <>
      <AdminHead ui={ui} section="locations" title={location.name} />
      <form class="stack" method="post" action={`/admin/locations/${location.id}`} data-once>
        <FormKey ui={ui} />
        <ShownField shown={shown} />
        {stale && <StaleNotice ui={ui} thing="location" differences={stale} />}
        <LocationFields ui={ui} form={form} />
        <BoardFields ui={ui} form={form} />
        <p>
          <a href={`/board/${location.slug}`}>{t.openBoard}</a>
        </p>
        <p>
          <a href={`/kiosk/${location.slug}`}>{t.kiosk}</a>
        </p>
        <div class="row">
          <button class="primary" type="submit">
            {t.save}
          </button>
          <a class="button quiet" href="/admin/locations">
            {t.cancel}
          </a>
          <a class="button danger" href={`/admin/locations/${location.id}/retire`}>
            {t.retire}
          </a>
        </div>
      </form>
    </>
  );
}

function LocationFields({ ui, form }: { ui: Ui; form: FormState }) {
  const t = ui.text.admin.locations;
  return (
    <>
      <ErrorSummary
        ui={ui}
        form={form}
        labels={{ name: t.name, timeZone: t.timeZone, boardMessage: t.boardMessage }}
      />
      <TextField ui={ui} form={form} name="name" label={t.name} maxlength={100} required />
      <TextField
        ui={ui}
        form={form}
        name="timeZone"
        label={t.timeZone}
        hint={t.timeZoneHint}
        list="time-zones"
        required
      />
      <datalist id="time-zones">
        {ZONES.map((zone) => (
          <option value={zone}></option>
        ))}
      </datalist>
    </>
  );
}

function BoardFields({ ui, form }: Pick<ListProps, 'ui' | 'form'>) {
  const t = ui.text.admin.locations;
  return (
    <fieldset class="group">
      <legend>{t.board}</legend>
      <TextField
        ui={ui}
        form={form}
        name="boardMessage"
        label={t.boardMessage}
        hint={t.boardMessageHint}
        maxlength={200}
      />
      <TickBox form={form} name="boardNames" label={t.boardNames} />
    </fieldset>
  );
}

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

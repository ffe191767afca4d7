import type { Desk, StaffedDesk } from '../../src/domain/desk.ts';
import type { Location, PlacedService } from '../../src/domain/service.ts';
import { servedText } from '../desk/view.ts';
import { ErrorSummary, FormKey, type FormState, TableHead, TextField } from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { AdminHead, Beside, hasFailed, LocationField, ShownField } from './parts.tsx';
import { type Retired, RetiredList } from './retired.tsx';
import { type Difference, StaleNotice } from './stale.tsx';

interface ListProps {
  ui: Ui;
  desks: readonly Desk[];
  locations: readonly Location[];
  services: readonly PlacedService[];
  retired: readonly Retired[];
  form: FormState;
  done?: string | undefined;
  /** Why one stays out of use. */
  refused?: string | undefined;
}

/** The desks of all locations, and one more. */
export function DesksPage(props: ListProps) {
  const { ui, retired, form, done, refused } = props;
  const t = ui.text.admin.desks;
  return (
    <>
      <AdminHead ui={ui} section="desks" title={t.title} lede={t.lede} done={done} refused={refused} />
      <Beside list={<DeskTable {...props} />} form={<AddForm {...props} />} formFirst={hasFailed(form)} />
      <RetiredList ui={ui} path="/admin/desks" things={retired} />
    </>
  );
}

function DeskTable({ ui, desks, locations, services }: ListProps) {
  const t = ui.text.admin.desks;
  if (desks.length === 0) {
    return (
      <div class="empty">
        <h2>{t.none}</h2>
        <p>{t.noneText}</p>
      </div>
    );
  }
  const places = locations.length > 1 ? new Map(locations.map(({ id, name }) => [id, name])) : undefined;
  return (
    <table class="rows">
      <caption>{t.list}</caption>
      <TableHead heads={[t.name, t.serviceIds]} actions={ui.text.admin.closures.actions} />
      <tbody>
        {desks.map((desk) => (
          <tr>
            <td>
              <strong>{desk.name}</strong>
              {places && <small> {ui.text.services.at(places.get(desk.locationId) ?? '')}</small>}
            </td>
            <td data-label={t.serviceIds}>{servedText(ui, desk, services)}</td>
            <td>
              <div class="row">
                <a class="button quiet" href={`/admin/desks/${desk.id}`} aria-label={t.editOf(desk.name)}>
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

function AddForm({ ui, locations, services, form }: ListProps) {
  const t = ui.text.admin.desks;
  return (
    <form class="card" method="post" action="/admin/desks" data-once novalidate>
      <FormKey ui={ui} />
      <h2>{t.addTitle}</h2>
      <DeskFields
        ui={ui}
        form={form}
        services={services.filter(({ retiredAt }) => retiredAt === null)}
        locations={locations}
      />
      <button class="primary" type="submit">
        {t.submit}
      </button>
    </form>
  );
}

interface PageProps {
  ui: Ui;
  desk: StaffedDesk;
  /** Those in use at its location, and the retired ones that it has. */
  services: readonly PlacedService[];
  form: FormState;
  /** What the form starts from, in short. */
  shown: unknown;
  /** What differs from what was typed, when somebody else saved it in the meantime. */
  stale?: readonly Difference[] | undefined;
}

/** One desk: its name, what it serves, and the way to retire it. */
export function DeskPage({ ui, desk, services, form, shown, stale }: PageProps) {
  const t = ui.text.admin.desks;
  return (
    <>
      <AdminHead ui={ui} section="desks" title={desk.name} />
      <form class="stack" method="post" action={`/admin/desks/${desk.id}`} data-once novalidate>
        <FormKey ui={ui} />
        <ShownField shown={shown} />
        {stale && <StaleNotice ui={ui} thing="desk" differences={stale} />}
        <DeskFields ui={ui} form={form} services={services} />
        <div class="row">
          <button class="primary" type="submit">
            {t.save}
          </button>{' '}
          <a class="button quiet" href="/admin/desks">
            {t.cancel}
          </a>
          <a class="button danger" href={`/admin/desks/${desk.id}/retire`}>
            {t.retire}
          </a>
        </div>
      </form>
    </>
  );
}

/** With several locations a new desk says which it stands at; one that stands somewhere does not move. */
function DeskFields({
  ui,
  form,
  services,
  locations = [],
}: {
  ui: Ui;
  form: FormState;
  services: readonly PlacedService[];
  locations?: readonly Location[];
}) {
  const t = ui.text.admin.desks;
  const several = locations.length > 1;
  const chosen = [form.values.serviceIds ?? []].flat().map(String);
  const problem = form.problems.serviceIds;
  return (
    <>
      <ErrorSummary
        ui={ui}
        form={form}
        labels={{ name: t.name, locationId: t.locationId, serviceIds: t.serviceIds }}
      />
      <TextField ui={ui} form={form} name="name" label={t.name} hint={t.nameHint} maxlength={60} required />
      {several && <LocationField ui={ui} form={form} label={t.locationId} locations={locations} />}
      {services.length > 0 && (
        <fieldset class="field" aria-describedby="service-ids-hint">
          <legend>{t.serviceIds}</legend>
          <p class="hint" id="service-ids-hint">
            {t.serviceIdsHint}
          </p>
          {problem && (
            <p class="error" id="service-ids-error">
              {ui.text.problem(problem)}
            </p>
          )}
          {services.map(({ id, name, location, retiredAt }, index) => (
            <>
              <label class="check">
                <input
                  type="checkbox"
                  id={index === 0 ? 'service-ids' : `service-ids-${index}`}
                  name="service_ids[]"
                  value={id}
                  checked={chosen.includes(id)}
                />{' '}
                {several ? ui.text.admin.closures.serviceAt(location.name, name) : name}
                {retiredAt && <small> {ui.text.admin.home.retiredMark}</small>}
              </label>{' '}
            </>
          ))}
        </fieldset>
      )}
    </>
  );
}

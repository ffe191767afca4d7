import type { LocalDay } from '../../src/domain/days.ts';
import { MOST_REPORTED_DAYS } from '../../src/domain/report.ts';
import type { Location } from '../../src/domain/service.ts';
import { ErrorSummary, type FormState, TextField } from '../parts.tsx';
import type { Ui } from '../ui.ts';

/** A location whose days are told, in use or retired. */
export type ReportedLocation = Location & { retiredAt: Date | null };

/** Which location is shown, of those there are. */
export interface Place {
  location: ReportedLocation;
  locations: readonly ReportedLocation[];
  today: LocalDay;
}

/** With several locations, the way to the others. */
export function Locations({ ui, place, path }: { ui: Ui; place: Place; path: string }) {
  const { location, locations } = place;
  if (locations.length < 2) return null;
  return (
    <nav class="row" aria-label={ui.text.report.locations}>
      {locations.map((one) => (
        <>
          <a
            class={one.id === location.id ? 'button' : 'button quiet'}
            href={`${path}?location=${one.slug}`}
            aria-current={one.id === location.id ? 'true' : undefined}
          >
            {one.retiredAt ? ui.text.report.retired(one.name) : one.name}
          </a>{' '}
        </>
      ))}
    </nav>
  );
}

/** The way to a day that is known. */
export function GoTo({ ui, place, day }: { ui: Ui; place: Place; day: LocalDay }) {
  const t = ui.text.report;
  return (
    <form class="row" method="get" action="/admin/days">
      <PlaceField place={place} />
      <label for="date">{t.goTo}</label>
      <input type="date" id="date" name="date" value={day} required />
      <button type="submit">{t.go}</button>
    </form>
  );
}

/** Several days as one file: those that are shown, until somebody types others. */
export function Download({ ui, place, form }: { ui: Ui; place: Place; form: FormState }) {
  const t = ui.text.report;
  return (
    <form class="stack" method="get" action="/admin/days.csv">
      <h2>{t.file}</h2>
      <ErrorSummary ui={ui} form={form} labels={{ from: t.from, to: t.to }} />
      <PlaceField place={place} />
      <div class="field">
        <div class="row">
          <TextField ui={ui} form={form} name="from" label={t.from} type="date" required />
          <TextField ui={ui} form={form} name="to" label={t.to} type="date" required />
        </div>
        <p class="hint">{t.fileHint(MOST_REPORTED_DAYS)}</p>
      </div>
      <div class="row">
        <button type="submit">{t.download}</button>
      </div>
    </form>
  );
}

/** Where a form's days are, if that has to be said. */
function PlaceField({ place: { location, locations } }: { place: Place }) {
  return locations.length > 1 ? <input type="hidden" name="location" value={location.slug} /> : null;
}

/** Where a day is told, or with `.csv` its file is. */
export function dayHref(place: Place, day: LocalDay, kind = ''): string {
  return `/admin/days/${day}${kind}${query(place, {})}`;
}

/** Where the days until that one are told. */
export function weekHref(place: Place, to: LocalDay): string {
  return `/admin/days${query(place, to < place.today ? { to } : {})}`;
}

function query({ location, locations }: Place, fields: Record<string, string>): string {
  const all = new URLSearchParams({ ...(locations.length > 1 && { location: location.slug }), ...fields });
  return all.size > 0 ? `?${all}` : '';
}

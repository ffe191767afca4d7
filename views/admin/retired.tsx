import type { Refusal } from '../../src/domain/errors.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import { FormKey } from '../parts.tsx';
import type { Ui } from '../ui.ts';

/** Something that is out of use. */
export interface Retired {
  id: string;
  name: string;
  /** Named where there are several. */
  locationName?: string | undefined;
}

interface ListProps {
  ui: Ui;
  /** Of the list that the things are in when they are in use. */
  path: string;
  things: readonly Retired[];
}

/** What is out of use, folded away, and the way back. */
export function RetiredList({ ui, path, things }: ListProps) {
  const t = ui.text.admin.restore;
  if (things.length === 0) return null;
  return (
    <details>
      <summary>{t.list(things.length)}</summary>
      <ul class="stack">
        {things.map(({ id, name, locationName }) => (
          <li>
            <div class="row">
              <span>
                {name}
                {locationName && <small> {ui.text.services.at(locationName)}</small>}
              </span>
              <RestoreForm ui={ui} path={`${path}/${id}`} name={name} />
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Puts one thing back in use; `path` is its own. */
export function RestoreForm({ ui, path, name }: { ui: Ui; path: string; name: string }) {
  const t = ui.text.admin.restore;
  return (
    <form method="post" action={`${path}/restore`} data-once>
      <FormKey ui={ui} />
      <button type="submit">
        {t.submit}
        <span class="visually-hidden">{t.submitOf(name)}</span>
      </button>
    </form>
  );
}

/** Why something stays out of use, and what has to be changed first. */
export function keptText(
  ui: Ui,
  { code, fields = {} }: Refusal,
  { name, locationName, prefix }: Retired & Partial<Pick<PlacedService, 'prefix'>>,
): string {
  const t = ui.text.admin.restore;
  if (fields.locationId) return t.locationRetired(name, locationName ?? '');
  if (fields.prefix) return t.prefixTaken(name, prefix ?? '');
  return fields.name ? t.nameTaken(name) : ui.text.refusals[code];
}

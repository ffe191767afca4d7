import type { Desk } from '../../src/domain/desk.ts';
import type { BoardSettings, Location, OpeningRule, PlacedService } from '../../src/domain/service.ts';
import { servedText } from '../desk/view.ts';
import type { Ui } from '../ui.ts';
import { hoursInShort } from './hours.tsx';

/** A field that somebody else saved as something other than what was typed. */
export interface Difference {
  field: string;
  stands: string;
  typed: string;
}

const COMPARED = [
  'name',
  'description',
  'whatToBring',
  'prefix',
  'durationMinutes',
  'bufferMinutes',
  'stepMinutes',
  'capacity',
  'leadMinutes',
  'horizonDays',
  'cancelMinutes',
  'checkInBeforeMinutes',
  'checkInAfterMinutes',
  'graceMinutes',
  'creditMinutes',
  'priorityMinutes',
  'earlyCallMinutes',
  'joinLimit',
  'joinUntil',
] as const satisfies readonly (keyof PlacedService)[];

/** A box that is not ticked is not sent. */
export const BOXES = [
  'walkIns',
  'phoneJoin',
  'askName',
  'askPhone',
] as const satisfies readonly (keyof PlacedService)[];

/** Where what stands of a service differs from what a form says. */
export function differencesOf(
  ui: Ui,
  service: PlacedService,
  rules: readonly OpeningRule[],
  typed: Record<string, unknown>,
  typedRules: readonly OpeningRule[],
): Difference[] {
  const t = ui.text.admin.service;
  const checkIn = (value: unknown) => (value === 'none' ? t.checkIn.none : t.checkIn.required);
  const hours = (week: readonly OpeningRule[]) => hoursInShort(ui, week).join('; ');
  return differing([
    ...COMPARED.map((name) => ({
      field: t.labels[name],
      stands: text(service[name]),
      typed: text(typed[name]),
    })),
    { field: t.labels.checkIn, stands: checkIn(service.checkIn), typed: checkIn(typed.checkIn) },
    ...BOXES.map((name) => ({
      field: t.labels[name],
      stands: yesNo(ui, service[name]),
      typed: yesNo(ui, typed[name]),
    })),
    { field: t.labels.openingRules, stands: hours(rules), typed: hours(typedRules) },
  ]);
}

/** The same of a desk; the services are those of its location. */
export function differencesOfDesk(
  ui: Ui,
  desk: Desk,
  typed: Record<string, unknown>,
  services: readonly PlacedService[],
): Difference[] {
  const t = ui.text.admin.desks;
  const serviceIds = [typed.serviceIds ?? []].flat().map(String);
  return differing([
    { field: t.name, stands: desk.name, typed: text(typed.name) },
    {
      field: t.serviceIds,
      stands: servedText(ui, desk, services),
      typed: servedText(ui, { serviceIds }, services),
    },
  ]);
}

/** The same of a location. */
export function differencesOfLocation(
  ui: Ui,
  location: Location & BoardSettings,
  typed: Record<string, unknown>,
): Difference[] {
  const t = ui.text.admin.locations;
  const fields = ['name', 'timeZone', 'boardMessage'] as const;
  return differing([
    ...fields.map((name) => ({ field: t[name], stands: location[name], typed: text(typed[name]) })),
    {
      field: t.boardNames,
      stands: yesNo(ui, location.boardNames),
      typed: yesNo(ui, typed.boardNames),
    },
  ]);
}

function differing(fields: readonly Difference[]): Difference[] {
  return fields.filter(({ stands, typed }) => stands !== typed);
}

function text(value: unknown): string {
  return String(value ?? '')
    .replace(/\r\n?/g, '\n')
    .trim();
}

function yesNo(ui: Ui, value: unknown): string {
  const t = ui.text.admin.service;
  return value === true || value === 'true' ? t.yes : t.no;
}

interface StaleProps {
  ui: Ui;
  thing: keyof Ui['text']['admin']['stale']['titles'];
  differences: readonly Difference[];
}

/** What somebody else saved in the meantime. */
export function StaleNotice({ ui, thing, differences }: StaleProps) {
  const t = ui.text.admin.stale;
  const shown = (value: string) => value || ui.text.admin.service.blank;
  return (
    <div class="notice" data-kind="warning" role="alert" tabindex={-1} data-focus>
      <strong>{t.titles[thing]}</strong>
      {differences.length === 0 ? (
        <p>{t.same}</p>
      ) : (
        <>
          <p>{t.text}</p>
          <ul>
            {differences.map(({ field, stands, typed }) => (
              <li>
                <strong>{field}</strong>
                <br />
                {t.stands}: {shown(stands)}
                <br />
                {t.typed}: {shown(typed)}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

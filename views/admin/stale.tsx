import type { OpeningRule, PlacedService } from '../../src/domain/service.ts';
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

/** Where what stands differs from what a form says. */
export function differencesOf(
  ui: Ui,
  service: PlacedService,
  rules: readonly OpeningRule[],
  typed: Record<string, unknown>,
  typedRules: readonly OpeningRule[],
): Difference[] {
  const t = ui.text.admin.service;
  const text = (value: unknown) =>
    String(value ?? '')
      .replace(/\r\n?/g, '\n')
      .trim();
  const checkIn = (value: unknown) => (value === 'none' ? t.checkIn.none : t.checkIn.required);
  const yesNo = (value: unknown) => (value === true || value === 'true' ? t.yes : t.no);
  const hours = (week: readonly OpeningRule[]) => hoursInShort(ui, week).join('; ');
  return [
    ...COMPARED.map((name) => ({
      field: t.labels[name],
      stands: text(service[name]),
      typed: text(typed[name]),
    })),
    { field: t.labels.checkIn, stands: checkIn(service.checkIn), typed: checkIn(typed.checkIn) },
    ...BOXES.map((name) => ({
      field: t.labels[name],
      stands: yesNo(service[name]),
      typed: yesNo(typed[name]),
    })),
    { field: t.labels.openingRules, stands: hours(rules), typed: hours(typedRules) },
  ].filter(({ stands, typed: own }) => stands !== own);
}

/** What somebody else saved in the meantime. */
export function StaleNotice({ ui, differences }: { ui: Ui; differences: readonly Difference[] }) {
  const t = ui.text.admin.stale;
  const shown = (value: string) => value || ui.text.admin.service.blank;
  return (
    <div class="notice" data-kind="warning" role="alert" tabindex={-1} data-focus>
      <strong>{t.title}</strong>
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

import { html } from 'hono/html';
import type { LocalDay } from '../../src/domain/days.ts';
import { needsOf, type QueueEntry } from '../../src/domain/ticket.ts';
import { reason } from './rows.ts';
import { clockOf, type DeskView, deskHref, serviceNameOf } from './view.ts';

type PrintView = Pick<DeskView, 'ui' | 'scope' | 'panel' | 'paused'>;

/** The line on paper, for when the network or the power goes: who is here in calling order, and who is still to come. */
export function PrintPage({ view, day }: { view: PrintView; day: LocalDay }) {
  const { ui, scope, panel } = view;
  const t = ui.text.desk;
  const { serving, called, parked, waiting } = panel.line;
  const here = [...serving, ...called, ...parked, ...waiting];
  return (
    <div class="paper">
      <header>
        <p class="no-print">
          <a href={deskHref(view)}>{t.backTo(scope.name)}</a>
        </p>
        <h1>{scope.name}</h1>
        <p>
          {ui.format.day(day)}. {t.asOf(clockOf(view, ui.now))}.
        </p>
        <p class="hint no-print" data-print={t.printNow}>
          {t.printHint}
        </p>
      </header>
      <Sheet view={view} title={t.line} rows={here.map((entry) => ticketRow(view, entry))} />
      <Sheet
        view={view}
        title={t.expectedToday}
        rows={panel.expected.map(({ timeSlot, name, serviceId, entry }) =>
          entry
            ? ticketRow(view, entry)
            : row(view, '', name, clockOf(view, timeSlot), '', serviceNameOf(scope, serviceId) ?? ''),
        )}
      />
    </div>
  );
}

function Sheet({ view, title, rows }: { view: PrintView; title: string; rows: ReturnType<typeof row>[] }) {
  const t = view.ui.text.desk;
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.served}</th>
          <th scope="col">{t.ticket}</th>
          <th scope="col">{t.name}</th>
          <th scope="col">{t.time}</th>
          <th scope="col">{t.fields.needs}</th>
          <th scope="col">{t.remarks}</th>
        </tr>
      </thead>
      <tbody>
        {rows.length > 0 ? (
          rows
        ) : (
          <tr>
            <td colspan={6}>{t.nobody}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function ticketRow(view: PrintView, entry: QueueEntry) {
  const { ui, scope } = view;
  const needs = needsOf(entry).map((need) => ui.text.desk.needs[need]);
  const state = entry.status === 'waiting' ? '' : ui.text.statuses[entry.status];
  const service = serviceNameOf(scope, entry.serviceId) ?? '';
  const remarks = [state, service, reason(view, entry), entry.note].filter(Boolean).join('; ');
  return row(view, entry.number, entry.name, clockOf(view, entry.dueAt), needs.join(', '), remarks);
}

function row(
  { ui }: PrintView,
  number: string,
  name: string | null,
  time: string,
  needs: string,
  remarks: string,
) {
  return html`<tr><td class="tick">☐</td><td><strong>${number}</strong></td><td>${name || ui.text.desk.unnamed}</td><td>${time}</td><td>${needs}</td><td>${remarks}</td></tr>`;
}

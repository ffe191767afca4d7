import { type StaffedDesk, servesAt } from '../../src/domain/desk.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import type { QueueEntry } from '../../src/domain/ticket.ts';
import { Badge, TableHead } from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { isAtDesk } from './view.ts';

/** Somebody of today, found at one of the places. */
interface FoundTicket {
  entry: QueueEntry;
  service: PlacedService;
}

interface FoundReservation {
  id: string;
  name: string | null;
  code: string;
  timeSlot: Date;
  service: PlacedService;
}

/** Who fits what was looked for. */
export interface Found {
  tickets: readonly FoundTicket[];
  expected: readonly FoundReservation[];
  /** How many of each are shown, where there are more. */
  limit?: number | undefined;
}

/** Looks for somebody of today, across services. */
export function FindForm({ ui, text }: { ui: Ui; text: string }) {
  const t = ui.text.desk;
  return (
    <form class="find" method="get" action="/desk" id="find">
      <div class="field">
        <label for="q">{t.findLabel}</label>
        <p class="hint" id="q-hint">
          {t.findHint}
        </p>
        <div class="row">
          <input
            id="q"
            name="q"
            type="search"
            value={text}
            maxlength={100}
            autocomplete="off"
            aria-describedby="q-hint"
            data-key="f"
          />{' '}
          <button type="submit">{t.findNow}</button>
        </div>
      </div>
    </form>
  );
}

interface ResultsProps {
  ui: Ui;
  text: string;
  found: Found;
  desks: readonly StaffedDesk[];
  showPlace: boolean;
}

/** Who was found: the tickets, and those still to come. */
export function Results({ ui, text, found, desks, showPlace }: ResultsProps) {
  const t = ui.text.desk;
  const count = found.tickets.length + found.expected.length;
  return (
    <section class="stack" aria-labelledby="results">
      <h2 id="results" tabindex={-1} data-focus="true">
        {found.limit ? t.foundFirst(found.limit, text) : t.foundTitle(count, text)}
      </h2>
      {found.limit && <p>{t.foundMore}</p>}
      {count === 0 && <p>{t.foundNobody}</p>}
      {found.tickets.length > 0 && (
        <table class="rows">
          <caption class="visually-hidden">{t.foundTickets}</caption>
          <TableHead heads={[t.ticket, t.name, t.service, t.arrivedAt, t.status]} actions={t.actions} />
          <tbody>
            {found.tickets.map(({ entry, service }) => (
              <tr>
                <th scope="row">{entry.number}</th>
                <td>
                  {entry.name || t.unnamed}
                  <PhoneEnd ui={ui} phone={entry.phone} />
                </td>
                <td>
                  {service.name}
                  {showPlace && <PlaceOf ui={ui} service={service} />}
                </td>
                <td data-label={t.arrivedAt}>{ui.format.time(entry.arrivedAt, service.location.timeZone)}</td>
                <td>
                  <Badge ui={ui} status={entry.status} />
                  <DeskOf entry={entry} desks={desks} />
                </td>
                <td>
                  <div class="row">
                    <a
                      class="button"
                      href={`/desk/${keyFor(ui, desks, service)}/entries/${entry.id}`}
                      aria-label={`${t.open} ${entry.number}`}
                    >
                      {t.open}
                    </a>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {found.expected.length > 0 && (
        <table class="rows">
          <caption>{t.expectedToday}</caption>
          <TableHead heads={[t.time, t.name, t.service, t.code]} actions={t.actions} />
          <tbody>
            {found.expected.map(({ id, name, code, timeSlot, service }) => (
              <tr>
                <th scope="row">{ui.format.time(timeSlot, service.location.timeZone)}</th>
                <td>{name ?? t.unnamed}</td>
                <td>
                  {service.name}
                  {showPlace && <PlaceOf ui={ui} service={service} />}
                </td>
                <td>
                  <code>{code}</code>
                </td>
                <td>
                  <form
                    class="row"
                    method="post"
                    action={`/desk/${keyFor(ui, desks, service)}/reservations/${id}/check-in`}
                    data-once
                  >
                    <button type="submit" aria-label={`${t.checkIn} ${name ?? t.unnamed}`}>
                      {t.checkIn}
                    </button>
                  </form>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Enough of a phone to tell two people of one name apart. */
function PhoneEnd({ ui, phone }: { ui: Ui; phone: string | null }) {
  const digits = (phone ?? '').replaceAll(/\D/g, '').slice(-PHONE_END);
  return digits === '' ? null : <small> {ui.text.desk.phoneEnd(digits)}</small>;
}

const PHONE_END = 4;

/** Where somebody is, or was served. */
function DeskOf({ entry, desks }: { entry: QueueEntry; desks: readonly StaffedDesk[] }) {
  const desk = isAtDesk(entry) && desks.find(({ id }) => id === entry.deskId);
  return desk ? <small> {desk.name}</small> : null;
}

/** Where a service is worked: at the desk where the actor sits, if it serves that, or else in the service's own line. */
function keyFor(ui: Ui, desks: readonly StaffedDesk[], { id, locationId, slug }: PlacedService): string {
  const mine = desks.find((desk) => desk.staffedBy === ui.actor?.id && desk.locationId === locationId);
  return mine && servesAt(mine, id) ? mine.id : slug;
}

/** Where a service is, where that has to be said. */
export function PlaceOf({ ui, service }: { ui: Ui; service: PlacedService }) {
  return <small> {ui.text.services.at(service.location.name)}</small>;
}

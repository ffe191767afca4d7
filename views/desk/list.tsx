import { type StaffedDesk, servesAt } from '../../src/domain/desk.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import type { QueueEntry } from '../../src/domain/ticket.ts';
import { Badge, Notice } from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { servedText } from './view.ts';

interface Queue {
  service: PlacedService;
  waiting: number;
  expected: number;
}

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

export interface Found {
  tickets: readonly FoundTicket[];
  expected: readonly FoundReservation[];
  /** How many of each are shown, where there are more. */
  limit?: number | undefined;
}

export interface ListView {
  ui: Ui;
  queues: readonly Queue[];
  desks: readonly StaffedDesk[];
  /** Names this state for the poll; see render's `tagOf`. */
  tag: string;
}

interface ListProps {
  view: ListView;
  /** What was looked for, and what was found. */
  sought?: { text: string; found: Found } | undefined;
  done?: string | undefined;
}

/**
 * Where a day at the desk starts: choosing a desk, finding somebody, and the queues. With a single location, nobody is
 * told where it is.
 */
export function QueueList({ view, sought, done }: ListProps) {
  const { ui, desks } = view;
  const t = ui.text.desk;
  return (
    <>
      <header>
        <h1>{t.title}</h1>
        <p class="lede">{t.lede}</p>
      </header>
      {done && <Notice kind="success">{done}</Notice>}
      <FindForm ui={ui} text={sought?.text ?? ''} />
      {sought && <Results ui={ui} {...sought} desks={desks} showPlace={hasSeveralPlaces(view)} />}
      <DesksAndQueues view={view} />
    </>
  );
}

/** What changes while the list stays open. It asks for itself alone: what is typed or was found stands still. */
export function DesksAndQueues({ view }: { view: ListView }) {
  const { ui, queues, desks, tag } = view;
  const showPlace = hasSeveralPlaces(view);
  return (
    <div
      class="stack"
      id="desk-lists"
      data-live="true"
      hx-get="/desk"
      hx-trigger="every 10s"
      hx-ptag={tag}
      hx-swap="outerMorph"
      hx-sync="this:abort"
      {...{ 'hx-status:5xx': 'swap:none' }}
    >
      <AsOf view={view} />
      {desks.length > 0 && <Desks ui={ui} desks={desks} queues={queues} showPlace={showPlace} />}
      {queues.length === 0 ? (
        <div class="empty">
          <h2>{ui.text.desk.none}</h2>
          <p>{ui.text.desk.noneText}</p>
        </div>
      ) : (
        <Queues ui={ui} queues={queues} showPlace={showPlace} />
      )}
    </div>
  );
}

function hasSeveralPlaces({ queues }: ListView): boolean {
  return new Set(queues.map(({ service }) => service.locationId)).size > 1;
}

/** The time where the queues are; which time that is, where they lie in several zones. */
function AsOf({ view: { ui, queues } }: { view: ListView }) {
  const [zone, another] = new Set(queues.map(({ service }) => service.location.timeZone));
  if (!zone) return null;
  const time = ui.format.time(ui.now, zone);
  return <p class="hint">{ui.text.desk.asOf(another ? `${time} (${zone})` : time)}</p>;
}

function Queues({ ui, queues, showPlace }: Pick<ListView, 'ui' | 'queues'> & { showPlace: boolean }) {
  const t = ui.text.desk;
  return (
    <table class="rows">
      <caption>{t.queues}</caption>
      <thead>
        <tr>
          <th scope="col">{t.queue}</th>
          <th scope="col" class="num">
            {t.waiting}
          </th>
          <th scope="col" class="num">
            {t.expected}
          </th>
          <th scope="col">
            <span class="visually-hidden">{t.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <QueueRow ui={ui} queue={queue} showPlace={showPlace} />
        ))}
      </tbody>
    </table>
  );
}

function FindForm({ ui, text }: { ui: Ui; text: string }) {
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

function Results({ ui, text, found, desks, showPlace }: ResultsProps) {
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
          <thead>
            <tr>
              <th scope="col">{t.ticket}</th>
              <th scope="col">{t.name}</th>
              <th scope="col">{t.service}</th>
              <th scope="col">{t.status}</th>
              <th scope="col">
                <span class="visually-hidden">{t.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {found.tickets.map(({ entry, service }) => (
              <tr>
                <th scope="row">{entry.number}</th>
                <td>{entry.name || t.unnamed}</td>
                <td>
                  {service.name}
                  {showPlace && <PlaceOf ui={ui} service={service} />}
                </td>
                <td>
                  <Badge ui={ui} status={entry.status} />
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
          <thead>
            <tr>
              <th scope="col">{t.time}</th>
              <th scope="col">{t.name}</th>
              <th scope="col">{t.service}</th>
              <th scope="col">{t.code}</th>
              <th scope="col">
                <span class="visually-hidden">{t.actions}</span>
              </th>
            </tr>
          </thead>
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

/** Where a service is worked: at the desk where the actor sits, if it serves that, or else in the service's own line. */
function keyFor(ui: Ui, desks: readonly StaffedDesk[], { id, locationId, slug }: PlacedService): string {
  const mine = desks.find((desk) => desk.staffedBy === ui.actor?.id && desk.locationId === locationId);
  return mine && servesAt(mine, id) ? mine.id : slug;
}

/** One's own desk, or one to choose. */
function Desks({
  ui,
  desks,
  queues,
  showPlace,
}: Pick<ListView, 'ui' | 'desks' | 'queues'> & { showPlace: boolean }) {
  const t = ui.text.desk;
  const services = queues.map(({ service }) => service);
  const places = new Map(services.map(({ locationId, location }) => [locationId, location.name]));
  return (
    <table class="rows">
      <caption>{t.desks}</caption>
      <thead>
        <tr>
          <th scope="col">{t.desk}</th>
          <th scope="col">{t.servesHead}</th>
          <th scope="col">{t.staffed}</th>
          <th scope="col">
            <span class="visually-hidden">{t.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {desks.map((desk) => (
          <tr {...(desk.staffedBy === ui.actor?.id && { 'data-next': true })}>
            <td>
              <strong>{desk.name}</strong>
              {showPlace && <small> {ui.text.services.at(places.get(desk.locationId) ?? '')}</small>}
            </td>
            <td>{servedText(ui, desk, services)}</td>
            <td>
              {desk.staffedBy === ui.actor?.id ? t.you : (desk.staffName ?? t.free)}
              {desk.pausedAt && <> ({t.pausedMark})</>}
            </td>
            <td>
              <DeskActions ui={ui} desk={desk} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function DeskActions({ ui, desk }: { ui: Ui; desk: StaffedDesk }) {
  const t = ui.text.desk;
  const mine = desk.staffedBy === ui.actor?.id;
  if (mine)
    return (
      <div class="row">
        <a class="button primary" href={`/desk/${desk.id}`} aria-label={`${t.open} ${desk.name}`}>
          {t.open}
        </a>
      </div>
    );
  const label = desk.staffedBy === null ? t.takeDesk : t.takeOverShort;
  return (
    <form class="row" method="post" action={`/desk/${desk.id}/take`} data-once>
      {desk.staffedBy !== null && <input type="hidden" name="hand_over" value="on" />}
      <button type="submit" aria-label={`${label}: ${desk.name}`}>
        {label}
      </button>
    </form>
  );
}

function QueueRow({ ui, queue, showPlace }: { ui: Ui; queue: Queue; showPlace: boolean }) {
  const t = ui.text.desk;
  const { service, waiting, expected } = queue;
  const href = `/desk/${service.slug}`;
  return (
    <tr>
      <th scope="row">
        <a href={href}>{service.name}</a>
        {showPlace && <PlaceOf ui={ui} service={service} />}
      </th>
      <td class="num" data-label={t.waiting}>
        {ui.format.number(waiting)}
      </td>
      <td class="num" data-label={t.expected}>
        {ui.format.number(expected)}
      </td>
      <td>
        <div class="row">
          <a class="button" href={href} aria-label={t.openQueue(service.name)}>
            {t.open}
          </a>
        </div>
      </td>
    </tr>
  );
}

function PlaceOf({ ui, service }: { ui: Ui; service: PlacedService }) {
  return <small> {ui.text.services.at(service.location.name)}</small>;
}

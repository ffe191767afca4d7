import type { StaffedDesk } from '../../src/domain/desk.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import { Notice, TableHead } from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { FindForm, type Found, PlaceOf, Results } from './find.tsx';
import { servedText } from './view.ts';

interface Queue {
  service: PlacedService;
  waiting: number;
  expected: number;
}

export interface ListView {
  ui: Ui;
  queues: readonly Queue[];
  desks: readonly StaffedDesk[];
  /** Names this state for the poll; see `tagOf`. */
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

/** The time where the queues are. Where they lie in several zones, that of one's own desk, or of each. */
function AsOf({ view: { ui, queues, desks } }: { view: ListView }) {
  const zones = new Map(
    queues.map(({ service: { locationId, location } }) => [locationId, location.timeZone]),
  );
  const all = [...new Set(zones.values())];
  if (all.length === 0) return null;
  const mine = desks.find(({ staffedBy }) => staffedBy === ui.actor?.id);
  const own = mine && zones.get(mine.locationId);
  const times = (own ? [own] : all).map((zone) => {
    const time = ui.format.time(ui.now, zone);
    return all.length > 1 ? `${time} (${zone})` : time;
  });
  return <p class="hint">{ui.text.desk.asOf(times.join(', '))}</p>;
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
      <TableHead heads={[t.desk, t.servesHead, t.staffed]} actions={t.actions} />
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
  // Somebody works there: nobody takes that with one press of a button that looks like the others.
  if (desk.staffedBy !== null)
    return (
      <div class="row">
        <a
          class="button quiet"
          href={`/desk/${desk.id}/take`}
          aria-label={`${t.takeOverShort}: ${desk.name}`}
        >
          {t.takeOverShort}
        </a>
      </div>
    );
  return (
    <form class="row" method="post" action={`/desk/${desk.id}/take`} data-once>
      <button type="submit" aria-label={`${t.takeDesk}: ${desk.name}`}>
        {t.takeDesk}
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

import type { PlacedService } from '../../src/domain/service.ts';
import type { Ui } from '../ui.ts';

interface Queue {
  service: PlacedService;
  waiting: number;
  expected: number;
}

/** The queues somebody works, with how many are in each. With a single location, nobody is told where it is. */
export function QueueList({ ui, queues }: { ui: Ui; queues: Queue[] }) {
  const t = ui.text.desk;
  const severalPlaces = new Set(queues.map(({ service }) => service.locationId)).size > 1;
  return (
    <>
      <header>
        <h1>{t.title}</h1>
        <p class="lede">{t.lede}</p>
      </header>
      {queues.length === 0 ? (
        <div class="empty">
          <h2>{t.none}</h2>
          <p>{t.noneText}</p>
        </div>
      ) : (
        <table class="rows">
          <caption class="visually-hidden">{t.lede}</caption>
          <thead>
            <tr>
              <th scope="col">{t.queue}</th>
              <th scope="col">{t.waiting}</th>
              <th scope="col">{t.expected}</th>
              <th scope="col">
                <span class="visually-hidden">{t.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => (
              <QueueRow ui={ui} queue={queue} showPlace={severalPlaces} />
            ))}
          </tbody>
        </table>
      )}
    </>
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
        {showPlace && <small> {ui.text.services.at(service.location.name)}</small>}
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

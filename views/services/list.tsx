import type { PlacedService } from '../../src/domain/service.ts';
import type { Ui } from '../ui.ts';

/** What can be booked. With a single location, nobody is told where it is. */
export function ServiceList({ ui, services }: { ui: Ui; services: PlacedService[] }) {
  const t = ui.text.services;
  const severalPlaces = new Set(services.map(({ locationId }) => locationId)).size > 1;
  return (
    <>
      <header>
        <h1>{t.title}</h1>
        <p class="lede">{t.lede}</p>
      </header>
      {services.length === 0 ? (
        <div class="empty">
          <h2>{t.none}</h2>
          <p>{t.noneText}</p>
        </div>
      ) : (
        <ul class="services">
          {services.map((service) => (
            <ServiceItem ui={ui} service={service} showPlace={severalPlaces} />
          ))}
        </ul>
      )}
    </>
  );
}

function ServiceItem({ ui, service, showPlace }: { ui: Ui; service: PlacedService; showPlace: boolean }) {
  const t = ui.text.services;
  const href = `/services/${service.slug}`;
  return (
    <li>
      <p class="minutes">
        <b>{ui.format.number(service.durationMinutes)}</b> {t.minutes(service.durationMinutes)}
      </p>
      <div>
        <h2>
          <a href={href}>{service.name}</a>
        </h2>
        {service.description && <p>{service.description}</p>}
        <ServiceFacts ui={ui} service={service} showPlace={showPlace} />
        <WhatToBring ui={ui} service={service} />
      </div>
      <a class="button" href={href} aria-label={t.bookAt(service.name)}>
        {t.book}
      </a>
    </li>
  );
}

/** In a few words: walk-ins or not, check-in or not, and where. */
export function ServiceFacts({
  ui,
  service,
  showPlace,
}: {
  ui: Ui;
  service: PlacedService;
  showPlace: boolean;
}) {
  const t = ui.text.services;
  return (
    <p class="facts">
      <span>{service.walkIns ? t.walkIns : t.noWalkIns}</span>
      {service.checkIn === 'none' && <span>{t.noCheckIn}</span>}
      {showPlace && <span>{t.at(service.location.name)}</span>}
    </p>
  );
}

/** What to bring, folded; one thing a line. Nothing where nobody said anything. */
export function WhatToBring({ ui, service }: { ui: Ui; service: PlacedService }) {
  if (!service.whatToBring) return null;
  return (
    <details>
      <summary>{ui.text.services.bring}</summary>
      {service.whatToBring.split(/\n+/).map((line) => (
        <p>{line}</p>
      ))}
    </details>
  );
}

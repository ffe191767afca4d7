import type { ServiceWithHours } from '../../src/domain/service.ts';
import type { Ui } from '../ui.ts';
import { hoursInShort } from './hours.tsx';
import { AdminHead } from './parts.tsx';
import { RestoreForm } from './retired.tsx';

interface HomeProps {
  ui: Ui;
  services: readonly ServiceWithHours[];
  showPlace: boolean;
  done?: string | undefined;
  /** Why a service stays out of use. */
  refused?: string | undefined;
}

/** All services, the retired ones apart. */
export function AdminHome({ ui, services, showPlace, done, refused }: HomeProps) {
  const t = ui.text.admin.home;
  const active = services.filter(({ retiredAt }) => retiredAt === null);
  const retired = services.filter(({ retiredAt }) => retiredAt !== null);
  return (
    <>
      <AdminHead ui={ui} title={t.title} lede={t.lede} section="home" done={done} refused={refused} />
      <div class="row between">
        <h2>{t.services}</h2>
        <a class="button primary" href="/admin/new-service">
          {t.add}
        </a>
      </div>
      {active.length === 0 ? (
        <div class="empty">
          <h3>{t.none}</h3>
          <p>{t.noneText}</p>
        </div>
      ) : (
        <ServiceItems ui={ui} services={active} showPlace={showPlace} />
      )}
      {retired.length > 0 && (
        <>
          <h2>{t.retired}</h2>
          <ServiceItems ui={ui} services={retired} showPlace={showPlace} />
        </>
      )}
    </>
  );
}

function ServiceItems({ ui, services, showPlace }: Pick<HomeProps, 'ui' | 'services' | 'showPlace'>) {
  const t = ui.text.admin.home;
  return (
    <ul class="services">
      {services.map((service) => {
        const hours = hoursInShort(ui, service.openingRules);
        return (
          <li>
            <p class="minutes">
              <b>{ui.format.number(service.durationMinutes)}</b>{' '}
              {ui.text.services.minutes(service.durationMinutes)}
            </p>
            <div>
              <h3>{service.name}</h3>
              <p class="facts">
                {service.retiredAt && (
                  <strong class="badge" data-status="left">
                    {t.retiredMark}
                  </strong>
                )}
                <span>{ui.text.places(service.capacity)}</span>
                {showPlace && <span>{ui.text.services.at(service.location.name)}</span>}
                {hours.length === 0 ? <span>{t.noHours}</span> : hours.map((line) => <span>{line}</span>)}
              </p>
              {service.retiredAt && (
                <RestoreForm ui={ui} path={`/admin/services/${service.id}`} name={service.name} />
              )}
            </div>
            <a class="button" href={`/admin/services/${service.id}`} aria-label={t.editOf(service.name)}>
              {t.edit}
            </a>
          </li>
        );
      })}
    </ul>
  );
}

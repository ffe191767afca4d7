import type { Child } from 'hono/jsx';
import type { StaffedDesk } from '../../src/domain/desk.ts';
import type { OpenLine } from '../../src/domain/errors.ts';
import type { Location, PlacedService } from '../../src/domain/service.ts';
import { FormKey, Notice } from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { AdminHead, type Section } from './parts.tsx';

interface ServiceProps {
  ui: Ui;
  service: PlacedService;
  /** How many are in the line now. */
  here: number;
  /** How many reservations stand. */
  standing: number;
  /** When the last of them is. */
  last: Date | undefined;
}

/** Asks before a service is taken out of use. */
export function RetireServicePage({ ui, service, here, standing, last }: ServiceProps) {
  const t = ui.text.admin.retire;
  return (
    <RetirePage
      ui={ui}
      section="home"
      path={`/admin/services/${service.id}`}
      name={service.name}
      text={t.text}
    >
      {here > 0 && <Notice kind="warning">{t.here(here)}</Notice>}
      {last ? (
        <Notice kind="warning">
          {t.standing(standing, ui.format.moment(last, service.location.timeZone))}
        </Notice>
      ) : (
        <p>{t.none}</p>
      )}
    </RetirePage>
  );
}

interface DeskProps {
  ui: Ui;
  desk: StaffedDesk;
  /** The numbers that are called to it or served there. */
  held: readonly string[];
}

/** Asks before a desk is taken out of use, which has to wait while somebody is called to it or served there. */
export function RetireDeskPage({ ui, desk, held }: DeskProps) {
  const t = ui.text.admin.retire;
  return (
    <RetirePage
      ui={ui}
      section="desks"
      path={`/admin/desks/${desk.id}`}
      name={desk.name}
      text={t.deskText}
      blocked={held.length > 0}
    >
      {held.length > 0 && <Notice kind="warning">{t.held(held)}</Notice>}
      {desk.staffName && <Notice kind="warning">{t.staffed(desk.staffName)}</Notice>}
    </RetirePage>
  );
}

interface LocationProps {
  ui: Ui;
  location: Location;
  /** How many of its services and desks are in use. */
  services: number;
  desks: number;
  lines: readonly OpenLine[];
  /** How many reservations stand, of services that are retired already. */
  standing: number;
}

/** Asks before a location is taken out of use, which has to wait while it has services, desks or people in line. */
export function RetireLocationPage({ ui, location, services, desks, lines, standing }: LocationProps) {
  const t = ui.text.admin.retire;
  const hasInUse = services + desks > 0;
  return (
    <RetirePage
      ui={ui}
      section="locations"
      path={`/admin/locations/${location.id}`}
      name={location.name}
      text={t.locationText}
      blocked={hasInUse || lines.length > 0}
    >
      {hasInUse && <Notice kind="warning">{t.has(services, desks)}</Notice>}
      {lines.length > 0 && <Notice kind="warning">{t.inLineThere(lines)}</Notice>}
      {standing > 0 ? <Notice kind="warning">{t.standingThere(standing)}</Notice> : <p>{t.noneThere}</p>}
    </RetirePage>
  );
}

interface PageProps {
  ui: Ui;
  section: Section;
  /** Of the thing's own page. */
  path: string;
  name: string;
  text: string;
  /** Whether it would be refused now. */
  blocked?: boolean;
  children: Child;
}

function RetirePage({ ui, section, path, name, text, blocked = false, children }: PageProps) {
  const t = ui.text.admin.retire;
  return (
    <>
      <AdminHead ui={ui} section={section} title={t.title(name)} lede={text} />
      {children}
      {blocked ? (
        <p class="row">
          <a class="button" href={path}>
            {t.back}
          </a>
        </p>
      ) : (
        <form class="row" method="post" action={`${path}/retire`} data-once>
          <FormKey ui={ui} />
          <button class="danger" type="submit">
            {t.yes}
          </button>
          <a class="button quiet" href={path}>
            {t.no}
          </a>
        </form>
      )}
    </>
  );
}

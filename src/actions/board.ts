import { boardPlace, noticesAt, openEntriesAt } from '../db/board.ts';
import { CATALOG, PEOPLE, serviceTopic, type Topic } from '../db/changes.ts';
import { allDesks } from '../db/desks.ts';
import { workedServices } from '../db/services.ts';
import type { Reader, Store } from '../db/store.ts';
import { type Board, boardOf, waitingIn } from '../domain/board.ts';
import { localDay } from '../domain/days.ts';
import type { ToldWait } from '../domain/estimate.ts';
import { estimatesForNew } from './estimates.ts';

/** Where a board hangs: over all services of a location, or over one. */
export interface BoardPlace {
  slug: string;
  locationId: string;
  /** The location's name, or the service's. */
  name: string;
  timeZone: string;
  message: string;
  showNames: boolean;
  /** A retired one shows while somebody is in its line. */
  services: readonly { id: string; name: string; earlyCallMinutes: number | null; isRetired: boolean }[];
}

/** The board of a location or a service by its slug; undefined when neither has it. One query. */
export async function findBoard(db: Reader, slug: string): Promise<BoardPlace | undefined> {
  const rows = await db.run(boardPlace, { slug });
  const [first] = rows;
  if (!first) return undefined;
  // Of old ones, a location and a service of another one may share a slug: the location goes first.
  const whole = rows.filter(({ isWhole }) => isWhole);
  const shown = whole.length > 0 ? whole : rows;
  const { locationId, locationName, timeZone, message, showNames } = shown[0] ?? first;
  return {
    slug,
    locationId,
    name: whole.length > 0 ? locationName : first.serviceName,
    timeZone,
    message,
    showNames: Boolean(showNames),
    services: shown.map(({ serviceId, serviceName, earlyCallMinutes, retiredAt }) => ({
      id: serviceId,
      name: serviceName,
      earlyCallMinutes,
      isRetired: retiredAt !== null,
    })),
  };
}

/** What a board is made of. */
export function boardTopics({ services }: BoardPlace): Topic[] {
  return [CATALOG, PEOPLE, ...services.map(({ id }) => serviceTopic(id))];
}

/** What a board shows now. As many queries, however many services. */
export async function readBoard(store: Store, place: BoardPlace, now: Date): Promise<Board> {
  const key = { locationId: place.locationId, day: localDay(now, place.timeZone) };
  const [entries, notices, desks] = await Promise.all([
    store.run(openEntriesAt, key),
    store.run(noticesAt, key),
    allDesks(store),
  ]);
  const shown = new Set(place.services.map(({ id }) => id));
  const closed = new Set(
    notices.flatMap(({ serviceId, intakeClosedAt }) => (intakeClosedAt === null ? [] : [serviceId])),
  );
  const services = place.services.filter(
    ({ id, isRetired }) => !isRetired || entries.some(({ serviceId }) => serviceId === id),
  );
  const told = services.filter(
    (service) => !closed.has(service.id) && waitingIn(entries, service, now).length > 0,
  );
  return boardOf(
    {
      entries: entries.filter(({ serviceId }) => shown.has(serviceId)),
      services,
      deskNames: new Map(desks.map(({ id, name }) => [id, name])),
      notices: new Map(
        notices.map(({ serviceId, intakeClosedAt, delayMinutes }) => [
          serviceId,
          { closed: intakeClosedAt !== null, delayMinutes },
        ]),
      ),
      forNew: await waitsForNew(store, new Set(told.map(({ id }) => id)), now),
      showNames: place.showNames,
    },
    now,
  );
}

/** Only where somebody waits and numbers are given: an empty line says enough. */
async function waitsForNew(
  store: Store,
  ids: ReadonlySet<string>,
  now: Date,
): Promise<Map<string, ToldWait | null>> {
  const services = (await workedServices(store)).filter(
    ({ id, walkIns, retiredAt }) => walkIns && retiredAt === null && ids.has(id),
  );
  return estimatesForNew(store, services, now);
}

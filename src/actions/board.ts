import { boardPlace, noticesAt, openEntriesAt } from '../db/board.ts';
import { CATALOG, PEOPLE, serviceTopic, type Topic } from '../db/changes.ts';
import { allDesks } from '../db/desks.ts';
import type { Reader } from '../db/store.ts';
import { type Board, boardOf } from '../domain/board.ts';
import { localDay } from '../domain/days.ts';

/** Where a board hangs: over all services of a location, or over one. */
export interface BoardPlace {
  slug: string;
  locationId: string;
  /** The location's name, or the service's. */
  name: string;
  timeZone: string;
  message: string;
  showNames: boolean;
  services: readonly { id: string; name: string }[];
}

/** The board of a location or a service by its slug; undefined when neither has it. One query. */
export async function findBoard(db: Reader, slug: string): Promise<BoardPlace | undefined> {
  const rows = await db.run(boardPlace, { slug });
  const [first] = rows;
  if (!first) return undefined;
  // A location and a service of another one may share a slug: the location goes first.
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
    services: shown.map(({ serviceId, serviceName }) => ({ id: serviceId, name: serviceName })),
  };
}

/** What a board is made of. */
export function boardTopics({ services }: BoardPlace): Topic[] {
  return [CATALOG, PEOPLE, ...services.map(({ id }) => serviceTopic(id))];
}

/** What a board shows now. Three queries, however many services. */
export async function readBoard(db: Reader, place: BoardPlace, now: Date): Promise<Board> {
  const key = { locationId: place.locationId, day: localDay(now, place.timeZone) };
  const [entries, notices, desks] = await Promise.all([
    db.run(openEntriesAt, key),
    db.run(noticesAt, key),
    allDesks(db),
  ]);
  const shown = new Set(place.services.map(({ id }) => id));
  return boardOf(
    {
      entries: entries.filter(({ serviceId }) => shown.has(serviceId)),
      services: place.services,
      deskNames: new Map(desks.map(({ id, name }) => [id, name])),
      notices: new Map(
        notices.map(({ serviceId, intakeClosedAt, delayMinutes }) => [
          serviceId,
          { closed: intakeClosedAt !== null, delayMinutes },
        ]),
      ),
      showNames: place.showNames,
    },
    now,
  );
}

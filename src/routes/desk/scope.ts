import type { Scope } from '../../../views/desk/view.ts';
import type { Ui } from '../../../views/ui.ts';
import { type Act, found } from '../../actions/act.ts';
import { listDesks, placeOf, servicesAt } from '../../actions/desks.ts';
import { reachQueue } from '../../actions/queue.ts';
import { CATALOG, lineTopic, PEOPLE, STAFFING, type Topic } from '../../db/changes.ts';
import { queueVersion } from '../../db/queue.ts';
import { workedServices, workedTopics } from '../../db/services.ts';
import { minuteOf } from '../../domain/clock.ts';
import { type LocalDay, localDay } from '../../domain/days.ts';
import { type StaffedDesk, servesAt } from '../../domain/desk.ts';
import { isId } from '../../domain/id.ts';
import { tagOf } from '../../domain/tag.ts';
import type { C } from '../../web/env.ts';
import { isPaused } from '../../web/input.ts';
import { actFor } from '../../web/session.ts';

/**
 * What `/desk/{key}` is about: the line of a service by its slug, or all that a desk serves by the desk's id. Refuses
 * with `forbidden` or `not_found`. Kept for each person, since every poll begins with it.
 */
export async function reachScope(c: C): Promise<Scope> {
  const act = await actFor(c);
  const key = c.req.param('slug') ?? '';
  const name = `scope ${key} ${act.actor?.id}`;
  let topics: readonly Topic[] = [];
  return act.store.keep(
    name,
    () => topics,
    async () => {
      topics = [PEOPLE, STAFFING, ...(await workedTopics(act.db))];
      return scopeOf(act, key);
    },
    'rows',
  );
}

async function scopeOf(act: Act, key: string): Promise<Scope> {
  const service = isId(key) ? undefined : await reachQueue(act, { slug: key });
  const [desks, everywhere] = await Promise.all([listDesks(act), workedServices(act.db)]);
  const desk = service ? undefined : found(desks.find(({ id }) => id === key));
  const locationId = service?.locationId ?? (desk as StaffedDesk).locationId;
  const here = desks.filter((each) => each.locationId === locationId);
  const mine = here.find(({ staffedBy }) => staffedBy === act.actor?.id);
  const ofPlace = everywhere.filter((each) => each.locationId === locationId);
  const services = service ? [service] : await servicesAt(act.db, desk as StaffedDesk);
  return {
    key,
    name: service?.name ?? (desk as StaffedDesk).name,
    locationId,
    timeZone:
      ofPlace[0]?.location.timeZone ??
      service?.location.timeZone ??
      (await placeOf(act.db, { locationId })).timeZone,
    services,
    ...(desk && { desk }),
    mine,
    deskNames: new Map(here.map(({ id, name }) => [id, name])),
    serviceNames: new Map([...ofPlace, ...services].map(({ id, name }) => [id, name])),
    watched: [
      ...new Map(
        [...services, ...ofPlace.filter(({ id }) => mine && servesAt(mine, id))].map((each) => [
          each.id,
          each,
        ]),
      ).values(),
    ],
  };
}

/** What a panel of it is made of. */
export function topicsOf(scope: Scope, now: Date): Topic[] {
  const day = dayOf(scope, now);
  return [CATALOG, STAFFING, ...scope.watched.map(({ id }) => lineTopic(id, day))];
}

/**
 * Names what a panel shows: the version of each line, the minute that waiting times are counted to, who sits where, and
 * who looks.
 */
export async function stateOf(c: C, ui: Ui, scope: Scope): Promise<string> {
  const { store } = c.get('parts');
  const day = dayOf(scope, ui.now);
  const versions = await Promise.all(
    scope.watched.map(async ({ id, version }) => `${id} ${version} ${await queueVersion(store, id, day)}`),
  );
  const minute = minuteOf(ui.now);
  const desks = [scope.mine, scope.desk].map((desk) =>
    desk ? `${desk.id} ${desk.name} ${desk.staffedBy} ${desk.pausedAt?.getTime()}` : '',
  );
  return tagOf(scope.key, day, ...versions, ...desks, minute, ui.actor?.id ?? '', String(isPaused(c)));
}

/** Today, where these lines are. */
export function dayOf({ timeZone }: Pick<Scope, 'timeZone'>, now: Date): LocalDay {
  return localDay(now, timeZone);
}

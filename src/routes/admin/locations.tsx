import { Hono } from 'hono';
import { LocationPage, LocationsPage } from '../../../views/admin/locations.tsx';
import { RetireLocationPage } from '../../../views/admin/retire.tsx';
import { keptText } from '../../../views/admin/retired.tsx';
import { differencesOfLocation } from '../../../views/admin/stale.tsx';
import type { Ui } from '../../../views/ui.ts';
import {
  createLocation,
  leftAt,
  reachAnyLocation,
  reachLocation,
  restoreLocation,
  retireLocation,
  updateLocation,
} from '../../actions/locations.ts';
import { allLocations, locationById, retiredLocations } from '../../db/locations.ts';
import { isId } from '../../domain/id.ts';
import type { BoardSettings, Location } from '../../domain/service.ts';
import { tagOf } from '../../domain/tag.ts';
import { locationForm, locationScreenForm } from '../../forms/locations.ts';
import { parse } from '../../forms/parse.ts';
import type { Failure } from '../../web/attempt.ts';
import type { C, Env } from '../../web/env.ts';
import { statusOf } from '../../web/errors.ts';
import { idOf, readInput } from '../../web/input.ts';
import { doneThing } from '../../web/notice.ts';
import { doneHere, goTo, show, uiOf } from '../../web/render.tsx';
import { actFor } from '../../web/session.ts';
import { type Failed, formOf, type Kept, refuseStale, single, submit } from './submit.ts';

export const adminLocationPages = new Hono<Env>()
  .get('/locations', (c) => showLocations(c))
  .post('/locations', async (c) => {
    const input = await readInput(c);
    const typed = single(input.fields);
    const result = await submit(
      c,
      input,
      (act) => createLocation(act, parse(locationForm, typed)),
      ({ id }) => `/admin/locations?done=added-${id}`,
    );
    return result.ok ? goTo(c, result.value) : showLocations(c, { typed, failure: result });
  })
  .get('/locations/:id', async (c) => showLocation(c, await reach(c)))
  .post('/locations/:id', async (c) => {
    const location = await reach(c);
    const input = await readInput(c);
    const typed = single(input.fields);
    const result = await submit(
      c,
      input,
      (act) => {
        const change = parse(locationScreenForm, typed);
        return updateLocation(act, location, change, (standing) =>
          refuseStale(tagOfLocation(standing), input),
        );
      },
      ({ id }) => `/admin/locations?done=saved-${id}`,
    );
    return result.ok ? goTo(c, result.value) : showLocation(c, await reach(c), { typed, failure: result });
  })
  .get('/locations/:id/retire', async (c) => askRetire(c, await reach(c)))
  .post('/locations/:id/retire', async (c) => {
    const location = await reach(c);
    const result = await submit(
      c,
      await readInput(c),
      (act) => retireLocation(act, location),
      () => `/admin/locations?done=retired-${location.id}`,
    );
    return result.ok ? goTo(c, result.value) : askRetire(c, await reach(c), result);
  })
  .post('/locations/:id/restore', async (c) => {
    const location = await reachAnyLocation(await actFor(c), idOf(c));
    const result = await submit(
      c,
      await readInput(c),
      (act) => restoreLocation(act, location),
      () => `/admin/locations?done=restored-${location.id}`,
    );
    return result.ok ? goTo(c, result.value) : showLocations(c, { kept: location, failure: result });
  });

/** A location that is in use. */
async function reach(c: C): Promise<Location & BoardSettings> {
  return reachLocation(await actFor(c), idOf(c));
}

/** Stands for all that the form of a location shows of it. */
function tagOfLocation({ name, timeZone, boardNames, boardMessage }: Location & BoardSettings): string {
  return tagOf(JSON.stringify([name, timeZone, boardNames, boardMessage]));
}

async function showLocations(c: C, failed?: Failed | Kept): Promise<Response> {
  const ui = await uiOf(c);
  const { store } = c.get('parts');
  const [locations, retired] = await Promise.all([
    store.run(allLocations, {}),
    store.run(retiredLocations, {}),
  ]);
  const [first] = locations;
  const typed = failed && 'typed' in failed ? failed : undefined;
  const kept = failed && 'kept' in failed ? failed : undefined;
  const form = formOf(ui, typed?.typed ?? { timeZone: first?.timeZone }, typed?.failure);
  const done = await doneText(c, ui);
  return show(c, ui, {
    title: ui.text.admin.locations.title,
    ...(failed && { status: statusOf(failed.failure.refusal) }),
    main: () => (
      <LocationsPage
        ui={ui}
        locations={locations}
        retired={retired}
        form={form}
        done={done}
        refused={kept && keptText(ui, kept.failure.refusal, kept.kept)}
      />
    ),
  });
}

async function showLocation(c: C, location: Location & BoardSettings, failed?: Failed): Promise<Response> {
  const ui = await uiOf(c);
  const { name, timeZone, boardNames, boardMessage } = location;
  const isStale = failed?.failure.refusal.code === 'stale';
  const stands = { name, timeZone, boardNames, boardMessage };
  const form = formOf(ui, failed?.typed ?? stands, failed?.failure);
  return show(c, ui, {
    title: name,
    ...(failed && { status: statusOf(failed.failure.refusal) }),
    main: () => (
      <LocationPage
        ui={ui}
        location={location}
        form={form}
        // Whoever was shown what changed may save over it; any other failure keeps what it came with.
        shown={failed && !isStale ? failed.typed.shown : tagOfLocation(location)}
        stale={isStale ? differencesOfLocation(ui, location, form.values) : undefined}
      />
    ),
  });
}

async function askRetire(c: C, location: Location, failure?: Failure): Promise<Response> {
  const ui = await uiOf(c);
  const left = await leftAt(await actFor(c), location);
  return show(c, ui, {
    title: ui.text.admin.retire.title(location.name),
    ...(failure && { status: statusOf(failure.refusal) }),
    main: () => <RetireLocationPage ui={ui} location={location} {...left} />,
  });
}

/** What was just done, told by a fixed code and the name in the database; a retired one is in no list any more. */
async function doneText(c: C, ui: Ui): Promise<string | undefined> {
  const t = ui.text.admin.locations;
  const { code, thing: id } = doneThing(doneHere(c));
  if (code !== 'added' && code !== 'saved' && code !== 'retired' && code !== 'restored') return undefined;
  const [location] = isId(id) ? await c.get('parts').store.run(locationById, { id }) : [];
  if (!location || (code === 'retired') !== (location.retiredAt !== null)) return undefined;
  return t[code](location.name);
}

import { Hono } from 'hono';
import {
  addedText,
  ClosuresPage,
  daysText,
  type ListedClosure,
  RemovePage,
} from '../../../views/admin/closures.tsx';
import type { Ui } from '../../../views/ui.ts';
import { found } from '../../actions/act.ts';
import { addClosure, type NewClosure, removeClosure } from '../../actions/closures.ts';
import { upcomingClosures } from '../../db/hours.ts';
import { allLocations } from '../../db/locations.ts';
import { everyService } from '../../db/services.ts';
import { type ClosureRun, closureRuns } from '../../domain/closure.ts';
import { type LocalDay, localDay, parseDay } from '../../domain/days.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Location, PlacedService } from '../../domain/service.ts';
import { closureForm } from '../../forms/closures.ts';
import { parse } from '../../forms/parse.ts';
import type { C, Env } from '../../web/env.ts';
import { statusOf } from '../../web/errors.ts';
import { idOf, readInput } from '../../web/input.ts';
import { doneThing } from '../../web/notice.ts';
import { doneHere, goTo, show, uiOf } from '../../web/render.tsx';
import { askAbout, endTime, type Failed, formOf, questionOf, single, submit } from './submit.ts';

export const adminClosurePages = new Hono<Env>()
  .get('/closures', (c) => showClosures(c))
  .post('/closures', async (c) => {
    const input = await readInput(c);
    const typed = single(input.fields);
    const places = await placesOf(c);
    const result = await submit(
      c,
      input,
      async (act) => {
        const closure = parseClosure(typed, places, act.now);
        return addClosure(act, closure, (collisions) => askAbout(collisions, input));
      },
      ({ id, isNew }) => `/admin/closures?done=${isNew ? 'added' : 'known'}-${id}`,
    );
    return result.ok ? goTo(c, result.value) : showClosures(c, { typed, failure: result });
  })
  .get('/closures/:id/remove', (c) => askRemove(c))
  .post('/closures/:id/remove', async (c) => {
    const input = await readInput(c);
    const id = idOf(c);
    const until = parseDay(String(single(input.fields).until ?? ''));
    const { today } = await placesOf(c);
    const run = (await runsOf(c, today)).find(([first]) => first.id === id);
    const result = await submit(
      c,
      input,
      (act) => removeClosure(act, id, (collisions) => askAbout(collisions, input), until),
      ({ isUsual }) => {
        const code = isUsual ? 'removed' : 'fewer';
        return `/admin/closures${run ? `?done=${code}-${run[0].day}${until ? `-${until}` : ''}` : ''}`;
      },
    );
    return result.ok ? goTo(c, result.value) : showClosures(c, { typed: {}, failure: result, removed: id });
  });

/** What a closure can count for, and which day it is where it is the earliest. */
interface Places {
  locations: Location[];
  services: PlacedService[];
  today: LocalDay;
}

async function placesOf(c: C): Promise<Places> {
  const { store, clock } = c.get('parts');
  const [locations, services] = await Promise.all([store.run(allLocations, {}), store.run(everyService, {})]);
  const days = locations.map(({ timeZone }) => localDay(clock(), timeZone)).sort();
  return { locations, services, today: days[0] ?? localDay(clock(), 'UTC') };
}

interface FailedClosure extends Failed {
  /** The closure that was to be taken back, if it was not a new one that failed. */
  removed?: string;
}

async function showClosures(c: C, failed?: FailedClosure): Promise<Response> {
  const ui = await uiOf(c);
  const { locations, services, today } = await placesOf(c);
  const runs = await runsOf(c, today);
  const several = locations.length > 1;
  const { code, thing } = doneThing(doneHere(c));
  const added = runs.find(
    (run) => (code === 'added' || code === 'known') && run.some(({ id }) => id === thing),
  );
  const t = ui.text.admin.closures;
  const form = formOf(ui, failed?.typed ?? {}, failed?.failure);
  const screen = {
    runs,
    locations,
    services: services.filter(({ retiredAt }) => retiredAt === null),
    today,
    form,
    question: questionOf(failed?.failure, services, true),
    removed: runs.find(([{ id }]) => id === failed?.removed),
    done: added
      ? addedText(ui, added, several, code === 'added')
      : code === 'removed' || code === 'fewer'
        ? removedText(ui, thing, code === 'removed')
        : undefined,
  };
  return show(c, ui, {
    title: t.title,
    ...(failed && { status: statusOf(failed.failure.refusal) }),
    main: () => <ClosuresPage ui={ui} screen={screen} />,
  });
}

/** What is removed is shown first: nobody could type it again from memory. */
async function askRemove(c: C): Promise<Response> {
  const ui = await uiOf(c);
  const { locations, today } = await placesOf(c);
  const run = found((await runsOf(c, today)).find(([{ id }]) => id === idOf(c)));
  return show(c, ui, {
    title: ui.text.admin.closures.removeTitle,
    main: () => <RemovePage ui={ui} run={run} several={locations.length > 1} />,
  });
}

/** The screen's answers as a closure; refuses a place that is none, and a day that is over there. */
function parseClosure(
  typed: Record<string, unknown>,
  { locations, services }: Places,
  now: Date,
): NewClosure {
  const { scope, hours, ...closure } = parse(closureForm, { ...typed, closes: endTime(typed.closes) });
  const service = services.find(({ id }) => id === scope);
  const location = service?.location ?? locations.find(({ id }) => id === scope);
  if (!location) throw new Refusal('invalid', { fields: { scope: { code: 'unknown_location' } } });
  if (closure.day < localDay(now, location.timeZone))
    throw new Refusal('invalid', { fields: { day: { code: 'day_over' } } });
  return {
    ...closure,
    kind: hours === 'special' ? 'special' : 'closed',
    locationId: location.id,
    serviceId: service?.id ?? null,
  };
}

/** Those of days that are not over at their location. */
async function runsOf(c: C, today: LocalDay): Promise<ClosureRun<ListedClosure>[]> {
  const { store, clock } = c.get('parts');
  const closures = await store.run(upcomingClosures, { from: today });
  return closureRuns(closures.filter(({ day, timeZone }) => day >= localDay(clock(), timeZone)));
}

/** What was removed, said as a day, or as the first and the last: `2026-12-21-2027-01-01`. */
function removedText(ui: Ui, said: string, isUsual: boolean): string | undefined {
  const [first, last] = [parseDay(said.slice(0, 10)), parseDay(said.slice(11))];
  return first && ui.text.admin.closures.removed(daysText(ui, first, last ?? first), isUsual);
}

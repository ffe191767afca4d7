import { Hono } from 'hono';
import { addedText, ClosuresPage, dayText } from '../../../views/admin/closures.tsx';
import { addClosure, type NewClosure, removeClosure } from '../../actions/closures.ts';
import { allLocations } from '../../db/locations.ts';
import { everyService, upcomingClosures } from '../../db/services.ts';
import { type LocalDay, localDay, parseDay } from '../../domain/days.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Location, PlacedService } from '../../domain/service.ts';
import { parse } from '../../forms/parse.ts';
import { closureForm } from '../../forms/services.ts';
import type { Failure } from '../../web/attempt.ts';
import type { C, Env } from '../../web/env.ts';
import { statusOf } from '../../web/errors.ts';
import { idOf, readInput } from '../../web/input.ts';
import { doneThing } from '../../web/notice.ts';
import { doneHere, goTo, show, uiOf } from '../../web/render.tsx';
import { askAbout, endTime, formOf, questionOf, single, submit } from './submit.ts';

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
        const closure = parseClosure(typed, places);
        return addClosure(act, closure, (collisions) => askAbout(collisions, input));
      },
      ({ id }) => `/admin/closures?done=added-${id}`,
    );
    return result.ok ? goTo(c, result.value) : showClosures(c, { typed, failure: result });
  })
  .post('/closures/:id/remove', async (c) => {
    const input = await readInput(c);
    const id = idOf(c);
    const day = await dayOf(c, id);
    const result = await submit(
      c,
      input,
      (act) => removeClosure(act, id, (collisions) => askAbout(collisions, input)),
      () => `/admin/closures${day ? `?done=removed-${day}` : ''}`,
    );
    return result.ok ? goTo(c, result.value) : showClosures(c, { typed: {}, failure: result, removed: id });
  });

/** What a closure can count for, and which day it is. */
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

interface Failed {
  typed: Record<string, unknown>;
  failure: Failure;
  /** The closure that was to be taken back, if it was not a new one that failed. */
  removed?: string;
}

async function showClosures(c: C, failed?: Failed): Promise<Response> {
  const ui = await uiOf(c);
  const { locations, services, today } = await placesOf(c);
  const closures = await c.get('parts').store.run(upcomingClosures, { from: today });
  const several = locations.length > 1;
  const { code, thing } = doneThing(doneHere(c));
  const one = closures.find(({ id }) => code === 'added' && id === thing);
  const day = code === 'removed' ? parseDay(thing) : undefined;
  const t = ui.text.admin.closures;
  const form = formOf(ui, failed?.typed ?? {}, failed?.failure);
  const screen = {
    closures,
    locations,
    services: services.filter(({ retiredAt }) => retiredAt === null),
    today,
    form: { ...form, message: form.message ?? messageOf(form, t) },
    question: questionOf(failed?.failure, services, true),
    removed: closures.find(({ id }) => id === failed?.removed),
    done: one ? addedText(ui, one, several, today) : day && t.removed(dayText(ui, day, today)),
  };
  return show(c, ui, {
    title: t.title,
    ...(failed && { status: statusOf(failed.failure.refusal) }),
    main: () => <ClosuresPage ui={ui} screen={screen} />,
  });
}

/** What a mistake of these answers means, where the sentence of the field alone does not say it. */
function messageOf({ problems }: ReturnType<typeof formOf>, t: { inPast: string; allDayWithTimes: string }) {
  if (problems.day?.code === 'invalid') return t.inPast;
  return problems.hours ? t.allDayWithTimes : undefined;
}

/** The screen's answers as a closure; refuses a day that is over, and a place that is none. */
function parseClosure(typed: Record<string, unknown>, { locations, services, today }: Places): NewClosure {
  const { scope, hours, ...closure } = parse(closureForm, { ...typed, closes: endTime(typed.closes) });
  const service = services.find(({ id }) => id === scope);
  const location = service?.location ?? locations.find(({ id }) => id === scope);
  if (closure.day < today) throw new Refusal('invalid', { fields: { day: { code: 'invalid' } } });
  if (!location) throw new Refusal('invalid', { fields: { scope: { code: 'unknown_location' } } });
  return {
    ...closure,
    kind: hours === 'special' ? 'special' : 'closed',
    locationId: location.id,
    serviceId: service?.id ?? null,
  };
}

async function dayOf(c: C, id: string): Promise<LocalDay | undefined> {
  const { today } = await placesOf(c);
  const closures = await c.get('parts').store.run(upcomingClosures, { from: today });
  return closures.find((closure) => closure.id === id)?.day;
}

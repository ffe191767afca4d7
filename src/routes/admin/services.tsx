import { Hono } from 'hono';
import type { z } from 'zod';
import type { ShownCollision } from '../../../views/admin/collisions.tsx';
import type { TypedWindow } from '../../../views/admin/hours.tsx';
import { RetireServicePage } from '../../../views/admin/retire.tsx';
import { ServicePage } from '../../../views/admin/service.tsx';
import { BOXES, differencesOf } from '../../../views/admin/stale.tsx';
import { type Ask, collisionsOf } from '../../actions/collisions.ts';
import {
  createService,
  hereNow,
  reachService,
  retireService,
  standingOf,
  updateService,
} from '../../actions/services.ts';
import { hoursOf } from '../../db/hours.ts';
import { allLocations } from '../../db/locations.ts';
import { localDay } from '../../domain/days.ts';
import { type FieldErrors, Refusal } from '../../domain/errors.ts';
import type { OpeningRule, PlacedService } from '../../domain/service.ts';
import { parse } from '../../forms/parse.ts';
import { createServiceForm, updateServiceForm } from '../../forms/services.ts';
import type { Failure } from '../../web/attempt.ts';
import type { C, Env } from '../../web/env.ts';
import { statusOf } from '../../web/errors.ts';
import { idOf, readInput } from '../../web/input.ts';
import { goTo, show, uiOf } from '../../web/render.tsx';
import { actFor } from '../../web/session.ts';
import { askAbout, endTime, formOf, questionOf, shownCollisions, single, submit } from './submit.ts';

export const adminServicePages = new Hono<Env>()
  .get('/services', (c) => goTo(c, '/admin'))
  .get('/new-service', (c) => showForm(c, { typed: startingValues() }))
  .post('/services', async (c) => {
    const input = await readInput(c);
    const typed = typedService(input.fields);
    const hours = changedHours(typed, input.fields);
    if (hours) return showForm(c, { typed: hours });
    const result = await submit(
      c,
      input,
      (act) => createService(act, parseService(createServiceForm, withoutBlanks(typed)), { ownName: true }),
      ({ id }) => `/admin?done=added-${id}`,
    );
    return result.ok ? goTo(c, result.value) : showForm(c, { typed, failure: result });
  })
  .get('/services/:id', async (c) => {
    const service = await reach(c);
    return showForm(c, { service, typed: await standingValues(c, service) });
  })
  .post('/services/:id', async (c) => {
    const service = await reach(c);
    const input = await readInput(c);
    const typed = typedService(input.fields);
    const hours = changedHours(typed, input.fields);
    if (hours) return showForm(c, { service, typed: hours });
    const result = await submit(
      c,
      input,
      async (act) => {
        const change = parseService(updateServiceForm, typed);
        if (change.version !== service.version) throw new Refusal('stale');
        const ask: Ask = (collisions) => askAbout(collisions, input);
        return updateService(act, service, change, ask, { ownName: true });
      },
      ({ id }) => `/admin?done=saved-${id}`,
    );
    return result.ok
      ? goTo(c, result.value)
      : showForm(c, { service: await reach(c), typed, failure: result });
  })
  .get('/services/:id/retire', async (c) => {
    const service = await reach(c);
    if (service.retiredAt) return goTo(c, `/admin/services/${service.id}`);
    const ui = await uiOf(c);
    const act = await actFor(c);
    const [standing, here] = await Promise.all([standingOf(act, service), hereNow(act, service)]);
    return show(c, ui, {
      title: ui.text.admin.retire.title(service.name),
      main: () => (
        <RetireServicePage
          ui={ui}
          service={service}
          here={here}
          standing={standing.length}
          last={standing.at(-1)?.timeSlot}
        />
      ),
    });
  })
  .post('/services/:id/retire', async (c) => {
    const service = await reach(c);
    const result = await submit(
      c,
      await readInput(c),
      (act) => retireService(act, service),
      () => `/admin?done=retired-${service.id}`,
    );
    return result.ok
      ? goTo(c, result.value)
      : showForm(c, { service, typed: await standingValues(c, service), failure: result });
  });

async function reach(c: C): Promise<PlacedService> {
  return reachService(await actFor(c), idOf(c));
}

/** A form's answers as they were typed. */
interface Typed {
  values: Record<string, unknown>;
  windows: readonly TypedWindow[];
}

interface Shown {
  service?: PlacedService;
  typed: Typed;
  failure?: Failure;
}

async function showForm(c: C, { service, typed, failure }: Shown): Promise<Response> {
  const ui = await uiOf(c);
  const locations = await c.get('parts').store.run(allLocations, {});
  const stale =
    service && failure?.refusal.code === 'stale'
      ? differencesOf(ui, service, await rulesOf(c, service), typed.values, rulesOfWindows(typed.windows))
      : undefined;
  const screen = {
    form: formOf(ui, typed.values, failure),
    windows: typed.windows,
    service,
    // Whoever was shown what changed may save over it; any other failure keeps the version it came with.
    version: stale ? service?.version : versionOf(typed),
    locations,
    question: questionOf(failure, service ? [service] : []),
    left: service && !failure ? await leftStanding(c, service) : [],
    stale,
  };
  return show(c, ui, {
    title: service?.name ?? ui.text.admin.service.newTitle,
    ...(failure && { status: statusOf(failure.refusal) }),
    main: () => <ServicePage ui={ui} screen={screen} />,
  });
}

/** Those that an admin saved over, or that somebody booked by rules that changed since. */
async function leftStanding(c: C, service: PlacedService): Promise<ShownCollision[]> {
  return shownCollisions(await collisionsOf(await actFor(c), service, {}), [service]);
}

/** What most services are like; a form of a new one starts with it. */
function startingValues(): Typed {
  const { openingRules, name: _, ...values } = parse(createServiceForm, { name: 'New', durationMinutes: 30 });
  return { values, windows: windowsOf(openingRules) };
}

async function standingValues(c: C, service: PlacedService): Promise<Typed> {
  return { values: { ...service }, windows: windowsOf(await rulesOf(c, service)) };
}

async function rulesOf(c: C, service: PlacedService): Promise<OpeningRule[]> {
  const { store, clock } = c.get('parts');
  const today = localDay(clock(), service.location.timeZone);
  return (await hoursOf(store, service, today, today)).rules;
}

function windowsOf(rules: readonly OpeningRule[]): TypedWindow[] {
  return rules.map((rule) => ({ ...rule, closes: rule.closes === '24:00' ? '00:00' : rule.closes }));
}

function rulesOfWindows(windows: readonly TypedWindow[]): OpeningRule[] {
  return windows
    .filter((window) => !isBlank(window))
    .map((window) => ({ ...window, closes: String(endTime(window.closes)) }));
}

function versionOf({ values }: Typed): number | undefined {
  const version = Number(values.version);
  return Number.isSafeInteger(version) && version > 0 ? version : undefined;
}

/** More lines than any form of ours has; an index beyond is nobody's. */
const MOST_WINDOWS = 100;
const WINDOW_FIELD = /^openingRules\.(\d{1,2})\.(weekday|opens|closes)$/;

function typedService(fields: Record<string, unknown>): Typed {
  const values: Record<string, unknown> = Object.fromEntries(BOXES.map((name) => [name, 'false']));
  const lines: Record<string, string>[] = [];
  for (const [name, value] of Object.entries(single(fields))) {
    const [, index, field] = WINDOW_FIELD.exec(name) ?? [];
    if (index === undefined || field === undefined) values[name] = value;
    else if (Number(index) < MOST_WINDOWS) {
      lines[Number(index)] ??= {};
      Object.assign(lines[Number(index)] as object, { [field]: String(value) });
    }
  }
  const windows = Object.values(lines)
    .map(({ weekday, opens = '', closes = '' }) => ({ weekday: Number(weekday), opens, closes }))
    .filter(({ weekday }) => isWeekday(weekday));
  return { values, windows };
}

/** The form after its "Add hours" or one of its "Remove" was pressed; undefined when another button was. */
function changedHours({ values, windows }: Typed, fields: Record<string, unknown>): Typed | undefined {
  if (fields.addHours !== undefined) {
    const weekday = Number(fields.addHours);
    return isWeekday(weekday)
      ? { values, windows: [...windows, { weekday, opens: '', closes: '' }] }
      : { values, windows };
  }
  if (fields.removeHours !== undefined) {
    const index = Number(fields.removeHours);
    return { values, windows: windows.filter((_, at) => at !== index) };
  }
  return undefined;
}

/** Of a new service, a letter left out is chosen for it, and so is how early its tickets are called. */
function withoutBlanks({ values, windows }: Typed): Typed {
  const { prefix, earlyCallMinutes, ...rest } = values;
  const given = Object.entries({ prefix, earlyCallMinutes }).filter(
    ([, value]) => typeof value === 'string' && value.trim() !== '',
  );
  return { values: { ...rest, ...Object.fromEntries(given) }, windows };
}

/** Parses the form without its empty lines of hours; what is wrong is said of the lines as they stand in the form. */
function parseService<S extends z.ZodType>(schema: S, { values, windows }: Typed): z.output<S> {
  const lines = windows.flatMap((window, index) => (isBlank(window) ? [] : [index]));
  try {
    return parse(schema, { ...values, openingRules: rulesOfWindows(windows) });
  } catch (error) {
    if (!(error instanceof Refusal) || !error.fields) throw error;
    const fields: FieldErrors = {};
    for (const [name, problem] of Object.entries(error.fields)) {
      fields[name.replace(/^openingRules\.(\d+)/, (_, line) => `openingRules.${lines[Number(line)]}`)] =
        problem;
    }
    throw new Refusal(error.code, { fields });
  }
}

function isBlank({ opens, closes }: TypedWindow): boolean {
  return opens.trim() === '' && closes.trim() === '';
}

function isWeekday(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= 7;
}

import { Hono } from 'hono';
import type { ReportedLocation } from '../../../views/admin/days.tsx';
import { DayPage, type DayScreen, titleOfDay, WeekPage } from '../../../views/admin/report.tsx';
import type { Ui } from '../../../views/ui.ts';
import { found } from '../../actions/act.ts';
import { delaysOfDay } from '../../db/events.ts';
import { reservationsOfPlace } from '../../db/expected.ts';
import { closuresOfDay } from '../../db/hours.ts';
import { everyLocation, locationsWithFigures } from '../../db/locations.ts';
import { bookedOnDays, visitsOfDays } from '../../db/report.ts';
import { everyService } from '../../db/services.ts';
import { repeatsOfDays } from '../../db/waits.ts';
import { addDays, daysFromTo, type LocalDay, localDay, parseDay } from '../../domain/days.ts';
import {
  type BookedDay,
  type Figures,
  figuresByService,
  figuresOf,
  hoursOfDay,
  toldFigures,
  type Visit,
  visitsOf,
} from '../../domain/report.ts';
import { outcomeOf } from '../../domain/reservation.ts';
import type { PlacedService } from '../../domain/service.ts';
import { parse } from '../../forms/parse.ts';
import { rangeForm } from '../../forms/report.ts';
import { attempt } from '../../web/attempt.ts';
import { type Cell, sendCsv } from '../../web/csv.ts';
import type { C, Env } from '../../web/env.ts';
import { statusOf } from '../../web/errors.ts';
import { queryFields } from '../../web/input.ts';
import { goTo, show, uiOf } from '../../web/render.tsx';
import { type Failed, formOf } from './submit.ts';

const WEEK = 7;

/** How the days went: a week with a row a day, a day with a row a service, and that day or several as a file. */
export const adminReportPages = new Hono<Env>()
  .get('/days', async (c) => {
    const wanted = parseDay(queryFields(c).date);
    if (wanted) return goTo(c, `/admin/days/${wanted}${placeIn(queryFields(c).location)}`);
    return showWeek(c);
  })
  .get('/days.csv', async (c) => {
    const typed = queryFields(c);
    const range = await attempt(c, async () => parse(rangeForm, typed));
    return range.ok ? sendDays(c, range.value) : showWeek(c, { typed, failure: range });
  })
  .get('/days/:day', async (c) => {
    const [, text, csv] = /^([\d-]+)(\.csv)?$/.exec(c.req.param('day')) ?? [];
    const day = found(parseDay(text));
    return csv ? sendDays(c, { from: day, to: day }) : showDay(c, day);
  });

/** Where, and what day it is there. */
interface Place {
  location: ReportedLocation;
  locations: readonly ReportedLocation[];
  services: readonly PlacedService[];
  today: LocalDay;
}

type Days = { from: LocalDay; to: LocalDay };

/**
 * The location of the address, or the first where there is something to tell of these days; undefined as long as there is
 * none at all. Of the retired ones those that had services stand behind the others: what happened there stays.
 */
async function placeOf(c: C, days: Days): Promise<Place | undefined> {
  const { store, clock } = c.get('parts');
  const [every, services] = await Promise.all([store.run(everyLocation, {}), store.run(everyService, {})]);
  const hasServices = ({ id }: ReportedLocation) => services.some(({ locationId }) => locationId === id);
  const inUse = every.filter(({ retiredAt }) => retiredAt === null);
  const retired = every.filter((one) => one.retiredAt !== null && hasServices(one));
  const locations = [...inUse, ...retired];
  const slug = queryFields(c).location;
  const told = slug || locations.length < 2 ? [] : await store.run(locationsWithFigures, days);
  const location = slug
    ? found(locations.find((one) => one.slug === slug))
    : (locations.find((one) => told.some(({ id }) => id === one.id)) ??
      inUse.find(hasServices) ??
      locations[0]);
  if (!location) return undefined;
  const here = services.filter(({ locationId }) => locationId === location.id);
  return { location, locations, services: here, today: localDay(clock(), location.timeZone) };
}

function placeIn(slug: string | undefined): string {
  return slug ? `?location=${encodeURIComponent(slug)}` : '';
}

/** What happened at a location from one day to another. Three queries, however many services and tickets. */
async function readDays(c: C, { location }: Place, { from, to }: Days) {
  const { store, clock } = c.get('parts');
  const days = { locationId: location.id, from, to };
  const [rows, repeats, booked] = await Promise.all([
    store.run(visitsOfDays, days),
    repeatsOfDays(store, days),
    store.run(bookedOnDays, days),
  ]);
  return { visits: visitsOf(rows, repeats, location.timeZone, clock()), booked };
}

/** The days that `failed` says are no file. */
async function showWeek(c: C, failed?: Failed): Promise<Response> {
  const ui = await uiOf(c);
  const t = ui.text.report;
  const asked = parseDay(queryFields(c).to);
  // What day it is, the place says, which is to be found first: a day more or less does not matter for that.
  const place = await placeOf(c, weekTo(asked ?? localDay(ui.now, 'UTC')));
  const to = asked ?? place?.today ?? '';
  const { visits, booked } = place ? await readDays(c, place, weekTo(to)) : { visits: [], booked: [] };
  const [visitsOf, bookedOf] = byDay(visits, booked);
  const days = (place ? Array.from({ length: WEEK }, (_, index) => addDays(to, -index)) : []).map((day) => ({
    day,
    figures: figuresOf(visitsOf.get(day) ?? [], bookedOf.get(day) ?? []),
  }));
  const form = formOf(ui, failed?.typed ?? { from: days.at(-1)?.day, to }, failed?.failure);
  return show(c, ui, {
    title: t.title,
    width: 'wide',
    ...(failed && { status: statusOf(failed.failure.refusal) }),
    main: () => <WeekPage ui={ui} place={place} days={days} to={to} form={form} />,
  });
}

function weekTo(to: LocalDay): Days {
  return { from: addDays(to, 1 - WEEK), to };
}

async function showDay(c: C, day: LocalDay): Promise<Response> {
  const ui = await uiOf(c);
  const screen = await dayScreen(c, day);
  return show(c, ui, {
    title: titleOfDay(ui, screen),
    width: 'wide',
    main: () => <DayPage ui={ui} screen={screen} />,
  });
}

async function dayScreen(c: C, day: LocalDay): Promise<DayScreen> {
  const days = { from: day, to: day };
  const place = found(await placeOf(c, days));
  const { store } = c.get('parts');
  const here = { locationId: place.location.id, day };
  const [{ visits, booked }, closures, delays, reservations] = await Promise.all([
    readDays(c, place, days),
    store.run(closuresOfDay, here),
    delaysOfDay(store, here),
    reservationsOn(c, place, day),
  ]);
  const names = namesOf(place);
  const figures = figuresByService(visits, booked);
  const services = place.services.flatMap((service) => {
    const own = figures.get(service.id);
    return own ? [{ service, figures: own }] : [];
  });
  return {
    ...place,
    day,
    closures,
    delays: delays.map((delay) => ({ ...delay, service: names.get(delay.serviceId) ?? '' })),
    services,
    total: figuresOf(visits, booked),
    reservations,
    hours: hoursOfDay(visits, place.location.timeZone),
    told: toldFigures(visits),
  };
}

/** Who is booked on a day and what became of it: who did not come, and who is still to be told of a change. */
async function reservationsOn(c: C, place: Place, day: LocalDay): Promise<DayScreen['reservations']> {
  const { store, clock } = c.get('parts');
  const { timeZone, id } = place.location;
  const booked = await store.run(reservationsOfPlace, { locationId: id, day });
  const names = namesOf(place);
  const reservation = { status: 'confirmed', localDay: day } as const;
  return booked.map(({ serviceId, ticketStatus, ...each }) => ({
    ...each,
    service: names.get(serviceId) ?? '',
    outcome: outcomeOf(reservation, ticketStatus, clock(), timeZone),
  }));
}

function namesOf({ services }: Place): ReadonlyMap<string, string> {
  return new Map(services.map(({ id, name }) => [id, name]));
}

/** A row for each day and service of which there is something to tell. */
async function sendDays(c: C, { from, to }: Days): Promise<Response> {
  const ui = await uiOf(c);
  const place = found(await placeOf(c, { from, to }));
  const { location, services, today } = place;
  const { visits, booked } = await readDays(c, place, { from, to });
  const [visitsOf, bookedOf] = byDay(visits, booked);
  const rows = daysFromTo(from, to).flatMap((day) => {
    const figures = figuresByService(visitsOf.get(day) ?? [], bookedOf.get(day) ?? []);
    return services.flatMap((service): Cell[][] => {
      const own = figures.get(service.id);
      const cells = own && cellsOf(own, day < today);
      return cells ? [[day, location.name, service.name, ...cells, service.durationMinutes]] : [];
    });
  });
  const days = from === to ? from : `${from}-to-${to}`;
  return sendCsv(c, `${location.slug}-${days}.csv`, [headings(ui), ...rows]);
}

function byDay(visits: readonly Visit[], booked: readonly BookedDay[]) {
  return [Map.groupBy(visits, ({ localDay }) => localDay), Map.groupBy(booked, ({ day }) => day)] as const;
}

function headings({ text }: Ui): Cell[] {
  return Object.values(text.report.csv);
}

/** Minutes to a tenth. */
function cellsOf({ waits, serviceMinutes, ...counts }: Figures, isOver: boolean): Cell[] {
  const { booked, checkedIn, walkIns, served, skipped, left, open, unused } = counts;
  const minutes = [waits?.median, waits?.p80, waits?.longest, serviceMinutes];
  return [
    // Who is still expected today has not stayed away.
    ...[booked, checkedIn, walkIns, served, skipped, left, open, isOver ? unused : null],
    ...minutes.map((each) => (each == null ? null : Math.round(each * 10) / 10)),
  ];
}

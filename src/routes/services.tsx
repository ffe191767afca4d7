import { Hono } from 'hono';
import { withNext } from '../../views/next.ts';
import { BookPage, type DayChoice, DayPicker } from '../../views/services/book.tsx';
import { ServiceList } from '../../views/services/list.tsx';
import type { Ui } from '../../views/ui.ts';
import { found } from '../actions/act.ts';
import { offerOf } from '../actions/availability.ts';
import { bookReservation } from '../actions/reservations.ts';
import { CATALOG, serviceTopic } from '../db/changes.ts';
import { activeServices, serviceBySlug } from '../db/services.ts';
import { parseDay } from '../domain/days.ts';
import type { PlacedService } from '../domain/service.ts';
import { parse } from '../forms/parse.ts';
import { bookForm } from '../forms/reservations.ts';
import { attempt, type Failure, slotProblem } from '../web/attempt.ts';
import type { C, Env } from '../web/env.ts';
import { statusOf } from '../web/errors.ts';
import { queryFields, readInput } from '../web/input.ts';
import { atChosen } from '../web/next.ts';
import { locationOf, once } from '../web/once.ts';
import { goTo, LOGGED_OUT, type Screen, show, showKept, uiOf } from '../web/render.tsx';
import { actorOf } from '../web/session.ts';
import { standingAtChosen } from './standing.ts';

export const servicePages = new Hono<Env>()
  .get('/', async (c) => {
    return showKept(c, await uiOf(c), [CATALOG], async (ui) => {
      const services = await c.get('parts').store.run(activeServices, {});
      return { title: ui.text.services.title, main: () => <ServiceList ui={ui} services={services} /> };
    });
  })
  .get('/services/:slug', async (c) => {
    const service = await reachService(c);
    return showKept(c, await uiOf(c), [CATALOG, serviceTopic(service.id)], (ui) =>
      daysOf(c, ui, service, queryFields(c)),
    );
  })
  .post('/services/:slug/reservations', async (c) => {
    const service = await reachService(c);
    const input = await readInput(c);
    if (!(await actorOf(c))) {
      // Whoever was logged in when they opened the page is told that they are no more; a visitor expects the login.
      const login = input.fields.idempotencyKey === undefined ? '/login' : LOGGED_OUT;
      return goTo(c, withNext(login, atChosen(`/services/${service.slug}`, input.fields)));
    }
    const result = await attempt(() => {
      const form = parse(bookForm, { ...input.fields, serviceId: service.id });
      return once(
        c,
        input,
        (act) => bookReservation(act, form),
        (reservation) => ({ status: 200, body: { location: `/reservations/${reservation.id}?done=booked` } }),
      );
    });
    return result.ok ? goTo(c, locationOf(result.value)) : showFailure(c, service, input.fields, result);
  });

async function reachService(c: C): Promise<PlacedService> {
  const service = await serviceBySlug(c.get('parts').store, c.req.param('slug') ?? '');
  return found(service?.retiredAt === null && service);
}

/** The page with what was chosen, and why it could not be booked. */
async function showFailure(
  c: C,
  service: PlacedService,
  fields: Record<string, unknown>,
  failure: Failure,
): Promise<Response> {
  const ui = await uiOf(c);
  const screen = await daysOf(c, ui, service, fields, failure);
  return show(c, ui, { ...screen, status: statusOf(failure.refusal) });
}

/** The page to pick a day and a slot. */
async function daysOf(
  c: C,
  ui: Ui,
  service: PlacedService,
  fields: Record<string, unknown>,
  failure?: Failure,
): Promise<Screen> {
  const offer = await offerOf(
    c.get('parts').store,
    service,
    parseDay(String(fields.day ?? fields.date ?? '')),
    ui.now,
  );
  const choice: DayChoice = {
    service,
    ...offer,
    chosen: typeof fields.timeSlot === 'string' ? fields.timeSlot : undefined,
    problem: failure && slotProblem(ui, failure),
  };
  if (failure) choice.standing = await standingAtChosen(c, ui.actor?.id, choice, failure);
  return {
    title: service.name,
    main: () => <BookPage ui={ui} choice={choice} />,
    parts: { 'day-picker': () => <DayPicker ui={ui} choice={choice} /> },
  };
}

import { Hono } from 'hono';
import { withNext } from '../../views/next.ts';
import { ServiceList } from '../../views/services/list.tsx';
import { found } from '../actions/act.ts';
import { stillOffered } from '../actions/availability.ts';
import { bookReservation } from '../actions/reservations.ts';
import { bookingsTopic, CATALOG } from '../db/changes.ts';
import { activeServices, serviceBySlug } from '../db/services.ts';
import type { PlacedService } from '../domain/service.ts';
import { parse } from '../forms/parse.ts';
import { bookForm } from '../forms/reservations.ts';
import { attempt } from '../web/attempt.ts';
import type { C, Env } from '../web/env.ts';
import { queryFields, readInput } from '../web/input.ts';
import { atChosen } from '../web/next.ts';
import { locationOf, once } from '../web/once.ts';
import { goTo, LOGGED_OUT, show, showKept, uiOf } from '../web/render.tsx';
import { actorOf } from '../web/session.ts';
import { pickerScreen } from './picker.tsx';

export const servicePages = new Hono<Env>()
  .get('/', async (c) => {
    return showKept(c, await uiOf(c), [CATALOG], async (ui) => {
      const services = await c.get('parts').store.run(activeServices, {});
      return { title: ui.text.services.title, main: () => <ServiceList ui={ui} services={services} /> };
    });
  })
  .get('/services/:slug', async (c) => {
    const service = await reachService(c);
    return showKept(c, await uiOf(c), [CATALOG, bookingsTopic(service.id)], (ui) =>
      pickerScreen(c, ui, service.name, { service, fields: queryFields(c) }),
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
    const result = await attempt(c, () => {
      const form = parse(bookForm, { ...input.fields, serviceId: service.id });
      return once(
        c,
        input,
        (act) => bookReservation(act, form),
        (reservation) => ({ status: 200, body: { location: `/reservations/${reservation.id}?done=booked` } }),
      );
    });
    if (result.ok) return goTo(c, locationOf(result.value));
    const ui = await uiOf(c);
    const failed = { service, fields: input.fields, failure: result };
    return show(c, ui, await pickerScreen(c, ui, service.name, failed));
  });

async function reachService(c: C): Promise<PlacedService> {
  return stillOffered(found(await serviceBySlug(c.get('parts').store, c.req.param('slug') ?? '')));
}

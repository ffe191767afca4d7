import { Hono } from 'hono';
import { adminOnly, found } from '../../actions/act.ts';
import { slotsOf } from '../../actions/availability.ts';
import { createService, reachService, retireService, updateService } from '../../actions/services.ts';
import { bookingsTopic, CATALOG } from '../../db/changes.ts';
import { serviceWithHours, withHours } from '../../db/hours.ts';
import { activeServices, serviceById } from '../../db/services.ts';
import { parseDay } from '../../domain/days.ts';
import { Refusal } from '../../domain/errors.ts';
import { isId } from '../../domain/id.ts';
import { parse } from '../../forms/parse.ts';
import { createServiceForm, updateServiceForm } from '../../forms/services.ts';
import type { Env } from '../../web/env.ts';
import { idOf, readInput } from '../../web/input.ts';
import { serviceJson, slotJson } from '../../web/json.ts';
import { answerOnce } from '../../web/once.ts';
import { json, jsonKept } from '../../web/render.tsx';
import { actFor, actorOf } from '../../web/session.ts';

export const serviceApi = new Hono<Env>()
  .get('/services', async (c) => {
    const { store } = c.get('parts');
    return json(c, { data: (await withHours(store, await store.run(activeServices, {}))).map(serviceJson) });
  })
  .post('/services', async (c) => {
    adminOnly(await actorOf(c));
    const input = await readInput(c);
    return answerOnce(
      c,
      input,
      (act) => createService(act, parse(createServiceForm, input.fields)),
      serviceJson,
      201,
    );
  })
  .get('/services/:id', async (c) => {
    const id = idOf(c);
    const service = found(isId(id) && (await serviceWithHours(c.get('parts').store, id)));
    return json(c, { data: serviceJson(service) });
  })
  .patch('/services/:id', async (c) => {
    const act = await actFor(c);
    const service = await reachService(act, idOf(c));
    const form = parse(updateServiceForm, (await readInput(c)).fields);
    return json(c, { data: serviceJson(await updateService(act, service, form)) });
  })
  .delete('/services/:id', async (c) => {
    const act = await actFor(c);
    await retireService(act, await reachService(act, idOf(c)));
    return c.body(null, 204);
  })
  .get('/services/:id/slots', (c) => {
    const { store, clock } = c.get('parts');
    const id = idOf(c);
    // Asked again and again by whoever shows a day: what is kept is not even looked up.
    return jsonKept(c, clock(), [CATALOG, bookingsTopic(id)], async (now) => {
      const service = found(isId(id) && (await serviceById(store, id)));
      const date = c.req.query('date');
      const day = parseDay(date);
      if (!day) throw new Refusal('invalid', { fields: { date: { code: date ? 'day' : 'required' } } });
      return { data: (await slotsOf(store, service, day, now)).map(slotJson) };
    });
  });

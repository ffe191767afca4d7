import { Hono } from 'hono';
import { signedIn } from '../../actions/act.ts';
import { checkIn } from '../../actions/check-in.ts';
import { ownReservations } from '../../actions/own-reservations.ts';
import {
  bookReservation,
  cancelReservation,
  reachReservation,
  rescheduleReservation,
} from '../../actions/reservations.ts';
import { parse } from '../../forms/parse.ts';
import { bookForm, rescheduleForm } from '../../forms/reservations.ts';
import type { Env } from '../../web/env.ts';
import { idOf, readInput } from '../../web/input.ts';
import { entryJson, reservationJson } from '../../web/json.ts';
import { answerOnce } from '../../web/once.ts';
import { json } from '../../web/render.tsx';
import { actFor, actorOf } from '../../web/session.ts';

export const reservationApi = new Hono<Env>()
  .get('/reservations', async (c) => {
    const { reservations, last } = await ownReservations(
      await actFor(c),
      c.req.query('before')?.toLowerCase(),
    );
    if (last !== null) c.header('Link', `</api/reservations?before=${last}>; rel="next"`);
    return json(c, { data: reservations.map(reservationJson) });
  })
  .post('/reservations', async (c) => {
    signedIn(await actorOf(c));
    const input = await readInput(c);
    return answerOnce(
      c,
      input,
      (act) => bookReservation(act, parse(bookForm, input.fields)),
      reservationJson,
      201,
    );
  })
  .get('/reservations/:id', async (c) => {
    const { reservation } = await reachReservation(await actFor(c), idOf(c));
    return json(c, { data: reservationJson(reservation) });
  })
  .patch('/reservations/:id', async (c) => {
    const act = await actFor(c);
    const reached = await reachReservation(act, idOf(c));
    const form = parse(rescheduleForm, (await readInput(c)).fields);
    return json(c, { data: reservationJson(await rescheduleReservation(act, reached, form)) });
  })
  .post('/reservations/:id/cancel', async (c) => {
    const reached = await reachReservation(await actFor(c), idOf(c));
    return answerOnce(c, await readInput(c), (act) => cancelReservation(act, reached), reservationJson);
  })
  .post('/reservations/:id/check-in', async (c) => {
    const reached = await reachReservation(await actFor(c), idOf(c));
    return answerOnce(c, await readInput(c), (act) => checkIn(act, reached), entryJson, 201);
  });

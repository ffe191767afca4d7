import { expect, test } from 'vitest';
import {
  ownReservations,
  type Page,
  pastReservations,
  upcomingReservations,
} from '../../src/actions/own-reservations.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { PAGE } from '../../src/db/own-reservations.ts';
import { addMinutes } from '../../src/domain/clock.ts';
import { newId } from '../../src/domain/id.ts';
import { buildApp, type TestApp } from '../support/app.ts';
import { book, buildScene, checkInTo, mondayAt, refusalCode, type Scene } from '../support/builders.ts';
import { onBothDatabases } from '../support/databases.ts';

type Row = { id: string };

const idsOf = (rows: readonly Row[]) => rows.map(({ id }) => id);

/** Canceled reservations of the customer a quarter of an hour apart, three at each time, the latest first. */
async function cancelMany(scene: Scene, count: number, latest: Date): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, index) => {
    const timeSlot = addMinutes(latest, -15 * Math.floor(index / 3));
    return {
      id: newId(),
      serviceId: scene.service.id,
      locationId: scene.location.id,
      userId: scene.cast.customer.id,
      localDay: '2026-03-02',
      timeSlot,
      endsAt: addMinutes(timeSlot, 15),
      status: 'canceled' as const,
      createdAt: scene.clock(),
      updatedAt: scene.clock(),
    };
  });
  await scene.store.transaction((tx) => tx.write.insert(tx.tables.reservations).values(rows));
  const late = (a: (typeof rows)[number], b: (typeof rows)[number]) =>
    b.timeSlot.getTime() - a.timeSlot.getTime() || (a.id < b.id ? 1 : -1);
  return idsOf(rows.toSorted(late));
}

/** Every page, one after the other. */
async function pagesOf<R extends Row>(page: (before?: string) => Promise<Page<R>>): Promise<string[][]> {
  const pages: string[][] = [];
  let before: string | undefined;
  do {
    const { reservations, last } = await page(before);
    pages.push(idsOf(reservations));
    before = last ?? undefined;
  } while (before !== undefined && pages.length < 10);
  return pages;
}

onBothDatabases('the reservations of a person', (open) => {
  test('are listed in pages, each once, however many begin at the same time', async () => {
    const scene = await buildScene(open().store, { capacity: 3 });
    const act = scene.act(scene.cast.customer);
    const canceled = await cancelMany(scene, PAGE + 5, mondayAt('23:00'));
    const standing = await book(scene, scene.cast.customer, mondayAt('10:00'));
    await book(scene, scene.cast.otherCustomer, mondayAt('10:00'));

    const past = await pagesOf((before) => pastReservations(act, before));
    expect(past).toHaveLength(2);
    expect(past.flat()).toEqual(canceled);
    // Nothing that is canceled stands in the way of what is to come.
    expect(idsOf(await upcomingReservations(act))).toEqual([standing.id]);

    const all = await pagesOf((before) => ownReservations(act, before));
    expect(all.map(({ length }) => length)).toEqual([PAGE, 6]);
    expect(all.flat().toSorted()).toEqual([...canceled, standing.id].toSorted());
  });

  test('that fill a page exactly have no next one', async () => {
    const scene = await buildScene(open().store);
    await cancelMany(scene, PAGE, mondayAt('23:00'));
    expect((await pastReservations(scene.act(scene.cast.customer))).last).toBeNull();
  });

  test('go on before one of their own alone', async () => {
    const scene = await buildScene(open().store);
    const { customer, otherCustomer, staff } = scene.cast;
    const { id } = await book(scene, otherCustomer, mondayAt('10:00'));
    for (const list of [pastReservations, ownReservations])
      for (const [person, before] of [
        [customer, id],
        [staff, id],
        [customer, newId()],
        [customer, 'x'],
        [customer, ''],
      ] as const)
        expect(await refusalCode(list(scene.act(person), before))).toBe('not_found');
  });

  test('of today come up until they are over, however late the line runs', async () => {
    const scene = await buildScene(open().store);
    const { customer, staff } = scene.cast;
    const act = () => scene.act(customer);
    const here = await book(scene, customer, mondayAt('09:00'));
    const expected = await book(scene, customer, mondayAt('10:00'));
    await checkInTo(scene.act(staff), here);
    scene.clock.set(mondayAt('16:30'));
    expect(idsOf(await upcomingReservations(act()))).toEqual([here.id, expected.id]);
    expect((await pastReservations(act())).reservations).toEqual([]);
    scene.clock.pass(24 * 60);
    expect(await upcomingReservations(act())).toEqual([]);
    expect(idsOf((await pastReservations(act())).reservations)).toEqual([expected.id, here.id]);
  });

  test('of today that are over before their time are among the past, and who left can still come back', async () => {
    const scene = await buildScene(open().store);
    const { customer, staff } = scene.cast;
    const served = await book(scene, customer, mondayAt('10:00'));
    const gone = await book(scene, customer, mondayAt('11:00'));
    scene.clock.set(mondayAt('09:00'));
    let ticket = await checkInTo(scene.act(staff), served);
    for (const verb of ['call', 'start', 'complete'] as const)
      ticket = await moveTicket(scene.act(staff), ticket, verb);
    await moveTicket(scene.act(staff), await checkInTo(scene.act(staff), gone), 'leave');
    const lists = async () => {
      const [upcoming, past] = [upcomingReservations, pastReservations];
      const act = scene.act(customer);
      return [idsOf(await upcoming(act)), idsOf((await past(act)).reservations)];
    };
    expect(await lists()).toEqual([[gone.id], [served.id]]);
    scene.clock.set(mondayAt('11:00'));
    expect(await lists()).toEqual([[], [gone.id, served.id]]);
  });
});

onBothDatabases('the lists of reservations', (open) => {
  async function many(): Promise<{ app: TestApp; canceled: string[] }> {
    const app = await buildApp(open().store);
    return { app, canceled: await cancelMany(app, PAGE + 1, mondayAt('23:00')) };
  }

  test('lead on in JSON by the header for it', async () => {
    const { app, canceled } = await many();
    const as = app.cast.customer;
    const first = await app.json('GET', '/api/reservations', { as });
    expect(idsOf(first.body.data)).toEqual(canceled.slice(0, PAGE));
    const [, next = ''] = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? [];
    const second = await app.json('GET', next, { as });
    expect(idsOf(second.body.data)).toEqual(canceled.slice(PAGE));
    expect(second.headers.get('link')).toBeNull();
    const capitals = next.replace(/[^=]+$/, (id) => id.toUpperCase());
    expect((await app.json('GET', capitals, { as })).body).toEqual(second.body);
    const { status, body } = await app.json('GET', `/api/reservations?before=${newId()}`, { as });
    expect([status, body.error.code]).toEqual([404, 'not_found']);
  });

  test('lead on by a link, and back', async () => {
    const { app, canceled } = await many();
    const as = app.cast.customer;
    const linked = (text: string) =>
      [...text.matchAll(/<a href="\/reservations\/([0-9a-f-]+)">/g)].map(([, id]) => id);
    const first = await app.page('/reservations', { as });
    expect(linked(first.text)).toEqual(canceled.slice(0, PAGE));
    const [, next = ''] = /href="(\/reservations\?before=[^"]+)"/.exec(first.text) ?? [];
    const second = await app.page(next, { as });
    expect(linked(second.text)).toEqual(canceled.slice(PAGE));
    expect(second.text).toContain('<a href="/reservations">');
    expect(second.text).not.toContain('?before=');
    expect(second.text).not.toContain('Coming up');
    expect((await app.page('/reservations?before=x', { as })).status).toBe(404);
  });
});

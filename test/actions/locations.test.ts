import { expect, test } from 'vitest';
import { actOf, actWithin } from '../../src/actions/act.ts';
import { retireDesk } from '../../src/actions/desk-setup.ts';
import { reachDesk } from '../../src/actions/desks.ts';
import {
  createLocation,
  ensureLocation,
  leftAt,
  reachLocation,
  restoreLocation,
  retireLocation,
  updateLocation,
} from '../../src/actions/locations.ts';
import { cancelReservation, reachReservation } from '../../src/actions/reservations.ts';
import { retireService } from '../../src/actions/services.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { allLocations, retireLocation as retire } from '../../src/db/locations.ts';
import type { Tx } from '../../src/db/store.ts';
import { newId } from '../../src/domain/id.ts';
import {
  book,
  buildScene,
  buildService,
  mondayAt,
  refusalCode,
  refusalOf,
  tally,
  walkIn,
} from '../support/builders.ts';
import { person } from '../support/cast.ts';
import { onBothDatabases } from '../support/databases.ts';

onBothDatabases('a location', (open) => {
  test('is made, reached, renamed and retired by an admin', async () => {
    const { act, cast, store } = await buildScene(open().store);
    const name = `Town Hall ${newId()}`;
    const made = await createLocation(act(cast.admin), { name, timeZone: 'Europe/Paris' });
    expect(made).toMatchObject({
      name,
      timeZone: 'Europe/Paris',
      slug: name.toLowerCase().replace(' ', '-').replace(' ', '-'),
    });
    expect(await reachLocation(act(cast.admin), made.id)).toMatchObject({ id: made.id });
    const moved = await updateLocation(act(cast.admin), made, {
      name: 'City Hall',
      timeZone: 'Europe/Madrid',
    });
    expect(moved).toMatchObject({
      id: made.id,
      name: 'City Hall',
      slug: made.slug,
      timeZone: 'Europe/Madrid',
    });
    await retireLocation(act(cast.admin), made);
    await retireLocation(act(cast.admin), made);
    expect(await refusalCode(reachLocation(act(cast.admin), made.id))).toBe('not_found');
    expect((await store.run(allLocations, {})).map(({ id }) => id)).not.toContain(made.id);
    const events = await open().raw(`SELECT verb FROM events WHERE location_id = '${made.id}' ORDER BY id`);
    expect(events.map(({ verb }) => verb)).toEqual(['create', 'update', 'retire']);
  });

  test('whose address is taken gets one with a number, a retired one counting', async () => {
    const { act, cast } = await buildScene(open().store);
    const make = async (name: string) => createLocation(act(cast.admin), { name, timeZone: 'UTC' });
    const name = `Büro ${newId()}`;
    const first = await make(name);
    await retireLocation(act(cast.admin), first);
    expect((await make(name.replace('ü', 'u'))).slug).toBe(`${first.slug}-2`);
    expect((await make(name.replace(' ', '-'))).slug).toBe(`${first.slug}-3`);
    const other = [await make('東京'), await make('Ελλάδα')];
    expect(other.map(({ slug }) => slug)).toEqual([
      expect.stringMatching(/^location(-\d+)?$/),
      expect.stringMatching(/^location-\d+$/),
    ]);
    expect(other[0]?.slug).not.toBe(other[1]?.slug);
  });

  test('whose address somebody took a moment before is refused at its name', async () => {
    const { act, cast, store } = await buildScene(open().store);
    const location = { name: `Town Hall ${newId()}`, timeZone: 'UTC' };
    await createLocation(act(cast.admin), { ...location, name: location.name.replace(' ', '-') });
    const blind = (tx: Tx): Tx =>
      Object.create(tx, {
        run: {
          value: (query: { name: string }, params: never) =>
            query.name === 'taken_slugs' ? Promise.resolve([]) : tx.run(query as never, params),
        },
      });
    const stale = actWithin(act(cast.admin), (work) => store.transaction((tx) => work(blind(tx))));
    expect(await refusalOf(createLocation(stale, location))).toMatchObject({
      code: 'invalid',
      fields: { name: { code: 'slug_taken' } },
    });
  });

  test('has a name of its own among those in use, also when several are named at once', async () => {
    const { act, cast, location, otherLocation } = await buildScene(open().store);
    const make = (name: string) => createLocation(act(cast.admin), { name, timeZone: 'UTC' });
    const rename = (name: string, of = location) =>
      updateLocation(act(cast.admin), of, { name, timeZone: of.timeZone });
    const taken = { fields: { name: { code: 'name_taken' } } };
    const name = `Büro ${newId()}`;
    const first = await make(name);
    expect(await refusalOf(make(name.replace('ü', 'U')))).toMatchObject(taken);
    expect(await refusalOf(rename(name))).toMatchObject(taken);
    expect((await rename(name.toUpperCase(), first)).name).toBe(name.toUpperCase());
    await retireLocation(act(cast.admin), first);
    expect((await make(name)).name).toBe(name);
    for (let round = 0; round < 5; round++) {
      const wanted = `Office ${newId()}`;
      const racing = [rename(wanted), rename(wanted, otherLocation), make(wanted), make(wanted)];
      expect(await tally(racing)).toEqual({ ok: 1, invalid: 3 });
    }
  });

  test('is put back in use once, unless another took its name', async () => {
    const { act, cast } = await buildScene(open().store);
    const make = (name: string) => createLocation(act(cast.admin), { name, timeZone: 'UTC' });
    const name = `Büro ${newId()}`;
    const first = await make(name);
    await retireLocation(act(cast.admin), first);
    const second = await make(name);
    const restore = () => restoreLocation(act(cast.admin), first);
    expect(await refusalOf(restore())).toMatchObject({ fields: { name: { code: 'name_taken' } } });
    expect(await refusalCode(reachLocation(act(cast.admin), first.id))).toBe('not_found');
    await updateLocation(act(cast.admin), second, { name: `Other ${newId()}`, timeZone: 'UTC' });
    await Promise.all([restore(), restore()]);
    await restore();
    expect(await reachLocation(act(cast.admin), first.id)).toMatchObject({ name });
    const events = await open().raw(`SELECT verb FROM events WHERE location_id = '${first.id}' ORDER BY id`);
    expect(events.map(({ verb }) => verb)).toEqual(['create', 'retire', 'restore']);
    expect(await refusalCode(restoreLocation(act(cast.staff), first))).toBe('forbidden');
    for (let round = 0; round < 3; round++) {
      await retireLocation(act(cast.admin), first);
      expect(await tally([restore(), make(name)])).toEqual({ ok: 1, invalid: 1 });
      for (const { id } of await open().raw(
        `SELECT id FROM locations WHERE name = '${name}' AND retired_at IS NULL`,
      ))
        await retireLocation(act(cast.admin), { ...first, id: String(id) });
    }
  });

  test('keeps its zone while reservations stand', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, location } = scene;
    const { id } = await book(scene, cast.customer, mondayAt('10:00'));
    const to = (timeZone: string) => updateLocation(act(cast.admin), location, { name: 'Renamed', timeZone });
    expect(await refusalOf(to('America/New_York'))).toMatchObject({
      code: 'invalid',
      fields: { timeZone: { code: 'zone_in_use' } },
    });
    expect(await to('Europe/Berlin')).toMatchObject({ name: 'Renamed', timeZone: 'Europe/Berlin' });
    await cancelReservation(act(cast.customer), await reachReservation(act(cast.customer), id));
    expect(await to('America/New_York')).toMatchObject({ timeZone: 'America/New_York' });
  });

  test('has its zone written right while reservations stand', async () => {
    const scene = await buildScene(open().store, {}, 'europe/berlin');
    const { act, cast, location } = scene;
    await book(scene, cast.customer, mondayAt('10:00'));
    const input = { name: location.name, timeZone: 'Europe/Berlin' };
    expect(await updateLocation(act(cast.admin), location, input)).toMatchObject(input);
  });

  test('keeps its zone, and stays, while somebody is in line', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, clock, deskId, location, otherLocation, service, store } = scene;
    const to = (timeZone: string) =>
      updateLocation(act(cast.admin), location, { name: location.name, timeZone });
    const parking = await buildService(store, location, { name: 'Parking', prefix: 'P' });
    // Whoever got a number with a reservation for another day is in no line yet.
    const numbers = await buildService(store, otherLocation, { name: 'Numbers', checkIn: 'none' });
    await book({ ...scene, service: numbers }, cast.customer, new Date('2026-03-04T11:00:00+01:00'));
    clock.set(mondayAt('22:00'));
    const tickets = [await walkIn(scene), await walkIn(scene), await walkIn({ ...scene, service: parking })];
    const lines = [
      { service: 'Parking', count: 1 },
      { service: 'Passports', count: 2 },
    ];
    for (const one of [service, parking]) await retireService(act(cast.admin), one);
    await retireDesk(act(cast.admin), await reachDesk(act(cast.admin), deskId));
    expect((await refusalOf(to('Asia/Tokyo'))).fields).toEqual({ timeZone: { code: 'lines_open', lines } });
    expect(await leftAt(act(cast.admin), location)).toEqual({ services: 0, desks: 0, lines, standing: 0 });
    expect(await refusalCode(retireLocation(act(cast.admin), location))).toBe('in_use');
    await retireService(act(cast.admin), numbers);
    expect(await leftAt(act(cast.admin), otherLocation)).toMatchObject({ lines: [], standing: 1 });
    await retireLocation(act(cast.admin), otherLocation);
    for (const ticket of tickets) await moveTicket(act(cast.staff), ticket, 'leave');
    expect(await to('Asia/Tokyo')).toMatchObject({ timeZone: 'Asia/Tokyo' });
    await retireLocation(act(cast.admin), location);
  });

  test('keeps it for an admin too who still sees another', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, location: seen } = scene;
    const { name } = seen;
    const to = (timeZone: string) => updateLocation(act(cast.admin), seen, { name, timeZone });
    await to('UTC');
    await book(scene, cast.customer, mondayAt('10:00'));
    expect(await refusalOf(to(seen.timeZone))).toMatchObject({
      fields: { timeZone: { code: 'zone_in_use' } },
    });
    expect(await reachLocation(act(cast.admin), seen.id)).toMatchObject({ timeZone: 'UTC' });
  });

  test('of the past stands in nobody’s way', async () => {
    const scene = await buildScene(open().store);
    await book(scene, scene.cast.customer, mondayAt('10:00'));
    scene.clock.pass(3 * 24 * 60);
    const moved = await updateLocation(scene.act(scene.cast.admin), scene.location, {
      name: 'Moved',
      timeZone: 'Asia/Tokyo',
    });
    expect(moved.timeZone).toBe('Asia/Tokyo');
  });

  test('stays while it has services or desks', async () => {
    const { act, cast, deskId, location, service } = await buildScene(open().store);
    expect(await refusalCode(retireLocation(act(cast.admin), location))).toBe('in_use');
    await retireService(act(cast.admin), service);
    expect(await refusalCode(retireLocation(act(cast.admin), location))).toBe('in_use');
    await retireDesk(act(cast.admin), await reachDesk(act(cast.admin), deskId));
    await retireLocation(act(cast.admin), location);
    expect(await refusalCode(reachLocation(act(cast.admin), location.id))).toBe('not_found');
  });

  test('is the business of admins', async () => {
    const { act, cast, location } = await buildScene(open().store);
    const input = { name: 'Mine', timeZone: 'UTC' };
    for (const [who, code] of [
      [cast.staff, 'forbidden'],
      [cast.customer, 'forbidden'],
      [null, 'unauthenticated'],
    ] as const) {
      expect(await refusalCode(createLocation(act(who), input))).toBe(code);
      expect(await refusalCode(updateLocation(act(who), location, input))).toBe(code);
      expect(await refusalCode(retireLocation(act(who), location))).toBe(code);
      expect(await refusalCode(reachLocation(act(who), location.id))).toBe(code);
    }
    for (const id of ['x', newId()])
      expect(await refusalCode(reachLocation(act(cast.admin), id))).toBe('not_found');
  });
});

onBothDatabases('a program without a location', (open) => {
  const locations = () => open().store.run(allLocations, {});

  test('makes one at its start, and another when that was retired', async () => {
    const act = actOf(open().store, () => new Date('2026-03-02T08:00:00Z'), person('Ada', 'admin'));
    await ensureLocation(act, 'Europe/Paris');
    await ensureLocation(act, 'Europe/Madrid');
    const [first, ...others] = await locations();
    expect(others).toEqual([]);
    expect(first).toMatchObject({ slug: 'main', timeZone: 'Europe/Paris' });
    await open().store.transaction((tx) =>
      tx.run(retire, { id: first?.id ?? '', now: new Date('2026-03-02T09:00:00Z') }),
    );
    await Promise.all([ensureLocation(act, 'Europe/Madrid'), ensureLocation(act, 'Europe/Madrid')]);
    expect(await locations()).toMatchObject([{ slug: 'main-2', timeZone: 'Europe/Madrid' }]);
  });
});

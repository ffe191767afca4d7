import { Hono } from 'hono';
import { DeskPage, DesksPage } from '../../../views/admin/desks.tsx';
import { RetireDeskPage } from '../../../views/admin/retire.tsx';
import { keptText } from '../../../views/admin/retired.tsx';
import { differencesOfDesk } from '../../../views/admin/stale.tsx';
import type { Ui } from '../../../views/ui.ts';
import {
  createDesk,
  heldNow,
  reachAnyDesk,
  restoreDesk,
  retireDesk,
  updateDesk,
} from '../../actions/desk-setup.ts';
import { listDesks, reachDesk } from '../../actions/desks.ts';
import { retiredDesks } from '../../db/desks.ts';
import { allLocations } from '../../db/locations.ts';
import { everyService, workedServices } from '../../db/services.ts';
import type { StaffedDesk } from '../../domain/desk.ts';
import { tagOf } from '../../domain/tag.ts';
import { deskSetupForm } from '../../forms/desks.ts';
import { parse } from '../../forms/parse.ts';
import type { Failure } from '../../web/attempt.ts';
import type { C, Env } from '../../web/env.ts';
import { statusOf } from '../../web/errors.ts';
import { type Input, idOf, readInput } from '../../web/input.ts';
import { doneThing } from '../../web/notice.ts';
import { doneHere, goTo, show, uiOf } from '../../web/render.tsx';
import { actFor } from '../../web/session.ts';
import { type Failed, formOf, type Kept, refuseStale, single, submit } from './submit.ts';

export const adminDeskPages = new Hono<Env>()
  .get('/desks', (c) => showDesks(c))
  .post('/desks', async (c) => {
    const input = await readInput(c);
    const typed = typedIn(input);
    const result = await submit(
      c,
      input,
      (act) => createDesk(act, parse(deskSetupForm, typed)),
      ({ id }) => `/admin/desks?done=added-${id}`,
    );
    return result.ok ? goTo(c, result.value) : showDesks(c, { typed, failure: result });
  })
  .get('/desks/:id', async (c) => showDesk(c, await reach(c)))
  .post('/desks/:id', async (c) => {
    const desk = await reach(c);
    const input = await readInput(c);
    const typed = typedIn(input);
    const result = await submit(
      c,
      input,
      (act) => {
        const setup = parse(deskSetupForm, typed);
        return updateDesk(act, desk, setup, (standing) => refuseStale(tagOfDesk(standing), input));
      },
      ({ id }) => `/admin/desks?done=saved-${id}`,
    );
    return result.ok ? goTo(c, result.value) : showDesk(c, await reach(c), { typed, failure: result });
  })
  .get('/desks/:id/retire', async (c) => askRetire(c, await reach(c)))
  .post('/desks/:id/retire', async (c) => {
    const desk = await reach(c);
    const result = await submit(
      c,
      await readInput(c),
      (act) => retireDesk(act, desk),
      () => '/admin/desks?done=retired',
    );
    return result.ok ? goTo(c, result.value) : askRetire(c, await reach(c), result);
  })
  .post('/desks/:id/restore', async (c) => {
    const desk = await reachAnyDesk(await actFor(c), idOf(c));
    const result = await submit(
      c,
      await readInput(c),
      (act) => restoreDesk(act, desk),
      () => `/admin/desks?done=restored-${desk.id}`,
    );
    return result.ok ? goTo(c, result.value) : showDesks(c, { kept: desk, failure: result });
  });

async function reach(c: C): Promise<StaffedDesk> {
  return reachDesk(await actFor(c), idOf(c));
}

/** Stands for all that the form of a desk shows of it. */
function tagOfDesk({ name, serviceIds }: StaffedDesk): string {
  return tagOf(JSON.stringify([name, serviceIds]));
}

/** Boxes share a name, everything else counts as it came last. */
function typedIn({ fields }: Input): Record<string, unknown> {
  return { ...single(fields), serviceIds: fields['serviceIds[]'] };
}

async function showDesks(c: C, failed?: Failed | Kept): Promise<Response> {
  const ui = await uiOf(c);
  const { store } = c.get('parts');
  const [desks, retired, locations, services] = await Promise.all([
    listDesks(await actFor(c)),
    retiredDesks(store),
    store.run(allLocations, {}),
    workedServices(store),
  ]);
  const typed = failed && 'typed' in failed ? failed : undefined;
  const kept = failed && 'kept' in failed ? failed : undefined;
  const several = locations.length > 1;
  const form = formOf(ui, typed?.typed ?? {}, typed?.failure);
  const done = doneText(ui, desks, doneThing(doneHere(c)));
  return show(c, ui, {
    title: ui.text.admin.desks.title,
    ...(failed && { status: statusOf(failed.failure.refusal) }),
    main: () => (
      <DesksPage
        ui={ui}
        desks={desks}
        retired={retired.map((desk) => ({ ...desk, locationName: several ? desk.locationName : undefined }))}
        locations={locations}
        services={services}
        form={form}
        done={done}
        refused={kept && keptText(ui, kept.failure.refusal, kept.kept)}
      />
    ),
  });
}

async function showDesk(c: C, desk: StaffedDesk, failed?: Failed): Promise<Response> {
  const ui = await uiOf(c);
  const { name, serviceIds } = desk;
  // A retired one that it has can be kept, or a desk that has nothing else would serve everything once it is saved.
  const services = (await c.get('parts').store.run(everyService, {})).filter(
    ({ id, locationId, retiredAt }) =>
      locationId === desk.locationId && (retiredAt === null || serviceIds.includes(id)),
  );
  const isStale = failed?.failure.refusal.code === 'stale';
  const form = formOf(ui, failed?.typed ?? { name, serviceIds }, failed?.failure);
  return show(c, ui, {
    title: name,
    ...(failed && { status: statusOf(failed.failure.refusal) }),
    main: () => (
      <DeskPage
        ui={ui}
        desk={desk}
        services={services}
        form={form}
        // Whoever was shown what changed may save over it; any other failure keeps what it came with.
        shown={failed && !isStale ? failed.typed.shown : tagOfDesk(desk)}
        stale={isStale ? differencesOfDesk(ui, desk, form.values, services) : undefined}
      />
    ),
  });
}

async function askRetire(c: C, desk: StaffedDesk, failure?: Failure): Promise<Response> {
  const ui = await uiOf(c);
  const held = await heldNow(await actFor(c), desk);
  return show(c, ui, {
    title: ui.text.admin.retire.title(desk.name),
    ...(failure && { status: statusOf(failure.refusal) }),
    main: () => <RetireDeskPage ui={ui} desk={desk} held={held} />,
  });
}

/** What was just done, told by a fixed code and the name in the database. */
function doneText(
  ui: Ui,
  desks: readonly StaffedDesk[],
  { code, thing }: ReturnType<typeof doneThing>,
): string | undefined {
  const t = ui.text.admin.desks;
  if (code === 'retired') return t.retired();
  const desk = desks.find(({ id }) => id === thing);
  return desk && (code === 'added' || code === 'saved' || code === 'restored')
    ? t[code](desk.name)
    : undefined;
}

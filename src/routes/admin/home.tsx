import { Hono } from 'hono';
import { AdminHome } from '../../../views/admin/home.tsx';
import { keptText } from '../../../views/admin/retired.tsx';
import type { Ui } from '../../../views/ui.ts';
import { reachService, restoreService } from '../../actions/services.ts';
import { withHours } from '../../db/hours.ts';
import { allLocations } from '../../db/locations.ts';
import { everyService } from '../../db/services.ts';
import type { PlacedService } from '../../domain/service.ts';
import type { C, Env } from '../../web/env.ts';
import { statusOf } from '../../web/errors.ts';
import { idOf, readInput } from '../../web/input.ts';
import { doneThing } from '../../web/notice.ts';
import { doneHere, goTo, show, uiOf } from '../../web/render.tsx';
import { actFor } from '../../web/session.ts';
import { type Kept, submit } from './submit.ts';

export const adminHomePage = new Hono<Env>()
  .get('/', (c) => showHome(c))
  .post('/services/:id/restore', async (c) => {
    const service = await reachService(await actFor(c), idOf(c));
    const result = await submit(
      c,
      await readInput(c),
      (act) => restoreService(act, service),
      () => `/admin?done=restored-${service.id}`,
    );
    return result.ok
      ? goTo(c, result.value)
      : showHome(c, { kept: { ...service, locationName: service.location.name }, failure: result });
  });

async function showHome(c: C, kept?: Kept): Promise<Response> {
  const { store } = c.get('parts');
  const ui = await uiOf(c);
  const [services, locations] = await Promise.all([
    store.run(everyService, {}).then((all) => withHours(store, all)),
    store.run(allLocations, {}),
  ]);
  return show(c, ui, {
    title: ui.text.admin.home.title,
    ...(kept && { status: statusOf(kept.failure.refusal) }),
    main: () => (
      <AdminHome
        ui={ui}
        services={services}
        showPlace={locations.length > 1}
        done={doneText(ui, services, doneThing(doneHere(c)))}
        refused={kept && keptText(ui, kept.failure.refusal, kept.kept)}
      />
    ),
  });
}

/** What was just done, told by a fixed code and the name in the database. */
function doneText(
  ui: Ui,
  services: readonly PlacedService[],
  { code, thing }: { code: string; thing: string },
): string | undefined {
  const t = ui.text.admin.home;
  const sentences = new Map([
    ['added', t.added],
    ['saved', t.saved],
    ['retired', t.wasRetired],
    ['restored', t.restored],
  ]);
  const service = services.find(({ id }) => id === thing);
  return service && sentences.get(code)?.(service.name);
}

import { Hono } from 'hono';
import { AdminHome } from '../../../views/admin/home.tsx';
import type { Ui } from '../../../views/ui.ts';
import { everyRule } from '../../db/hours.ts';
import { allLocations } from '../../db/locations.ts';
import { everyService } from '../../db/services.ts';
import type { PlacedService } from '../../domain/service.ts';
import type { Env } from '../../web/env.ts';
import { doneThing } from '../../web/notice.ts';
import { doneHere, show, uiOf } from '../../web/render.tsx';

export const adminHomePage = new Hono<Env>().get('/', async (c) => {
  const { store } = c.get('parts');
  const ui = await uiOf(c);
  const [services, rules, locations] = await Promise.all([
    store.run(everyService, {}),
    store.run(everyRule, {}),
    store.run(allLocations, {}),
  ]);
  const rulesOf = Map.groupBy(rules, ({ serviceId }) => serviceId);
  const listed = services.map((service) => ({ ...service, rules: rulesOf.get(service.id) ?? [] }));
  return show(c, ui, {
    title: ui.text.admin.home.title,
    main: () => (
      <AdminHome
        ui={ui}
        services={listed}
        showPlace={locations.length > 1}
        done={doneText(ui, services, doneThing(doneHere(c)))}
      />
    ),
  });
});

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
  ]);
  const service = services.find(({ id }) => id === thing);
  return service && sentences.get(code)?.(service.name);
}

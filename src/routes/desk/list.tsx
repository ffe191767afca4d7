import { Hono } from 'hono';
import type { Found } from '../../../views/desk/find.tsx';
import { DesksAndQueues, QueueList } from '../../../views/desk/list.tsx';
import type { Ui } from '../../../views/ui.ts';
import type { Act } from '../../actions/act.ts';
import { listDesks } from '../../actions/desks.ts';
import { type WorkedQueue, workedQueues } from '../../actions/panel.ts';
import { findPeople } from '../../actions/people.ts';
import { minuteOf } from '../../domain/clock.ts';
import type { StaffedDesk } from '../../domain/desk.ts';
import { tagOf } from '../../domain/tag.ts';
import { isOpen } from '../../domain/ticket.ts';
import type { Env } from '../../web/env.ts';
import { notModified, show, uiOf, unchanged } from '../../web/render.tsx';
import { actFor } from '../../web/session.ts';
import { DESK_FILES, doneIn, noticeOf } from './show.tsx';

/** What somebody may type to find a person. */
const LONGEST = 100;

export const deskListPages = new Hono<Env>().get('/desk', async (c) => {
  const act = await actFor(c);
  const [queues, desks] = await Promise.all([workedQueues(act), listDesks(act)]);
  const ui = await uiOf(c);
  const tag = stateOf(ui, queues, desks);
  if (unchanged(c, tag)) return notModified(c, tag);
  const text = (c.req.query('q') ?? '').slice(0, LONGEST).trim();
  const sought = text === '' ? undefined : { text, found: await findIn(act, queues, text) };
  const done = noticeOf(ui, doneIn(c))?.text;
  const view = { ui, queues, desks, tag };
  return show(c, ui, {
    title: ui.text.desk.title,
    width: 'wide',
    ...DESK_FILES,
    // It says nothing of who was found.
    ...(!sought && { tag }),
    main: () => <QueueList view={view} sought={sought} done={done} />,
    parts: { 'desk-lists': () => <DesksAndQueues view={view} /> },
  });
});

/** Names what the lists show, to whom, and the minute that they say. */
function stateOf(ui: Ui, queues: readonly WorkedQueue[], desks: readonly StaffedDesk[]): string {
  return tagOf(JSON.stringify([queues, desks]), minuteOf(ui.now), ui.actor?.id ?? '');
}

/** Everybody of today who fits, at all the places where the actor works: two queries a place. */
async function findIn(act: Act, queues: readonly WorkedQueue[], text: string): Promise<Found> {
  const services = new Map(queues.map(({ service }) => [service.id, service]));
  const places = new Map(queues.map(({ service }) => [service.locationId, service.location]));
  const found = await Promise.all([...places.values()].map((place) => findPeople(act, place, text)));
  const withService = <T extends { serviceId: string }>(thing: T) => {
    const service = services.get(thing.serviceId);
    return service ? [{ thing, service }] : [];
  };
  return {
    limit: found.find(({ limit }) => limit)?.limit,
    // Who is still here is more likely meant.
    tickets: found
      .flatMap(({ tickets }) => tickets.flatMap(withService))
      .map(({ thing, service }) => ({ entry: thing, service }))
      .sort((a, b) => Number(isOpen(b.entry.status)) - Number(isOpen(a.entry.status))),
    expected: found.flatMap(({ expected }) =>
      expected.flatMap(withService).map(({ thing, service }) => ({ ...thing, service })),
    ),
  };
}

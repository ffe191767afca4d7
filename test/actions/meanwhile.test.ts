import { describe, expect, test } from 'vitest';
import { actOf } from '../../src/actions/act.ts';
import { moveTicket } from '../../src/actions/tickets.ts';
import { undo } from '../../src/actions/undo.ts';
import type { Store } from '../../src/db/store.ts';
import { entryById } from '../../src/db/tickets.ts';
import type { Person } from '../../src/domain/roles.ts';
import { buildDesk, buildScene, refusalOf, type Scene, walkIn } from '../support/builders.ts';
import { useDatabase } from '../support/databases.ts';
import { meanwhile } from '../support/meanwhile.ts';

// What one action looks at first, to know what to lock, another may change before it has the locks. SQLite has one writer:
// there nobody comes in between.

describe('between the look and the locks, on postgres,', () => {
  const open = useDatabase('postgres');
  let another: Store | undefined;

  /** What somebody does at another instance. */
  function elsewhere({ clock }: Scene, person: Person) {
    another ??= open().openAnother();
    return actOf(another, clock, person);
  }

  test('another desk may take a ticket that is being started', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, deskId, location, store } = scene;
    const second = await buildDesk(store, location, 'Desk 2');
    const ticket = await moveTicket(act(cast.staff), await walkIn(scene), 'call', { deskId });
    const other = elsewhere(scene, cast.admin);
    const starting = meanwhile(act(cast.staff), 'lock_desk', async () => {
      await moveTicket(other, ticket, 'requeue');
      await moveTicket(other, ticket, 'call', { deskId: second });
    });
    expect(await refusalOf(moveTicket(starting, ticket, 'start'))).toMatchObject({
      code: 'stale',
      facts: { entry: { deskId: second } },
    });
    expect(await entryById(store, ticket.id)).toMatchObject({ status: 'called', deskId: second });
  });

  test('somebody may do something to a ticket whose last step is being taken back', async () => {
    const scene = await buildScene(open().store);
    const { act, cast, store } = scene;
    const ticket = await moveTicket(act(cast.staff), await walkIn(scene), 'call');
    const undoing = meanwhile(act(cast.staff), 'last_fact_of_entry', () =>
      moveTicket(elsewhere(scene, cast.admin), ticket, 'skip'),
    );
    expect(await refusalOf(undo(undoing, ticket))).toMatchObject({
      code: 'stale',
      facts: { entry: { status: 'skipped' } },
    });
    expect((await entryById(store, ticket.id))?.status).toBe('skipped');
  });
});

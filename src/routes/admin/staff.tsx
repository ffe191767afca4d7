import { Hono } from 'hono';
import { type LostDeskQuestion, StaffPage } from '../../../views/admin/staff.tsx';
import type { Ui } from '../../../views/ui.ts';
import type { LostDesk } from '../../actions/desks.ts';
import { changeStaff, listStaff } from '../../actions/staff.ts';
import { allLocations } from '../../db/locations.ts';
import { userById } from '../../db/users.ts';
import { Refusal } from '../../domain/errors.ts';
import { isId } from '../../domain/id.ts';
import type { Person, Role } from '../../domain/roles.ts';
import { tagOf } from '../../domain/tag.ts';
import { parse } from '../../forms/parse.ts';
import { staffForm } from '../../forms/staff.ts';
import type { Failure } from '../../web/attempt.ts';
import type { C, Env } from '../../web/env.ts';
import { statusOf } from '../../web/errors.ts';
import { type Input, queryFields, readInput } from '../../web/input.ts';
import { doneThing } from '../../web/notice.ts';
import { doneHere, goTo, show, uiOf } from '../../web/render.tsx';
import { actFor } from '../../web/session.ts';
import { formOf, submit } from './submit.ts';

export const adminStaffPages = new Hono<Env>()
  .get('/staff', (c) => showStaff(c))
  .post('/staff', async (c) => {
    const input = await readInput(c);
    const typed = { ...input.fields, locationIds: input.fields['locationIds[]'] };
    const result = await submit(
      c,
      input,
      (act) => changeStaff(act, parse(staffForm, typed), (lost) => askAboutDesk(lost, input)),
      ({ id }) => `/admin/staff?done=saved-${id}`,
    );
    return result.ok ? goTo(c, result.value) : showStaff(c, { typed, failure: result });
  });

/** Refuses with `desk_busy` unless exactly this desk, with whom it has, was shown and confirmed before. */
function askAboutDesk(lost: LostDesk, { fields }: Input): void {
  if (fields.confirmed !== tagOfDesk(lost)) throw new Refusal('desk_busy', { facts: { lost } });
}

function tagOfDesk({ id, held }: LostDesk): string {
  return tagOf(id, ...held);
}

/** What the screen has to ask after `askAboutDesk` refused. */
function questionOf(failure: Failure | undefined): LostDeskQuestion | undefined {
  if (failure?.refusal.code !== 'desk_busy') return undefined;
  const lost = failure.refusal.facts.lost as LostDesk;
  return { ...lost, tag: tagOfDesk(lost) };
}

async function showStaff(
  c: C,
  failed?: { typed: Record<string, unknown>; failure: Failure },
): Promise<Response> {
  const ui = await uiOf(c);
  const people = await listStaff(await actFor(c));
  const locations = await c.get('parts').store.run(allLocations, {});
  const form = formOf(ui, failed?.typed ?? chosenPerson(people, queryFields(c).email), failed?.failure);
  const done = await doneText(c, ui);
  return show(c, ui, {
    title: ui.text.admin.staff.title,
    ...(failed && { status: statusOf(failed.failure.refusal) }),
    main: () => (
      <StaffPage
        ui={ui}
        people={people}
        locations={locations}
        form={form}
        question={questionOf(failed?.failure)}
        done={done}
      />
    ),
  });
}

/** The form of somebody in the list. */
function chosenPerson(people: readonly Person[], email: string | undefined): Record<string, unknown> {
  const person = people.find((one) => one.email === email);
  return person ? { email: person.email, role: person.role, locationIds: person.locationIds } : {};
}

async function doneText(c: C, ui: Ui): Promise<string | undefined> {
  const { code, thing: id } = doneThing(doneHere(c));
  const [user] = code === 'saved' && isId(id) ? await c.get('parts').store.run(userById, { id }) : [];
  return user && ui.text.admin.staff.saved(user.name, ui.text.admin.staff.roles[user.role as Role]);
}

import { Hono } from 'hono';
import { LineChoice, LinePage } from '../../../views/desk/line.tsx';
import { PrintPage } from '../../../views/desk/print.tsx';
import type { Done, Scope } from '../../../views/desk/view.ts';
import type { FormState } from '../../../views/parts.tsx';
import type { Ui } from '../../../views/ui.ts';
import { type Act, found } from '../../actions/act.ts';
import { announceDelay, setIntake } from '../../actions/queue.ts';
import { delaysOfDay } from '../../db/events.ts';
import { noticesOfLine } from '../../db/queue.ts';
import type { Refusal } from '../../domain/errors.ts';
import type { PlacedService } from '../../domain/service.ts';
import { line, maybe, problem } from '../../forms/fields.ts';
import { parse } from '../../forms/parse.ts';
import { delayForm, intakeForm } from '../../forms/queue.ts';
import { attempt, formAgain } from '../../web/attempt.ts';
import type { C, Env } from '../../web/env.ts';
import { statusOf } from '../../web/errors.ts';
import { type Input, isPaused, readInput } from '../../web/input.ts';
import { once } from '../../web/once.ts';
import { goTo, show, uiOf } from '../../web/render.tsx';
import { dayOf, reachScope } from './scope.ts';
import { backTo, DESK_FILES, final, type Outcome, panelHere } from './show.tsx';

/** What a line tells besides its tickets, and the line on paper. */
export const linePages = new Hono<Env>()
  .get('/desk/:slug/line', async (c) => {
    const scope = await reachScope(c);
    return asksWhich(c, scope) ? showChoice(c, scope) : showLine(c, scope, lineIn(c, scope));
  })
  .post('/desk/:slug/intake', (c) =>
    tell(c, ({ fields }) => {
      const { closed } = parse(intakeForm, fields);
      return {
        work: (act, service) => setIntake(act, service, closed),
        done: { deed: closed ? 'intake-closed' : 'intake-open', thing: '' },
      };
    }),
  )
  .post('/desk/:slug/delay', (c) =>
    tell(c, ({ fields }) => {
      const delay = parse(reasonedDelayForm, fields);
      return {
        work: (act, service) => announceDelay(act, service, delay),
        done: { deed: 'delay', thing: String(delay.minutes) },
      };
    }),
  )
  .get('/desk/:slug/print', async (c) => {
    const scope = await reachScope(c);
    const ui = await uiOf(c);
    const panel = await panelHere(c, scope, ui.now);
    return show(c, ui, {
      title: ui.text.desk.printTitle(scope.name),
      ...DESK_FILES,
      main: () => <PrintPage view={{ ui, scope, panel, paused: false }} day={dayOf(scope, ui.now)} />,
    });
  });

/** Whoever makes others wait says why; to take it back needs no words. */
const reasonedDelayForm = delayForm
  .extend({ reason: maybe(line(200)).default(null), seen: delayForm.shape.minutes.optional() })
  .refine(({ minutes, reason }) => minutes === 0 || reason !== null, {
    path: ['reason'],
    ...problem('required'),
  });

/** A desk may serve several lines: then the address says which one it speaks for. */
function lineIn(c: C, scope: Scope): PlacedService {
  const [only, another] = scope.services;
  const slug = c.req.query('of');
  if (scope.desk === undefined || (slug === undefined && !another)) return found(only);
  return found(scope.services.find((service) => service.slug === slug));
}

function asksWhich(c: C, { desk, services }: Scope): boolean {
  return desk !== undefined && services.length > 1 && c.req.query('of') === undefined;
}

async function tell(
  c: C,
  prepare: (input: Input) => { work: (act: Act, service: PlacedService) => Promise<unknown>; done: Done },
): Promise<Response> {
  const scope = await reachScope(c);
  const service = lineIn(c, scope);
  const input = await readInput(c);
  const result = await attempt(c, () => {
    const { work, done } = prepare(input);
    return once(
      c,
      input,
      (act) => work(act, service),
      () => final(done),
    );
  });
  if (result.ok) return goTo(c, backTo(scope, isPaused(c), result.value.body as Outcome));
  const { refusal } = result;
  const ui = await uiOf(c);
  const form = afterOthers(ui, formAgain(ui, input.fields, result), refusal);
  return showLine(c, scope, service, { status: statusOf(refusal), form });
}

/** Whoever was told what somebody else announced meanwhile may put theirs in its place. */
function afterOthers(ui: Ui, form: FormState, { facts }: Refusal): FormState {
  const standing = facts.delayMinutes as number | undefined;
  if (standing === undefined) return form;
  const message = ui.text.desk.delayChanged(standing);
  return { ...form, values: { ...form.values, seen: standing }, message };
}

async function showChoice(c: C, scope: Scope): Promise<Response> {
  const ui = await uiOf(c);
  return show(c, ui, {
    title: ui.text.desk.lineTitle(scope.name),
    width: 'narrow',
    ...DESK_FILES,
    main: () => <LineChoice view={{ ui, scope, paused: isPaused(c) }} />,
  });
}

async function showLine(
  c: C,
  scope: Scope,
  service: PlacedService,
  failed?: { status: ReturnType<typeof statusOf>; form: FormState },
): Promise<Response> {
  const ui = await uiOf(c);
  const { store } = c.get('parts');
  const day = dayOf(scope, ui.now);
  const [told, delays, panel] = await Promise.all([
    noticesOfLine(store, service.id, day),
    delaysOfDay(store, { locationId: service.locationId, day }),
    panelHere(c, { ...scope, services: [service] }, ui.now),
  ]);
  const last = delays.findLast(({ serviceId }) => serviceId === service.id);
  return show(c, ui, {
    title: ui.text.desk.lineTitle(service.name),
    width: 'narrow',
    ...DESK_FILES,
    ...(failed && { status: failed.status }),
    main: () => (
      <LinePage
        view={{ ui, scope, panel, paused: isPaused(c) }}
        service={service}
        told={told}
        announced={told.delayMinutes > 0 ? last : undefined}
        form={failed?.form ?? { values: { minutes: told.delayMinutes }, problems: {} }}
      />
    ),
  });
}

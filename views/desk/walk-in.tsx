import { html } from 'hono/html';
import type { PlacedService } from '../../src/domain/service.ts';
import { NEEDS } from '../../src/domain/ticket.ts';
import { waitText } from '../join/join.tsx';
import {
  blankForm,
  ErrorSummary,
  FormKey,
  type FormState,
  SelectField,
  TextArea,
  TextField,
} from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { type DeskView, deskHref, lineHref, walkInServices, worksHere } from './view.ts';

/**
 * A link, or the form where that is open. The open form stands still while the panel around it changes: nobody loses
 * what they are typing, not even whoever loses the desk, or whose service takes no walk-ins any more. Without JavaScript
 * it has a page of its own, which never reloads itself.
 */
export function WalkIn({ view }: { view: DeskView }) {
  if (view.walkIn) return <WalkInForm view={view} />;
  const isOffered = worksHere(view.scope) && walkInServices(view.scope).length > 0;
  return isOffered ? WalkInLink({ view }) : html`<section id="walk-in"></section>`;
}

function WalkInLink({ view }: { view: DeskView }) {
  const href = deskHref(view, '/walk-in');
  const label = view.ui.text.desk.addWalkIn;
  return html`<section id="walk-in"><a class="button" href="${href}" hx-get="${href}" hx-target="#walk-in" hx-swap="outerHTML" data-key="w">${label}</a></section>`;
}

function WalkInForm({ view }: { view: DeskView }) {
  const { ui, scope, walkIn: form = blankForm } = view;
  const t = ui.text.desk;
  const failed = form.message !== undefined || Object.keys(form.problems).length > 0;
  const offered = walkInServices(scope);
  const open = offered.filter(({ id }) => !isClosed(view, id));
  // What was typed stays, though it came too late.
  const services = open.length > 0 ? open : offered;
  const { serviceId } = form.values;
  // One that was chosen and is gone is not quietly replaced by the one that is left.
  const isGone = Boolean(serviceId) && !offered.some(({ id }) => id === serviceId);
  const chooses = services.length > 1 || (isGone && services.length > 0);
  if (open.length === 0 && form === blankForm)
    return (
      <section id="walk-in" aria-labelledby="walk-in-title">
        <h2 id="walk-in-title">{t.walkInTitle}</h2>
        <p tabindex={-1} data-focus>
          {t.walkInClosed}
        </p>
        <p class="row">
          {offered.map((service) => (
            <a class="button quiet" href={lineHref(view, service)} hx-boost="false">
              {offered.length > 1 ? `${service.name}: ${t.lineSettings}` : t.lineSettings}
            </a>
          ))}
        </p>
      </section>
    );
  return (
    <section id="walk-in" aria-labelledby="walk-in-title" hx-morph-skip="true">
      <h2 id="walk-in-title">{t.walkInTitle}</h2>
      <form
        class="stack"
        method="post"
        action={deskHref(view, '/entries')}
        hx-boost='target:"#desk-panel" swap:"outerHTML show:none" push:false'
        novalidate
        data-once
      >
        <FormKey ui={ui} />
        <Waits view={view} services={services} />
        <ErrorSummary ui={ui} form={form} labels={t.fields} />
        {(offered.length > 1 || chooses) && (
          <SelectField
            ui={ui}
            form={form}
            name="serviceId"
            label={t.fields.serviceId}
            required={chooses}
            options={[
              // Nobody lands in whatever line happens to stand first.
              ...(chooses ? [{ value: '', label: t.choose }] : []),
              ...services.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            data-focus={chooses && !failed ? 'true' : undefined}
          />
        )}
        <TextField
          ui={ui}
          form={form}
          name="name"
          label={t.fields.name}
          required
          maxlength={100}
          autocomplete="off"
          // Whoever presses W goes on typing.
          data-focus={failed || chooses ? undefined : 'true'}
        />
        <TextField ui={ui} form={form} name="phone" label={t.fields.phone} type="tel" autocomplete="off" />
        <div>
          <label class="check">
            <input type="checkbox" name="priority" checked={form.values.priority === 'on'} />{' '}
            {t.fields.priority}
          </label>
        </div>
        <NeedsField ui={ui} form={form} />
        <TextArea ui={ui} form={form} name="note" label={t.fields.note} rows={2} />
        <div class="row">
          <button class="primary" type="submit">
            {t.addToLine}
          </button>{' '}
          <a class="button quiet" href={deskHref(view)} hx-boost="false">
            {t.cancel}
          </a>
        </div>
      </form>
    </section>
  );
}

/** Whether the last ticket of a service was given today. */
function isClosed({ panel }: DeskView, id: string): boolean {
  return panel.told.some(({ serviceId, intakeClosedAt }) => serviceId === id && intakeClosedAt !== null);
}

/** What to tell somebody who asks before they take a number. */
function Waits({ view: { ui, waits }, services }: { view: DeskView; services: readonly PlacedService[] }) {
  const told = services.flatMap((service) => {
    const wait = waits?.get(service.id);
    return wait ? [{ service, text: waitText(ui, service, wait) }] : [];
  });
  return (
    <>
      {told.map(({ service, text }) => (
        <p class="hint">{services.length > 1 ? `${service.name}: ${text}` : text}</p>
      ))}
    </>
  );
}

/** What somebody needs, to be known before the call. */
export function NeedsField({ ui, form }: { ui: Ui; form: FormState }) {
  const t = ui.text.desk;
  const chosen = [form.values.needs ?? []].flat().map(String);
  return (
    <fieldset class="field">
      <legend>{t.fields.needs}</legend>
      <div class="needs">
        {NEEDS.map((need) => (
          <>
            <label class="check">
              <input type="checkbox" name="needs[]" value={need} checked={chosen.includes(need)} />{' '}
              {t.needs[need]}
            </label>{' '}
          </>
        ))}
      </div>
    </fieldset>
  );
}

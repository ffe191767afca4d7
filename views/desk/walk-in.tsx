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
import { type DeskView, deskHref, walkInServices, worksHere } from './view.ts';

/**
 * A link, or the form where that is open. The open form stands still while the panel around it changes: nobody loses
 * what they are typing. Without JavaScript it has a page of its own, which never reloads itself.
 */
export function WalkIn({ view }: { view: DeskView }) {
  if (walkInServices(view.scope).length === 0 || !worksHere(view.scope)) return null;
  return view.walkIn ? <WalkInForm view={view} /> : WalkInLink({ view });
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
  const services = walkInServices(scope);
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
        {services.length > 1 && (
          <SelectField
            ui={ui}
            form={form}
            name="serviceId"
            label={t.fields.serviceId}
            options={services.map(({ id, name }) => ({ value: id, label: name }))}
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
          data-focus={failed ? undefined : 'true'}
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

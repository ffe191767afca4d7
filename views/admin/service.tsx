import type { Location, PlacedService } from '../../src/domain/service.ts';
import {
  ErrorSummary,
  FormKey,
  type FormState,
  Notice,
  SelectField,
  TextArea,
  TextField,
  TickBox,
} from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { CollisionNotice, LeftStanding, type Question, type ShownCollision } from './collisions.tsx';
import { HoursEditor, hoursLabels, type TypedWindow } from './hours.tsx';
import { AdminHead, LocationField, SaveOnEnter } from './parts.tsx';
import { RestoreForm } from './retired.tsx';
import { type Difference, StaleNotice } from './stale.tsx';

/** The form of a service: empty, as it stands, or as it was typed. */
export interface ServiceScreen {
  form: FormState;
  windows: readonly TypedWindow[];
  /** Missing while it is being added. */
  service?: PlacedService | undefined;
  /** The version that the form starts from. */
  version?: number | undefined;
  locations: readonly Location[];
  question?: Question | undefined;
  /** Reservations that do not fit the service as it stands. */
  left: readonly ShownCollision[];
  /** What differs from what was typed, when somebody else saved it in the meantime. */
  stale?: readonly Difference[] | undefined;
}

/** One service, or a new one: what it is, its rules and its weekly hours, and what a change would collide with. */
export function ServicePage({ ui, screen }: { ui: Ui; screen: ServiceScreen }) {
  const t = ui.text.admin.service;
  const { service, locations } = screen;
  return (
    <>
      <AdminHead
        ui={ui}
        section="home"
        title={service?.name ?? t.newTitle}
        lede={service ? t.editLede : t.newLede}
      >
        {service && locations.length > 1 && <p class="facts">{t.at(service.location.name)}</p>}
      </AdminHead>
      {service?.retiredAt && (
        <>
          <Notice kind="info">{t.isRetired}</Notice>
          <RestoreForm ui={ui} path={`/admin/services/${service.id}`} name={service.name} />
        </>
      )}
      <LeftStanding ui={ui} collisions={screen.left} />
      <ServiceForm ui={ui} screen={screen} />
    </>
  );
}

function ServiceForm({ ui, screen }: { ui: Ui; screen: ServiceScreen }) {
  const t = ui.text.admin.service;
  const { form, service, version, windows, locations, question, stale } = screen;
  const action = service ? `/admin/services/${service.id}` : '/admin/services';
  const save = service ? t.save : t.saveNew;
  return (
    <form class="stack" method="post" action={action} data-once>
      <SaveOnEnter label={save} />
      <FormKey ui={ui} />
      {version !== undefined && <input type="hidden" name="version" value={version} />}
      <ErrorSummary ui={ui} form={form} labels={{ ...t.labels, ...hoursLabels(ui, windows) }} />
      {stale && <StaleNotice ui={ui} thing="service" differences={stale} />}
      {question && <CollisionNotice ui={ui} question={question} />}
      <p class="hint">{ui.text.admin.required}</p>
      <PeopleFields ui={ui} screen={screen} />
      <TimeFields ui={ui} form={form} />
      <HoursEditor
        ui={ui}
        form={form}
        windows={windows}
        places={service ? [service.location] : locations}
        action={action}
      />
      <BookingFields ui={ui} form={form} />
      <ArrivalFields ui={ui} form={form} isNew={!service} />
      <JoinFields ui={ui} screen={screen} />
      <OrderFields ui={ui} form={form} isNew={!service} />
      <div class="row">
        <button class="primary" type="submit">
          {save}
        </button>
        <a class="button quiet" href="/admin">
          {t.cancel}
        </a>
        {service && service.retiredAt === null && (
          <a class="button danger" href={`/admin/services/${service.id}/retire`}>
            {t.retire}
          </a>
        )}
      </div>
    </form>
  );
}

function PeopleFields({ ui, screen: { form, service, locations } }: { ui: Ui; screen: ServiceScreen }) {
  const t = ui.text.admin.service;
  const isNew = !service;
  return (
    <fieldset class="group">
      <legend>{t.groups.people}</legend>
      <TextField ui={ui} form={form} name="name" label={t.labels.name} maxlength={100} required />
      {isNew && (locations.length !== 1 || form.problems.locationId) && (
        <LocationField ui={ui} form={form} label={t.labels.locationId} locations={locations} />
      )}
      <TextArea ui={ui} form={form} name="description" label={t.labels.description} />
      <TextArea
        ui={ui}
        form={form}
        name="whatToBring"
        label={t.labels.whatToBring}
        hint={t.hints.whatToBring}
      />
    </fieldset>
  );
}

function TimeFields({ ui, form }: { ui: Ui; form: FormState }) {
  const t = ui.text.admin.service;
  return (
    <fieldset class="group">
      <legend>{t.groups.times}</legend>
      <div class="fields">
        <NumberField ui={ui} form={form} name="durationMinutes" min={1} max={1440} />
        <NumberField ui={ui} form={form} name="bufferMinutes" max={240} />
        <NumberField
          ui={ui}
          form={form}
          name="stepMinutes"
          min={1}
          max={1440}
          hint={t.hints.stepMinutes}
          optional
        />
        <NumberField ui={ui} form={form} name="capacity" min={1} max={1000} hint={t.hints.capacity} />
      </div>
    </fieldset>
  );
}

function BookingFields({ ui, form }: { ui: Ui; form: FormState }) {
  const t = ui.text.admin.service;
  return (
    <fieldset class="group">
      <legend>{t.groups.booking}</legend>
      <div class="fields">
        <NumberField ui={ui} form={form} name="leadMinutes" max={86_400} hint={t.hints.leadMinutes} />
        <NumberField ui={ui} form={form} name="horizonDays" max={730} hint={t.hints.horizonDays} />
        <NumberField ui={ui} form={form} name="cancelMinutes" max={43_200} hint={t.hints.cancelMinutes} />
      </div>
    </fieldset>
  );
}

function ArrivalFields({ ui, form, isNew }: { ui: Ui; form: FormState; isNew: boolean }) {
  const t = ui.text.admin.service;
  return (
    <fieldset class="group">
      <legend>{t.groups.arrival}</legend>
      <SelectField
        ui={ui}
        form={form}
        name="checkIn"
        label={t.labels.checkIn}
        hint={t.hints.checkIn}
        options={(['required', 'none'] as const).map((value) => ({ value, label: t.checkIn[value] }))}
      />
      <div class="fields">
        <NumberField ui={ui} form={form} name="checkInBeforeMinutes" max={1440} />
        <NumberField ui={ui} form={form} name="checkInAfterMinutes" max={1440} />
        <TextField
          ui={ui}
          form={form}
          name="prefix"
          label={t.labels.prefix}
          hint={isNew ? t.hints.prefixNew : t.hints.prefix}
          maxlength={2}
          required={!isNew}
        />
      </div>
      <TickBox form={form} name="walkIns" label={t.labels.walkIns} />
    </fieldset>
  );
}

function JoinFields({ ui, screen: { form, service } }: { ui: Ui; screen: ServiceScreen }) {
  const t = ui.text.admin.service;
  return (
    <fieldset class="group">
      <legend>{t.groups.join}</legend>
      <p class="hint">{t.hints.join}</p>
      <TickBox form={form} name="phoneJoin" label={t.labels.phoneJoin} />
      <div class="fields">
        <NumberField
          ui={ui}
          form={form}
          name="joinLimit"
          min={1}
          max={100_000}
          hint={t.hints.joinLimit}
          optional
        />
        <TextField
          ui={ui}
          form={form}
          name="joinUntil"
          type="time"
          label={t.labels.joinUntil}
          hint={t.hints.joinUntil}
        />
      </div>
      <div class="row">
        <TickBox form={form} name="askName" label={t.labels.askName} />
        <TickBox form={form} name="askPhone" label={t.labels.askPhone} />
      </div>
      {service && (
        <p>
          <a href={`/join/${service.slug}/poster`}>{t.hints.poster}</a>
        </p>
      )}
    </fieldset>
  );
}

function OrderFields({ ui, form, isNew }: { ui: Ui; form: FormState; isNew: boolean }) {
  const t = ui.text.admin.service;
  return (
    <fieldset class="group">
      <legend>{t.groups.order}</legend>
      <div class="fields">
        <NumberField ui={ui} form={form} name="graceMinutes" max={240} hint={t.hints.graceMinutes} />
        <NumberField ui={ui} form={form} name="creditMinutes" max={240} hint={t.hints.creditMinutes} />
        <NumberField ui={ui} form={form} name="priorityMinutes" max={240} hint={t.hints.priorityMinutes} />
        <NumberField
          ui={ui}
          form={form}
          name="earlyCallMinutes"
          max={1440}
          hint={isNew ? t.hints.earlyCallMinutesNew : t.hints.earlyCallMinutes}
          optional
        />
      </div>
    </fieldset>
  );
}

interface NumberProps {
  ui: Ui;
  form: FormState;
  name: keyof Ui['text']['admin']['service']['labels'];
  min?: number;
  max: number;
  hint?: string;
  optional?: boolean;
}

function NumberField({ ui, form, name, min = 0, max, hint, optional }: NumberProps) {
  return (
    <TextField
      ui={ui}
      form={form}
      name={name}
      type="number"
      label={ui.text.admin.service.labels[name]}
      min={min}
      max={max}
      {...(hint && { hint })}
      {...(!optional && { required: true })}
    />
  );
}

import type { PlacedService } from '../../src/domain/service.ts';
import { ErrorSummary, FormKey, type FormState, TextField } from '../parts.tsx';
import { clockOf, type DeskView, deskHref, lineHref } from './view.ts';

interface LineProps {
  view: Pick<DeskView, 'ui' | 'scope' | 'panel' | 'paused'>;
  service: PlacedService;
  told: { intakeClosedAt: Date | null; delayMinutes: number };
  /** Who announced that delay, when and why. */
  announced: { at: Date; actorName: string | null; reason: string | null } | undefined;
  form: FormState;
}

/** What a line tells besides its tickets: whether numbers are still given, and how late it runs. */
export function LinePage({ view, service, told, announced, form }: LineProps) {
  const { ui } = view;
  const t = ui.text.desk;
  return (
    <>
      <LineHead view={view} title={t.lineTitle(service.name)} />
      <IntakeForm view={view} service={service} told={told} />
      <form class="card" method="post" action={lineHref(view, service, '/delay')} data-once novalidate>
        <FormKey ui={ui} />
        <h2>{t.delayTitle}</h2>
        <p>{told.delayMinutes > 0 ? t.delayTold(service.name, told.delayMinutes) : t.noDelay}</p>
        {announced && (
          <p class="hint">{t.delayBy(clockOf(view, announced.at), announced.actorName, announced.reason)}</p>
        )}
        <ErrorSummary ui={ui} form={form} labels={t.fields} />
        <input type="hidden" name="seen" value={String(form.values.seen ?? told.delayMinutes)} />
        <TextField
          ui={ui}
          form={form}
          name="minutes"
          label={t.fields.minutes}
          hint={t.minutesHint}
          type="number"
          min={0}
          max={480}
          required
        />
        <TextField
          ui={ui}
          form={form}
          name="reason"
          label={t.fields.reason}
          hint={t.delayReasonHint}
          required
          maxlength={200}
          autocomplete="off"
        />
        <p>
          <button class="primary" type="submit">
            {t.announceDelay}
          </button>
        </p>
      </form>
    </>
  );
}

/** A desk that serves several lines speaks for each by itself. */
export function LineChoice({ view }: { view: Pick<DeskView, 'ui' | 'scope' | 'paused'> }) {
  const { ui, scope } = view;
  const t = ui.text.desk;
  return (
    <>
      <LineHead view={view} title={t.lineSettings} />
      <nav class="row" aria-label={t.lineSettings}>
        {scope.services.map((service) => (
          <>
            <a class="button" href={lineHref(view, service)}>
              {service.name}
            </a>{' '}
          </>
        ))}
      </nav>
    </>
  );
}

function LineHead({ view, title }: { view: Pick<DeskView, 'ui' | 'scope' | 'paused'>; title: string }) {
  return (
    <header>
      <p>
        <a href={deskHref(view)}>{view.ui.text.desk.backTo(view.scope.name)}</a>
      </p>
      <h1>{title}</h1>
    </header>
  );
}

function IntakeForm({ view, service, told }: Pick<LineProps, 'view' | 'service' | 'told'>) {
  const { ui, panel } = view;
  const t = ui.text.desk;
  const { serving, called, parked, waiting } = panel.line;
  const here = serving.length + called.length + parked.length + waiting.length;
  return (
    <form class="card" method="post" action={lineHref(view, service, '/intake')} data-once>
      <FormKey ui={ui} />
      <h2>{t.intakeTitle}</h2>
      <p>
        {told.intakeClosedAt
          ? t.intakeClosed(service.name, clockOf(view, told.intakeClosedAt), here, panel.expected.length)
          : t.intakeOpen(here, panel.expected.length)}
      </p>
      <input type="hidden" name="closed" value={told.intakeClosedAt ? 'false' : 'true'} />
      <p>
        <button class={told.intakeClosedAt ? 'primary' : 'danger'} type="submit">
          {told.intakeClosedAt ? t.openIntake : t.closeIntake}
        </button>
      </p>
    </form>
  );
}

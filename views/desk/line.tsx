import { ErrorSummary, FormKey, type FormState, TextField } from '../parts.tsx';
import { clockOf, type DeskView, deskHref } from './view.ts';

interface LineProps {
  view: Pick<DeskView, 'ui' | 'scope' | 'panel' | 'paused'>;
  told: { intakeClosedAt: Date | null; delayMinutes: number };
  form: FormState;
}

/** What a line tells besides its tickets: whether numbers are still given, and how late it runs. */
export function LinePage({ view, told, form }: LineProps) {
  const { ui, scope } = view;
  const t = ui.text.desk;
  return (
    <>
      <header>
        <p>
          <a href={deskHref(view)}>{t.backTo(scope.name)}</a>
        </p>
        <h1>{t.lineTitle(scope.name)}</h1>
      </header>
      <IntakeForm view={view} told={told} />
      <form class="card" method="post" action={deskHref(view, '/delay')} data-once novalidate>
        <FormKey ui={ui} />
        <h2>{t.delayTitle}</h2>
        <p>{told.delayMinutes > 0 ? t.delayTold(scope.name, told.delayMinutes) : t.noDelay}</p>
        <ErrorSummary ui={ui} form={form} labels={t.fields} />
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

function IntakeForm({ view, told }: Omit<LineProps, 'form'>) {
  const { ui, scope, panel } = view;
  const t = ui.text.desk;
  const { serving, called, parked, waiting } = panel.line;
  const here = serving.length + called.length + parked.length + waiting.length;
  return (
    <form class="card" method="post" action={deskHref(view, '/intake')} data-once>
      <FormKey ui={ui} />
      <h2>{t.intakeTitle}</h2>
      <p>
        {told.intakeClosedAt
          ? t.intakeClosed(scope.name, clockOf(view, told.intakeClosedAt), here, panel.expected.length)
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

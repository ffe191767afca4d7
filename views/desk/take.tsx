import { FormKey, Notice } from '../parts.tsx';
import type { Ui } from '../ui.ts';
import { clockOf, type Scope } from './view.ts';

/** Asks before a desk is taken from whoever sits there; by the time it opens, that may be nobody. */
export function TakePage({ ui, scope }: { ui: Ui; scope: Scope & Required<Pick<Scope, 'desk'>> }) {
  const t = ui.text.desk;
  const { id, name, staffName, staffedAt } = scope.desk;
  return (
    <>
      <header>
        <h1>{t.takeTitle(name)}</h1>
      </header>
      {staffName ? (
        <>
          <Notice kind="warning">
            {t.staffedBy(staffName, staffedAt && clockOf({ ui, scope }, staffedAt))}
          </Notice>
          <p>{t.takeOverText}</p>
        </>
      ) : (
        <p>{t.nobodyAtDesk}</p>
      )}
      <form class="row" method="post" action={`/desk/${id}/take`} data-once>
        <FormKey ui={ui} />
        {staffName && <input type="hidden" name="hand_over" value="on" />}
        <button class={staffName ? 'danger' : 'primary'} type="submit">
          {staffName ? t.takeOver(staffName) : t.takeDesk}
        </button>{' '}
        <a class="button quiet" href="/desk">
          {t.cancel}
        </a>
      </form>
    </>
  );
}

import { type DeskView, deskHref } from './view.ts';

/** The head of a panel: what it is about, who sits where, and what else can be done. It stands outside of what changes. */
export function DeskHead({ view }: { view: DeskView }) {
  const { ui, scope, paused } = view;
  const t = ui.text.desk;
  const ofService = scope.desk === undefined;
  return (
    <>
      <div class="row between">
        <h1>{scope.name}</h1>
        <nav class="row" aria-label={t.panelLinks}>
          <a class="button quiet" href={`/desk/${scope.key}${paused ? '' : '?pause'}`}>
            {paused ? t.resume : t.pause}
          </a>{' '}
          {ofService && (
            <>
              <a class="button quiet" href={deskHref(view, '/line')}>
                {t.lineSettings}
              </a>{' '}
            </>
          )}
          <a class="button quiet" href={deskHref(view, '/print')}>
            {t.print}
          </a>{' '}
          <a class="button quiet" href="/desk#find" data-key="f">
            {t.find}
          </a>{' '}
          <a class="button quiet" href="/desk">
            {t.allQueues}
          </a>{' '}
          <span data-shortcuts={t.shortcuts}></span>
        </nav>
      </div>
      <DeskStrip view={view} />
    </>
  );
}

/** Where the actor sits, and what they can do about it. */
function DeskStrip({ view }: { view: DeskView }) {
  const { ui, scope } = view;
  const t = ui.text.desk;
  const { mine, desk } = scope;
  if (!mine)
    return (
      <p class="hint">
        {t.noDesk} <a href="/desk">{t.chooseDesk}</a>
      </p>
    );
  if (desk?.id !== mine.id)
    return (
      <p class="hint">
        {t.youAreAt(mine.name)} <a href={`/desk/${mine.id}`}>{t.toDesk(mine.name)}</a>
      </p>
    );
  return (
    <div class="row">
      <p class="hint">{t.serves(scope.services.map(({ name }) => name))}</p>{' '}
      <form method="post" action={deskHref(view, mine.pausedAt ? '/resume' : '/pause')}>
        <button class="quiet" type="submit">
          {mine.pausedAt ? t.resumeDesk : t.pauseDesk}
        </button>
      </form>{' '}
      <form method="post" action={deskHref(view, '/leave')}>
        <button class="quiet" type="submit">
          {t.leaveDesk}
        </button>
      </form>
    </div>
  );
}

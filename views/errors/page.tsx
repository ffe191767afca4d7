import type { Ui } from '../ui.ts';

/** What somebody sees who took a wrong turn, or when we did. */
export function ErrorPage({
  ui,
  status,
  code,
  sentence,
  requestId,
}: {
  ui: Ui;
  status: number;
  /** Some refusals have a title of their own. */
  code: string;
  sentence: string;
  requestId?: string | undefined;
}) {
  const { errorPages } = ui.text;
  return (
    <article class="ticket" data-status="left">
      <header>
        <p>{errorPages.tagline[code] ?? errorPages.tagline[status] ?? errorPages.fallbackTagline}</p>
        <p class="number" aria-hidden="true">
          {status}
        </p>
      </header>
      <div>
        <h1>{errorPages.titles[code] ?? errorPages.titles[status] ?? errorPages.titles[500]}</h1>
        <p>{sentence}</p>
        {requestId && <p class="hint">{errorPages.reference(requestId)}</p>}
        <p class="row">
          <a class="button primary" href="/">
            {errorPages.home}
          </a>
        </p>
      </div>
    </article>
  );
}

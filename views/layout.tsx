import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { isAdmin, isStaff } from '../src/domain/roles.ts';
import type { Ui } from './ui.ts';

export interface PageOptions {
  title: string;
  /** Forms stand narrow, working screens wide. */
  width?: 'narrow' | 'wide';
  /** Seconds after which a browser without JavaScript loads the page again; never on a page with text inputs. */
  refresh?: number;
  /** Where that leads; without it, to the page itself. */
  refreshTo?: string;
  /** Files of `public/` that this page needs besides what all pages load. */
  styles?: readonly string[];
  scripts?: readonly string[];
  /** A screen that stands alone, as a kiosk does: without navigation, without a foot. */
  bare?: boolean;
}

const HTMX_CONFIG = JSON.stringify({
  includeIndicatorCSS: false,
  history: true,
  defaultSwap: 'outerMorph',
  noSwap: [204, 304],
  // What somebody has unfolded stays so: the server does not know of it.
  morphIgnore: ['data-htmx-powered', 'open'],
});

/** The page around whatever a route shows. */
export function Layout({
  ui,
  title,
  width,
  refresh,
  refreshTo,
  styles = [],
  scripts = [],
  bare = false,
  children,
}: PageOptions & { ui: Ui; children: Child }) {
  const { layout } = ui.text;
  return (
    <>
      {raw('<!DOCTYPE html>')}
      <html lang={ui.text.language}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{`${title} · ${layout.product}`}</title>
          <meta name="color-scheme" content="light dark" />
          <meta name="htmx-config" content={HTMX_CONFIG} />
          <link rel="stylesheet" href={ui.asset('app.css')} />
          {styles.map((name) => (
            <link rel="stylesheet" href={ui.asset(name)} />
          ))}
          <link rel="icon" type="image/svg+xml" href={ui.asset('favicon.svg')} />
          <script src={ui.asset('app.js')} defer></script>
          {scripts.map((name) => (
            <script src={ui.asset(name)} defer></script>
          ))}
          {refresh !== undefined && (
            <noscript>
              <meta
                http-equiv="refresh"
                content={refreshTo === undefined ? String(refresh) : `${refresh}; url=${refreshTo}`}
              />
            </noscript>
          )}
        </head>
        <body>
          <a class="skip" href="#main">
            {layout.skip}
          </a>{' '}
          {!bare && (
            <header class="site">
              <a class="wordmark" href="/">
                <span>{layout.product}</span>
              </a>
              <Navigation ui={ui} />
            </header>
          )}
          <p class="offline-banner" role="status" data-offline={layout.offline} hidden></p>
          <main id="main" tabindex={-1} class={width}>
            {children}
          </main>
          {!bare && (
            <footer class="foot">
              <p>{layout.footer}</p>
              <p>
                <a href="/api/docs">{layout.api}</a>
              </p>
            </footer>
          )}
        </body>
      </html>
    </>
  );
}

function Navigation({ ui }: { ui: Ui }) {
  const { layout } = ui.text;
  const links: [string, string][] = [['/', layout.services]];
  if (ui.actor) links.push(['/reservations', layout.reservations]);
  if (isStaff(ui.actor)) links.push(['/desk', layout.desk]);
  if (isAdmin(ui.actor)) links.push(['/admin', layout.admin]);
  if (!ui.actor) links.push(['/login', layout.login], ['/register', layout.register]);
  return (
    <nav aria-label={layout.navigation}>
      <ul>
        {links.map(([href, label]) => (
          <li>
            <a href={href} aria-current={isCurrent(ui.path, href) ? 'page' : undefined}>
              {label}
            </a>
          </li>
        ))}
      </ul>
      {ui.actor && (
        <form method="post" action="/logout">
          <a class="who" href="/account">
            {ui.actor.name}
          </a>{' '}
          <button class="quiet" type="submit">
            {layout.logout}
          </button>
        </form>
      )}
    </nav>
  );
}

function isCurrent(path: string, href: string): boolean {
  return href === '/'
    ? path === '/' || path.startsWith('/services')
    : path === href || path.startsWith(`${href}/`);
}

import { html, raw } from 'hono/html';
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
  // A network that broke without a word is told of as soon as one that is gone.
  defaultTimeout: 10_000,
  // What somebody has unfolded stays so: the server does not know of it.
  morphIgnore: ['data-htmx-powered', 'open'],
});

// Around every page: a template and no component, which would cost ten times as much.

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
  const { layout, language } = ui.text;
  const sheets = ['app.css', ...styles].map((name) => html`<link rel="stylesheet" href="${ui.asset(name)}">`);
  const behaviour = ['app.js', ...scripts].map(
    (name) => html`<script src="${ui.asset(name)}" defer></script>`,
  );
  // Only pages with behaviour of their own send forms that get no page of errors from the browser.
  const inVain =
    scripts.length > 0 ? html` data-in-vain="${layout.inVain}" data-again="${layout.pressAgain}"` : '';
  const isLive = scripts.includes('live.js');
  const offline = isLive ? layout.offlineLive : layout.offline;
  const sending = isLive ? html` data-sending="${layout.sending}"` : '';
  const again =
    refresh === undefined
      ? ''
      : html`<noscript><meta http-equiv="refresh" content="${refresh}${refreshTo === undefined ? '' : `; url=${refreshTo}`}"></noscript>`;
  return html`<!DOCTYPE html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · ${layout.product}</title><meta name="color-scheme" content="light dark"><meta name="htmx-config" content="${HTMX_CONFIG}">${sheets}<link rel="icon" type="image/svg+xml" href="${ui.asset('favicon.svg')}">${behaviour}${again}</head><body><a class="skip" href="#main">${layout.skip}</a> ${bare ? '' : siteHeader(ui)}<p class="offline-banner" role="status" data-offline="${offline}" data-unsent="${layout.unsent}"${inVain}${sending} hidden></p><main id="main" tabindex="-1"${width ? html` class="${width}"` : ''}>${children}</main>${bare ? '' : siteFoot(ui)}</body></html>`;
}

function siteHeader(ui: Ui) {
  const { layout } = ui.text;
  return html`<header class="site"><a class="wordmark" href="/"><span>${layout.product}</span></a><nav aria-label="${layout.navigation}"><ul>${navigation(ui)}</ul>${ui.actor ? account(ui, ui.actor.name) : ''}</nav></header>`;
}

function navigation({ text: { layout }, actor, path }: Ui) {
  const links: [string, string][] = [['/', layout.services]];
  if (actor) links.push(['/reservations', layout.reservations]);
  if (isStaff(actor)) links.push(['/desk', layout.desk]);
  if (isAdmin(actor)) links.push(['/admin', layout.admin]);
  if (!actor) links.push(['/login', layout.login], ['/register', layout.register]);
  return links.map(
    ([href, label]) => html`<li><a href="${href}"${isCurrent(path, href) ? CURRENT : ''}>${label}</a></li>`,
  );
}

function account({ text: { layout } }: Ui, name: string) {
  return html`<form method="post" action="/logout"><a class="who" href="/account">${name}</a> <button class="quiet" type="submit">${layout.logout}</button></form>`;
}

function siteFoot({ text: { layout } }: Ui) {
  return html`<footer class="foot"><p>${layout.footer}</p><p><a href="/api/docs">${layout.api}</a></p></footer>`;
}

const CURRENT = raw(' aria-current="page"');

function isCurrent(path: string, href: string): boolean {
  return href === '/'
    ? path === '/' || path.startsWith('/services')
    : path === href || path.startsWith(`${href}/`);
}

import { html, raw } from 'hono/html';

/**
 * When a part of a screen asks for itself again: at once when its line changed, and now and then in any case. It needs
 * `hx-sync="this:abort"`: what comes meanwhile is asked for once afterwards (live.js), and must not be queued by htmx too.
 */
export const ON_CHANGE = 'news from:#live, every 10s';

/** The element that holds a stream. What refuses one is no content; see live.js, which tries again. */
export const STREAM = {
  'data-live-stream': true,
  'hx-trigger': 'load, retry',
  'hx-status:4xx': 'swap:none',
  'hx-status:5xx': 'swap:none',
  hidden: true,
};

const ATTRIBUTES = raw(
  Object.entries(STREAM)
    .map(([name, value]) => ` ${name}="${value === true ? '' : value}"`)
    .join(''),
);
const RINGS = raw(` hx-config='{"sse":{"pauseOnBackground":false}}'`);

/**
 * Tells a screen that stays open that one of these lines changed; see `ON_CHANGE`. One that rings listens on while
 * another window lies over it.
 */
export function LiveLines({ slugs, rings = false }: { slugs: readonly string[]; rings?: boolean }) {
  const address = `/live/lines/${slugs.join(',')}`;
  return html`<div id="live"${ATTRIBUTES} hx-sse:connect="${address}"${rings ? RINGS : ''}></div>`;
}

import { html } from 'hono/html';
import type { TicketEvent, ToldEvent } from '../../src/domain/event.ts';
import type { Ui } from '../ui.ts';
import { clockOf, type Scope } from './view.ts';

/** What was done to a ticket, in a word or two. */
export function happenedTo({ text: { events: t } }: Pick<Ui, 'text'>, { verb, toStatus }: ToldEvent): string {
  const half = toStatus === 'completed' ? 'complete' : 'start';
  return t.happened[verb === 'advance' ? half : verb] ?? t.changed;
}

/** All that was done to a ticket, by whom and why, for who wonders how it came to stand there. */
export function TicketEvents(view: { ui: Ui; scope: Scope; events: readonly TicketEvent[] }) {
  const t = view.ui.text.events;
  const rows = view.events.map((event) => {
    const time = clockOf(view, event.at);
    const by = event.actorName ?? (event.via && t.via[event.via]);
    const what = [happenedTo(view.ui, event), ...detailsOf(view, event)].join('; ');
    return html`<li><time datetime="${time}">${time}</time> <span>${what}${by ? html` <small>${by}</small>` : ''}</span></li>`;
  });
  return html`<section aria-labelledby="events"><h2 id="events">${t.title}</h2><ol class="events">${rows}</ol></section>`;
}

/** Where to and why, as far as somebody said it. What the program notes for itself is not for reading. */
function detailsOf({ ui, scope }: { ui: Ui; scope: Scope }, { verb, data }: TicketEvent): string[] {
  const { to, reason } = data ?? {};
  const told: Record<string, unknown[]> = {
    call: [reason],
    move: [reason],
    transfer: [scope.serviceNames.get(String(to)), reason],
    leave: [ui.text.events.leftWith[String(reason)]],
  };
  return (told[verb] ?? []).filter(Boolean).map(String);
}

import { html } from 'hono/html';
import { awaitsCall, mayChange } from '../../src/domain/held.ts';
import { LiveLines } from '../live.ts';
import { WhatToBring } from '../services/list.tsx';
import { TicketNotice } from './notice.tsx';
import { Receipt } from './receipt.tsx';
import { type ShownTicket, TicketPanel, takenText } from './ticket.tsx';

/** The page of a ticket, for whoever has its link. */
export function TicketPage({ shown }: { shown: ShownTicket }) {
  const { ui, held, paused, notice } = shown;
  const { service } = held;
  return (
    <>
      {mayChange(held, ui.now) && !paused && <LiveLines slugs={[service.slug]} rings />}
      <header>
        <h1>{service.name}</h1>
        <p class="hint">{takenText(ui, held)}</p>
      </header>
      <TicketNotice notice={notice} />
      <div class="split">
        <TicketPanel shown={shown} held={held} />
        {WhenCalled(shown)}
      </div>
    </>
  );
}

/** What its page swaps: the panel, and what stands beside it. */
export function ticketParts(shown: ShownTicket) {
  const panel = TicketPanel({ shown, held: shown.held });
  return html`${panel}<hx-partial hx-target="#when-called" hx-swap="outerMorph">${WhenCalled(shown)}</hx-partial>`;
}

/** What to do when called, for whoever is still to be called; its place is kept for those who come back into the line. */
function WhenCalled({ ui, held, path }: ShownTicket) {
  const { service } = held;
  const t = ui.text.ticket;
  if (!awaitsCall(held)) return html`<section id="when-called" hidden></section>`;
  return html`<section class="card when-called" id="when-called" aria-labelledby="when-called-title"><h2 id="when-called-title">${t.whenCalled}</h2><p>${t.whenCalledText(service.graceMinutes)}</p>${WhatToBring({ ui, service })}<p><a href="${path}?print">${t.print}</a></p></section>`;
}

/** The ticket as it is printed; with scripts, the dialog of the printer opens at once. */
export function PrintedTicket({ shown, link }: { shown: ShownTicket; link: string | undefined }) {
  const { ui, held, path } = shown;
  return (
    <>
      <h1 class="visually-hidden">{held.service.name}</h1>
      <Receipt ui={ui} held={held} link={link} />
      <p>
        <a class="button" href={path}>
          {ui.text.ticket.backToTicket}
        </a>
      </p>
    </>
  );
}

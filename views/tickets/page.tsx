import { mayChange } from '../../src/domain/held.ts';
import type { EntryStatus } from '../../src/domain/ticket.ts';
import { LiveLines } from '../live.ts';
import { WhatToBring } from '../services/list.tsx';
import { TicketNotice } from './notice.tsx';
import { Receipt } from './receipt.tsx';
import { type ShownTicket, TicketPanel, takenText } from './ticket.tsx';

/** The page of a ticket, for whoever has its link. */
export function TicketPage({ shown }: { shown: ShownTicket }) {
  const { ui, held, path, paused, notice } = shown;
  const t = ui.text.ticket;
  const { service, entry } = held;
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
        {mayChange(held, ui.now) && !AT_DESK.has(entry.status) && (
          <section class="card when-called" aria-labelledby="when-called">
            <h2 id="when-called">{t.whenCalled}</h2>
            <p>{t.whenCalledText(service.graceMinutes)}</p>
            <WhatToBring ui={ui} service={service} />
            <p>
              <a href={`${path}?print`}>{t.print}</a>
            </p>
          </section>
        )}
      </div>
    </>
  );
}

/** Whoever was called or is served needs no word of what to do then. */
const AT_DESK: ReadonlySet<EntryStatus> = new Set(['called', 'in_service']);

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

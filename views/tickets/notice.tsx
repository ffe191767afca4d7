import { html, raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { type HeldTicket, HOLDER_DEEDS, stillStands } from '../../src/domain/held.ts';
import type { Ui } from '../ui.ts';
import type { ShownTicket } from './ticket.tsx';

type Notice = Pick<ShownTicket, 'notice'>;

/**
 * What a form did, of the ticket or, as `children`, of its page. It stands outside of the panel, so that no news take it from
 * somebody who reads, but for those that make it untrue.
 */
export function TicketNotice({ notice, children }: Notice & { children?: Child }) {
  return (
    <div id="ticket-notice" class="stack">
      {children}
      <NoticeText notice={notice} />
    </div>
  );
}

/** The answer to a poll, with the title: it is all that somebody sees who looks at another tab. */
export function ticketUpdate(ui: Ui, title: string, panel: Child, held?: HeldTicket) {
  const { layout } = ui.text;
  return html`<title>${title} · ${layout.product}</title>${panel}${held ? untrue(held, ui.now) : ''}`;
}

/** Takes away what its page may still say and is true no more: all once the desk deals with it, else what was done and is over. */
function untrue({ entry }: HeldTicket, now: Date) {
  if (entry.status !== 'waiting') return NO_NOTICE;
  const over = HOLDER_DEEDS.filter((deed) => !stillStands(deed, entry, now));
  const which = over.map((deed) => `[data-deed=${deed}]`).join();
  return html`<hx-partial hx-target="${which}" hx-swap="delete"></hx-partial>`;
}

const NO_NOTICE = raw('<hx-partial hx-target="#ticket-notice" hx-swap="innerHTML"></hx-partial>');

/** The answer to a form of the panel: the panel, and what there is to say. */
export function TicketAnswer({ notice, children }: Notice & { children: Child }) {
  return (
    <>
      {children}
      <hx-partial hx-target="#ticket-notice" hx-swap="innerHTML">
        <NoticeText notice={notice} />
      </hx-partial>
    </>
  );
}

function NoticeText({ notice }: Notice) {
  if (!notice) return null;
  return (
    <p class="notice" data-kind={notice.kind} data-deed={notice.deed} tabindex={-1} data-focus>
      <span>{notice.text}</span>
    </p>
  );
}

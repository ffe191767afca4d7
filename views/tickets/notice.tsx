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

/**
 * The answer to a poll or to a form of the panel, with the title: it is all that somebody sees who looks at another tab.
 * `notices` is what becomes of the notice beside it.
 */
export function ticketAnswer(ui: Ui, title: string, panel: Child, notices: Child) {
  return html`<title>${title} · ${ui.text.layout.product}</title>${panel}${notices}`;
}

/** Takes away what its page may still say and is true no more: all once the desk deals with it, else what was done and is over. */
export function lessNotices({ now }: Ui, held: HeldTicket | undefined) {
  if (!held) return '';
  const { entry } = held;
  if (entry.status !== 'waiting') return NO_NOTICE;
  const over = HOLDER_DEEDS.filter((deed) => !stillStands(deed, entry, now));
  const which = over.map((deed) => `[data-deed=${deed}]`).join();
  return html`<hx-partial hx-target="${which}" hx-swap="delete"></hx-partial>`;
}

const NO_NOTICE = raw('<hx-partial hx-target="#ticket-notice" hx-swap="innerHTML"></hx-partial>');

/** In the place of all that its page said before. */
export function NewNotice({ notice }: Notice) {
  return (
    <hx-partial hx-target="#ticket-notice" hx-swap="innerHTML">
      <NoticeText notice={notice} />
    </hx-partial>
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

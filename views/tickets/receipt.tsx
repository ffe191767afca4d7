import type { HeldTicket } from '../../src/domain/held.ts';
import { cameLate } from '../../src/domain/order.ts';
import { Qr } from '../qr.tsx';
import type { Ui } from '../ui.ts';
import { estimateText, isEarly, takenText, timeText } from './ticket.tsx';

/** A ticket on paper, 80 mm wide: the number, how long it may take, and the way back to its page. */
export function Receipt({ ui, held, link }: { ui: Ui; held: HeldTicket; link?: string | undefined }) {
  const t = ui.text.ticket;
  const { entry, service, ahead, estimate } = held;
  const time = timeText(ui, held);
  return (
    <article class="receipt" aria-labelledby="receipt-number">
      <p>{service.name}</p>
      <h2 class="number" id="receipt-number">
        <span class="visually-hidden">{t.label} </span>
        {entry.number}
      </h2>
      {ahead !== null && !isEarly(ui, held) && (
        <p>
          <strong>{t.ahead(ahead)}</strong>
        </p>
      )}
      {time && <p>{time}</p>}
      {ahead !== null && cameLate(entry, service) && <p>{t.cameLate}</p>}
      {estimate && <p>{estimateText(ui, held, estimate)}</p>}
      {link && (
        <>
          <Qr text={link} label={t.qr} />
          <p>{t.follow}</p>
        </>
      )}
      <p>
        <small>{takenText(ui, held)}</small>
      </p>
    </article>
  );
}

import { MailLink } from '../parts.tsx';
import type { Ui } from '../ui.ts';

/** A standing reservation that a change would not have allowed. */
export interface ShownCollision {
  id: string;
  timeSlot: Date;
  timeZone: string;
  /** Null for a guest or an erased account. */
  name: string | null;
  email: string | null;
  /** Named where several services are concerned. */
  service?: string;
  why: 'closed' | 'over_capacity';
}

/** What an admin is asked before something is saved. */
export interface Question {
  collisions: readonly ShownCollision[];
  /** Stands for exactly these collisions: with others, it is asked again. */
  tag: string;
}

/** As many as stand open; the others unfold. */
const SHOWN = 8;

interface CollisionNoticeProps {
  ui: Ui;
  question: Question;
  /** What can be done about it. */
  text?: string;
  /** What the button does. */
  confirm?: string;
}

/** The reservations that stand in the way, and the button that saves all the same. Stands inside of the form. */
export function CollisionNotice({ ui, question, text, confirm }: CollisionNoticeProps) {
  const t = ui.text.admin.collisions;
  const { collisions, tag } = question;
  return (
    <div class="notice" data-kind="warning" role="alert" tabindex={-1} data-focus>
      <strong>{t.title(collisions.length)}</strong>
      <p>{text ?? t.text}</p>
      <CollisionList ui={ui} collisions={collisions.slice(0, SHOWN)} />
      {collisions.length > SHOWN && (
        <details>
          <summary>{t.more(collisions.length - SHOWN)}</summary>
          <CollisionList ui={ui} collisions={collisions.slice(SHOWN)} />
        </details>
      )}
      <p class="row">
        <button type="submit" name="confirmed" value={tag}>
          {confirm ?? t.confirm}
        </button>
      </p>
    </div>
  );
}

function CollisionList({ ui, collisions }: { ui: Ui; collisions: readonly ShownCollision[] }) {
  const t = ui.text.admin.collisions;
  return (
    <ul>
      {collisions.map(({ id, timeSlot, timeZone, name, email, service, why }) => {
        const when = ui.format.shortMoment(timeSlot, timeZone);
        const who = name ?? t.guest;
        return (
          <li>
            <a href={`/reservations/${id}`}>
              {service ? t.lineOf(when, who, service, t.why[why]) : t.line(when, who, t.why[why])}
            </a>{' '}
            <MailLink email={email} />
          </li>
        );
      })}
    </ul>
  );
}

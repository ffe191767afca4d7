import { encodedAddress, MailLink } from '../parts.tsx';
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

/** Mail programs refuse longer lists. */
const MOST_ADDRESSES = 50;

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
      <Collisions ui={ui} collisions={collisions} />
      <p class="row">
        <button type="submit" name="confirmed" value={tag}>
          {confirm ?? t.confirm}
        </button>
      </p>
    </div>
  );
}

interface CollisionsProps {
  ui: Ui;
  collisions: readonly ShownCollision[];
}

/** The reservations that were left standing by earlier changes. */
export function LeftStanding({ ui, collisions }: CollisionsProps) {
  const t = ui.text.admin.collisions;
  if (collisions.length === 0) return null;
  return (
    <div class="notice" data-kind="warning">
      <strong>{t.left(collisions.length)}</strong>
      <p>{t.leftText}</p>
      <Collisions ui={ui} collisions={collisions} />
    </div>
  );
}

function Collisions({ ui, collisions }: CollisionsProps) {
  const more = collisions.length - SHOWN;
  return (
    <>
      <CollisionList ui={ui} collisions={collisions.slice(0, SHOWN)} />
      {more > 0 && (
        <details>
          <summary>{ui.text.admin.collisions.more(more)}</summary>
          <CollisionList ui={ui} collisions={collisions.slice(SHOWN)} />
        </details>
      )}
      <WriteToAll ui={ui} collisions={collisions} />
    </>
  );
}

/** One mail to everybody, in which nobody sees the others. */
function WriteToAll({ ui, collisions }: CollisionsProps) {
  const addresses = [...new Set(collisions.flatMap(({ email }) => email ?? []))];
  if (addresses.length < 2 || addresses.length > MOST_ADDRESSES) return null;
  return (
    <p>
      <a href={`mailto:?bcc=${addresses.map(encodedAddress).join(',')}`}>
        {ui.text.admin.collisions.writeToAll(addresses.length)}
      </a>
    </p>
  );
}

function CollisionList({ ui, collisions }: CollisionsProps) {
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

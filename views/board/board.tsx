import type { Child } from 'hono/jsx';
import type { Board, BoardLine, Call } from '../../src/domain/board.ts';
import { ON_CHANGE, STREAM } from '../live.ts';
import type { Ui } from '../ui.ts';

export interface BoardView {
  ui: Ui;
  slug: string;
  /** What it is the board of. */
  name: string;
  message: string;
  timeZone: string;
  board: Board;
}

/** The page of a screen on the wall. */
export function BoardPage({ view: { ui, slug, name, timeZone }, panel }: { view: BoardView; panel: Child }) {
  const t = ui.text.board;
  return (
    <>
      <header class="wall-head">
        <h1>{name}</h1>
        <p class="wall-stale" role="alert" data-stale={t.stale} data-zone={timeZone} hidden></p>
      </header>
      <div
        id="live"
        {...STREAM}
        hx-sse:connect={`/live/boards/${slug}`}
        hx-target="#board"
        hx-swap="outerMorph"
        hx-config='{"sse":{"pauseOnBackground":false}}'
      ></div>
      {panel}
      <p class="visually-hidden" role="status" data-board-said></p>
      <section
        class="wall-sound"
        aria-label={t.sound}
        data-board-sound
        data-on={t.soundIsOn}
        data-off={t.soundIsOff}
        data-none={t.noSound}
        data-tested={t.tested}
        hidden
      >
        <button type="button" data-sound="on">
          {t.soundOn}
        </button>{' '}
        <button type="button" data-sound="off">
          {t.soundOff}
        </button>{' '}
        <button type="button" data-sound="speak">
          {t.voiceOn}
        </button>{' '}
        <button type="button" data-sound="mute">
          {t.voiceOff}
        </button>{' '}
        <button type="button" data-sound="test">
          {t.test}
        </button>{' '}
        <span role="status" data-sound-state></span>
      </section>
    </>
  );
}

/** What changes; the same for everybody. Where no stream comes through, it asks for itself. */
export function BoardPanel({ slug, tag, children }: { slug: string; tag: string; children: Child }) {
  return (
    <div
      id="board"
      class="wall"
      hx-get={`/board/${slug}`}
      hx-trigger={ON_CHANGE}
      hx-swap="outerMorph"
      hx-sync="this:abort"
      hx-ptag={tag}
      {...{ 'hx-status:5xx': 'swap:none' }}
    >
      {children}
    </div>
  );
}

/** Neither part is a live region: what was called is said in one sentence. */
export function BoardContent({ view }: { view: BoardView }) {
  const { ui, board, message, timeZone } = view;
  const t = ui.text.board;
  const lines = board.lines.filter(
    ({ waiting, closed, delayMinutes }) => waiting > 0 || closed || delayMinutes > 0,
  );
  return (
    <>
      <section aria-labelledby="now-serving">
        <h2 id="now-serving">{t.nowServing}</h2>
        {board.calls.length === 0 ? (
          <p class="wall-empty">{t.nobodyCalled}</p>
        ) : (
          <ol class="calls">
            {board.calls.map((call) => (
              <CallItem ui={ui} call={call} />
            ))}
          </ol>
        )}
      </section>
      <section aria-labelledby="next">
        <h2 id="next">{t.next}</h2>
        {lines.length === 0 ? (
          <p class="wall-empty">{t.nobodyWaits}</p>
        ) : (
          <ul class="lines">
            {lines.map((line) => (
              <LineItem ui={ui} line={line} named={board.lines.length > 1} />
            ))}
          </ul>
        )}
      </section>
      <footer class="wall-foot">
        {message !== '' && <p>{message}</p>}
        <p>{t.asOf(ui.format.time(ui.now, timeZone))}</p>
      </footer>
    </>
  );
}

/** So many letters of a desk's name stand beside a number in its size. */
const SHORT = 12;

function CallItem({ ui, call }: { ui: Ui; call: Call }) {
  const t = ui.text.board;
  return (
    <li
      id={`call-${call.key.replace(':', '-')}`}
      data-call={call.key}
      data-say={t.say(call.number, call.desk)}
    >
      <b class="number">{call.number}</b>{' '}
      {call.desk && (
        <span class={call.desk.length > SHORT ? 'to long' : 'to'}>
          <span class="visually-hidden">{t.comeTo} </span>
          <span aria-hidden="true">→ </span>
          {call.desk}
        </span>
      )}{' '}
      {call.name && <small>{call.name}</small>}
    </li>
  );
}

function LineItem({ ui, line, named }: { ui: Ui; line: BoardLine; named: boolean }) {
  const t = ui.text.board;
  const more = line.waiting - line.next.length;
  return (
    <li>
      {named && <h3>{line.name}</h3>}
      {line.next.length === 0 ? (
        <p>{t.nobodyWaits}</p>
      ) : (
        <ol class="next-numbers">
          {line.next.map((number) => (
            <li>{number}</li>
          ))}
        </ol>
      )}
      <p class="hint">
        {[
          more > 0 && t.waiting(line.waiting),
          line.forNew !== null && t.forNew(ui.text.ticket.estimate(line.forNew.low, line.forNew.high)),
        ]
          .filter((part) => part !== false)
          .join(' · ')}
      </p>
      {/* What changes somebody's plans is read from afar. */}
      {line.delayMinutes > 0 && <p class="told">{t.delay(ui.format.minutes(line.delayMinutes))}</p>}
      {line.closed && <p class="told">{t.closed}</p>}
    </li>
  );
}

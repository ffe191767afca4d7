import { Hono } from 'hono';
import { raw } from 'hono/html';
import { BoardContent, BoardPage, BoardPanel, type BoardView } from '../../views/board/board.tsx';
import type { Ui } from '../../views/ui.ts';
import { found } from '../actions/act.ts';
import { type BoardPlace, boardTopics, findBoard, readBoard } from '../actions/board.ts';
import type { Store } from '../db/store.ts';
import { minuteOf } from '../domain/clock.ts';
import { tagOf } from '../domain/tag.ts';
import { htmlEvent } from '../live/channel.ts';
import type { C, Env } from '../web/env.ts';
import { showKept, uiOf } from '../web/render.tsx';
import { stream } from './live.ts';

/** How often a board without JavaScript loads itself again, in seconds. */
const REFRESH = 5;

export const boardPages = new Hono<Env>()
  .get('/board/:slug', async (c) => {
    const place = await reach(c);
    return showKept(c, await uiOf(c), boardTopics(place), async (ui) => {
      const view = await viewOf(c.get('parts').store, ui, place);
      const { panel, tag } = panelOf(view);
      return {
        tag,
        title: ui.text.board.title(place.name),
        width: 'wide',
        bare: true,
        styles: ['board.css'],
        scripts: ['live.js', 'board.js'],
        refresh: REFRESH,
        main: () => <BoardPage view={view} panel={panel} />,
        parts: { board: () => panel },
      };
    });
  })
  .get('/live/boards/:slug', async (c) => {
    const place = await reach(c);
    const ui = { ...(await uiOf(c)), actor: null };
    const { clock, store: ofRequest } = c.get('parts');
    let topics = boardTopics(place);
    return stream(c, {
      name: `board ${place.slug}`,
      topics: () => topics,
      make: async () => {
        // Its services and their names may be others by now.
        const [store, now] = [ofRequest.fromNow(), clock()];
        const key = `board ${place.slug} ${minuteOf(now)}`;
        const fresh = (await findBoard(store, place.slug)) ?? place;
        topics = boardTopics(fresh);
        return store.keep(
          key,
          () => boardTopics(fresh),
          async () => {
            const view = await viewOf(store, { ...ui, now }, fresh);
            return htmlEvent(String(panelOf(view).panel));
          },
        );
      },
    });
  });

async function reach(c: C): Promise<BoardPlace> {
  return found(await findBoard(c.get('parts').store, c.req.param('slug') ?? ''));
}

/** The board's content, named by itself: every instance says the same of the same. */
function panelOf(view: BoardView) {
  const content = String(<BoardContent view={view} />);
  const tag = tagOf(content);
  const panel = (
    <BoardPanel slug={view.slug} tag={tag}>
      {raw(content)}
    </BoardPanel>
  );
  return { panel, tag };
}

async function viewOf(store: Store, ui: Ui, place: BoardPlace): Promise<BoardView> {
  const board = await readBoard(store, place, ui.now);
  const { slug, name, message, timeZone } = place;
  return { ui, slug, name, message, timeZone, board };
}

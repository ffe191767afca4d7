/** When a part of a screen asks for itself again: at once when its line changed, and now and then in any case. */
export const ON_CHANGE = 'changed from:#live, every 10s';

/**
 * The stream of a screen that stays open, at `path`. Without children it only tells that something changed (`ON_CHANGE`);
 * with them, each event replaces them.
 */
export function LiveStream({ path }: { path: string }) {
  return <div id="live" data-live-stream hx-sse:connect={path} hidden></div>;
}

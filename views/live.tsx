/** When a part of a screen asks for itself again: at once when its line changed, and now and then in any case. */
export const ON_CHANGE = 'news from:#live, every 10s';

/**
 * Tells a screen that stays open that one of these lines changed; see `ON_CHANGE`. One that rings listens on while
 * another window lies over it.
 */
export function LiveLines({ slugs, rings = false }: { slugs: readonly string[]; rings?: boolean }) {
  return (
    <div
      id="live"
      data-live-stream
      hx-sse:connect={`/live/lines/${slugs.join(',')}`}
      {...(rings && { 'hx-config': '{"sse":{"pauseOnBackground":false}}' })}
      hidden
    ></div>
  );
}

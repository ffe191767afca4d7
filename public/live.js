// For screens that stay open; htmx's own extension reads their stream. Without this file they ask again now and then.
// Every screen asks now and then, and a stream tells that it lives: one that hears nothing for longer is as good as cut.
{
  const LOOK = 5_000;
  // Counted in looks, not by the clock: in a window in the background they come as rarely as its questions do.
  const SILENCE = 4;
  const SLOW = 2_000;
  const RETRY = 20_000;
  const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  // As the clock on the wall has it: a screen's own may be set to any zone. A browser may be older than a zone's name.
  const clock = (timeZone) => {
    const { lang } = document.documentElement;
    try {
      return new Intl.DateTimeFormat(lang, { ...CLOCK, timeZone });
    } catch {
      return new Intl.DateTimeFormat(lang, CLOCK);
    }
  };
  const live = document.querySelector('[data-live-stream]');
  // Where this file came late, htmx has looked at the page before it knew of streams. Its look is a timer older than this.
  setTimeout(() => live && !live._htmx && htmx.process(live));
  let heard = Date.now();
  let quiet = 0;
  let cut = false;

  const show = () => {
    const stale = cut || quiet > SILENCE;
    for (const el of document.querySelectorAll('[data-stale]')) {
      const { stale: text, zone } = el.dataset;
      el.textContent = stale ? text.replace('{time}', clock(zone).format(heard)) : '';
      el.hidden = !stale;
    }
  };
  const alive = () => {
    heard = Date.now();
    quiet = 0;
    cut = false;
    show();
  };
  // The banner is app.js's. A screen that does not ask, as one that is paused, has nothing to hear.
  const look = () => {
    quiet += 1;
    show();
    if (quiet === SILENCE && document.querySelector('[hx-ptag]')) banner(true);
  };
  // What asks for itself then either gets an answer, or shows at once that there is no connection.
  const ask = () => live?.dispatchEvent(new Event('news'));
  const lost = () => {
    cut = true;
    show();
    ask();
  };
  // News that come while a form or a poll is under way are dropped for it: they are asked for afterwards, once.
  let underWay = 0;
  let late = false;
  const others = (count) => (event) => {
    if (event.detail.ctx?.sourceElement === live) return;
    underWay = Math.max(0, underWay + count);
    if (underWay > 0 || !late) return;
    late = false;
    setTimeout(ask);
  };
  document.addEventListener('htmx:before:request', others(1));
  document.addEventListener('htmx:finally:request', others(-1));
  // Another instance may hear of it a moment later: what is asked there waits for that.
  live?.addEventListener('htmx:sse:before:message', ({ detail: { message } }) => {
    const [, mark] = message.event === 'news' ? message.data.split(' ') : [];
    // biome-ignore lint/suspicious/noDocumentCookie: without TLS there is no other way
    if (mark) document.cookie = `now-serving.seen=${mark}; path=/; max-age=5; samesite=lax`;
  });
  // On its way down to it, before any poll begins for these news: that one would be taken for one under way.
  const noteLate = () => {
    late ||= underWay > 0;
  };
  document.addEventListener('news', noteLate, true);
  // What was pressed and takes long is told of, where nothing else is.
  const sending = (on) => {
    const el = document.querySelector('[data-sending]');
    const text = el.dataset.sending;
    if (el.textContent !== (on ? '' : text)) return;
    el.textContent = on ? text : '';
    el.hidden = !on;
  };
  let slow;
  document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
    if (!isDeed(ctx)) return;
    clearTimeout(slow);
    slow = setTimeout(sending, SLOW, true);
  });
  document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
    if (!isDeed(ctx)) return;
    clearTimeout(slow);
    sending(false);
  });
  // Whoever is called feels it, and whoever is called again.
  const calledAt = () => Number(document.querySelector('#ticket-panel [data-call]')?.dataset.call ?? 0);
  let call = calledAt();
  document.addEventListener('htmx:after:swap', () => {
    const now = calledAt();
    if (now > call) navigator.vibrate?.([300, 150, 300]);
    call = now;
  });
  // Whoever was sent to another line hears that one from then on, under its name.
  document.addEventListener('htmx:after:swap', () => {
    const { lines } = document.querySelector('[data-lines]')?.dataset ?? {};
    if (live && lines !== undefined && !live.getAttribute('hx-sse:connect').endsWith(`/${lines}`))
      location.reload();
  });
  for (const event of ['htmx:sse:after:connection', 'htmx:sse:after:message']) {
    live?.addEventListener(event, alive);
  }
  // Where no stream comes through, a screen that asks for itself is as true. htmx tries a stream again only once it stood.
  const refused = () => {
    lost();
    setTimeout(() => live.dispatchEvent(new Event('retry')), RETRY * (0.5 + Math.random()));
  };
  document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
    const { status } = ctx.response;
    if (ctx.sourceElement === live && status >= 400) refused();
    if (ctx.sourceElement?.matches('[hx-ptag]') && status < 500) alive();
  });
  document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
    if (live && ctx?.sourceElement === live && !ctx.response) refused();
  });
  live?.addEventListener('htmx:sse:error', lost);
  addEventListener('offline', lost);
  addEventListener('online', ask);
  setInterval(look, LOOK);
}

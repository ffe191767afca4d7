// Progressive enhancement only: everything works without this file.
// A button that was perhaps pressed in vain is told of until one works, or for a while after the connection is back.
let inVain = false;
const online = navigator.onLine;
const TOLD = 20_000;
// The banner is empty until then: browsers of text show what is hidden, too.
const banner = (cut, what) => {
  const el = document.querySelector('[data-offline]');
  const { offline, inVain: lost, again } = el.dataset;
  el.textContent = (cut ? el.dataset[what] || (inVain && lost) || offline : inVain && again) || '';
  el.hidden = !el.textContent;
  if (inVain && !cut) setTimeout(forget, TOLD);
};
const forget = () => {
  if (!navigator.onLine) return;
  inVain = false;
  banner(false);
};
const isDeed = ({ request }) => !['GET', 'HEAD'].includes(request.method);
// Only a request without a full answer means "offline": a failed swap also fires htmx:error. A stream may be cut where
// all else goes through (live.js).
document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
  if (!ctx?.request || ctx.text !== undefined || ctx.sourceElement?.matches('[data-live-stream]')) return;
  inVain ||= isDeed(ctx);
  banner(true);
});
document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
  if (ctx.response.status >= 500) return;
  if (isDeed(ctx)) inVain = false;
  banner(false);
});
// The browser knows before the next request does.
addEventListener('offline', () => banner(true));
addEventListener('online', () => banner(false));
if (!navigator.onLine) banner(true);

// The attribute goes once used: a later swap elsewhere must not steal the focus,
// and a morph that puts it back asks again.
const focusAsked = () => {
  const el = document.querySelector('[data-focus]');
  // "lost" asks for it only where the swap took the element that had it. What they look at stays in sight then.
  const lost = el?.dataset.focus === 'lost';
  el?.removeAttribute('data-focus');
  if (!lost || document.activeElement === document.body) el?.focus({ preventScroll: lost });
};
document.addEventListener('htmx:after:swap', focusAsked);
focusAsked();

// A swap may put another button under the pointer: neither the second half of a double click nor a key that is
// held down presses that one too.
const again = (event) => {
  const repeated = event.detail > 1 || (event.repeat && event.key === 'Enter');
  if (repeated && event.target.closest('[data-once] button, [data-live] button')) event.preventDefault();
};
addEventListener('click', again, true);
addEventListener('keydown', again, true);

// Without a network the browser's page of errors would replace this one. A server on this machine needs none.
const hold = (event, what) => {
  if (event.defaultPrevented || !online || navigator.onLine) return;
  event.preventDefault();
  banner(true, what);
};
addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  // What lies on this page is here.
  const here = link?.hash && link.pathname === location.pathname;
  if (link?.origin === location.origin && !here) hold(event);
});
// Where nothing answers, the browser's page of errors would replace what was typed: a form that htmx does not send goes out
// once something answered. Sending it here would save slow phones that round trip, but take the code for all that the
// browser does with the answer. Of a proxy, only what is no error of a server counts.
const reachable = () =>
  fetch('/readyz', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout?.(5000) })
    // Until its end: the page that comes would cut it off.
    .then((answer) => answer.text().then(() => answer.status < 500))
    .catch(() => false);
let sure;
// On window, so that htmx and confirmations have spoken: a prevented submit is not ours.
addEventListener('submit', async (event) => {
  const { target: form, submitter } = event;
  hold(event, 'unsent');
  if (event.defaultPrevented || form === sure || !form.matches('[data-once]')) return;
  if (form.ariaBusy) return event.preventDefault();
  form.ariaBusy = 'true';
  // An old browser sends it as it is.
  if (form.requestSubmit) {
    event.preventDefault();
    if (!(await reachable())) {
      form.ariaBusy = null;
      return banner(true, 'unsent');
    }
    sure = form;
    form.requestSubmit(submitter);
    sure = null;
  }
  setTimeout(() => {
    form.ariaBusy = null;
  }, 5000);
});
// Back to a page the browser kept as it was: its forms are free again.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('[data-once]')) form.ariaBusy = null;
});

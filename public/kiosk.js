// What a scanner types replaces a code that was wrong.
document.querySelector('input[autofocus]')?.select();

// Where nothing answers it stays: the browser's own page of errors would never come back from there.
const [, , slug] = location.pathname.split('/');
const PATIENCE = 5_000;
let retry;
const answers = async (signal) => {
  const ok = await fetch(`/kiosk/${slug}`, { method: 'HEAD', signal })
    // Until its end: a request that the next page cuts off would be told as one that failed.
    .then((answer) => answer.text().then(() => answer.ok))
    .catch(() => false);
  // The banner of a lost connection is app.js's.
  dispatchEvent(new Event(ok ? 'online' : 'offline'));
  // Nobody may be there to try again: the banner goes as soon as somebody could.
  clearTimeout(retry);
  if (!ok) retry = setTimeout(() => answers(AbortSignal.timeout(PATIENCE)), PATIENCE);
  return ok;
};
// What is left takes the place of what comes: going back shows nobody the ticket of whoever stood here before.
const leave = async (href, signal) => {
  const here = await answers(signal);
  if (here) location.replace(href);
  return here;
};
addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  if (!link || event.defaultPrevented) return;
  event.preventDefault();
  void leave(link.href, AbortSignal.timeout(PATIENCE));
});

// A screen that many share goes back to its start when nobody touches it. Typing counts as touching.
const screen = document.querySelector('[data-idle]');
if (screen) {
  let timer;
  const home = async () => {
    if (!(await leave(screen.dataset.start))) again();
  };
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(home, screen.dataset.idle * 1000);
  };
  for (const type of ['pointerdown', 'keydown', 'input', 'scroll']) addEventListener(type, again, true);
  again();
}

// What a scanner types replaces a code that was wrong.
document.querySelector('input[autofocus]')?.select();

// A screen that many share goes back to its start when nobody touches it. Typing counts as touching.
const screen = document.querySelector('[data-idle]');
if (screen) {
  let timer;
  // Where nothing answers it stays: the browser's own page of errors would never come back from there.
  const home = async () => {
    const answer = await fetch(screen.dataset.start, { method: 'HEAD' }).catch(() => undefined);
    if (answer?.ok) location.replace(screen.dataset.start);
    else again();
  };
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(home, screen.dataset.idle * 1000);
  };
  for (const type of ['pointerdown', 'keydown', 'input', 'scroll']) addEventListener(type, again, true);
  again();
}

// A screen that many share goes back to its start when nobody touches it. Typing counts as touching.
const screen = document.querySelector('[data-idle]');
if (screen) {
  let timer;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => location.replace(screen.dataset.start), screen.dataset.idle * 1000);
  };
  for (const type of ['pointerdown', 'keydown', 'input', 'scroll']) addEventListener(type, again, true);
  again();
}

// For the desk's screens only, and nothing there needs it.
// A block of its own: scripts of a page share the names outside.
{
  const root = document.documentElement;
  const STORE = 'now-serving.shortcuts';
  const stored = () => {
    try {
      return localStorage.getItem(STORE);
    } catch {
      return null;
    }
  };
  let on = stored() !== 'off';

  // The keys are shown by the stylesheet, so that a swap of the panel neither shows nor hides them.
  const showKeys = () => {
    root.classList.toggle('shortcuts', on);
    for (const place of document.querySelectorAll('[data-shortcuts]')) {
      const button = place.firstElementChild ?? place.appendChild(document.createElement('button'));
      button.type = 'button';
      button.className = 'quiet';
      button.textContent = place.dataset.shortcuts;
      button.ariaPressed = String(on);
      button.onclick = () => {
        on = !on;
        try {
          localStorage.setItem(STORE, on ? 'on' : 'off');
        } catch {
          // A browser that keeps nothing forgets the choice with the page.
        }
        showKeys();
      };
    }
  };
  showKeys();

  // Nobody loses a walk-in that is half typed without being asked, but whoever sends it or cancels it knows.
  const halfTyped = () =>
    [...document.querySelectorAll('#walk-in :is(input, textarea)')].some(({ type, value, checked }) =>
      type === 'checkbox' ? checked : type !== 'hidden' && value.trim() !== '',
    );
  let known = false;
  addEventListener('click', ({ target }) => {
    known = Boolean(target.closest?.('#walk-in a'));
  });
  addEventListener('submit', (event) => {
    known = !event.defaultPrevented && Boolean(event.target.closest('#walk-in'));
  });
  addEventListener('beforeunload', (event) => {
    if (!known && halfTyped()) event.preventDefault();
  });

  const typing = ({ target }) => target.closest?.('input, select, textarea, [contenteditable]');
  // The answer to a key may put another button under it: pressed twice in a hurry, it counts once.
  let last = { key: '', at: 0 };
  const HURRY = 500;
  addEventListener('keydown', (event) => {
    if (!on || event.repeat || event.isComposing || event.defaultPrevented || typing(event)) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const key = event.key.toLowerCase();
    const el = /^[a-z]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
    if (!el || el.checkVisibility({ visibilityProperty: true }) === false) return;
    // Keys that lead away are deaf then: they may be a part of what was meant to be typed.
    if (el.matches('a') && halfTyped()) return;
    event.preventDefault();
    const inHurry = key === last.key && event.timeStamp - last.at < HURRY;
    last = { key, at: event.timeStamp };
    if (inHurry) return;
    if (el.matches('input')) el.focus();
    else el.click();
  });

  // What was done is told on top of the screen, and stays there: it must not lie over what was pressed, which may be
  // pressed again.
  const GAP = 48;
  let pressed = 0;
  addEventListener(
    'click',
    ({ target, clientY }) => {
      pressed = target.closest('#desk-panel button') ? clientY : 0;
    },
    true,
  );
  document.addEventListener('htmx:after:swap', () => {
    const notice = document.querySelector('#desk-notice .notice');
    if (!pressed || !notice?.checkVisibility()) return;
    const covered = notice.getBoundingClientRect().bottom + GAP - pressed;
    if (covered > 0) scrollBy(0, -covered);
    pressed = 0;
  });

  for (const place of document.querySelectorAll('[data-print]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = place.dataset.print;
    button.onclick = () => print();
    place.append(' ', button);
  }
}

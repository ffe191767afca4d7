// What a board says and plays. Everything it shows comes from the server; without this file it is a silent board.
{
  const sound = document.querySelector('[data-board-sound]');
  const said = document.querySelector('[data-board-said]');
  const state = document.querySelector('[data-sound-state]');
  const GAP = 700;
  /** A browser whose voice never ends its sentence must not hold up the next call. */
  const LONGEST = 8_000;

  const STORE = 'board.speaks';
  /** A browser that keeps nothing may throw instead. */
  const stored = () => {
    try {
      return localStorage.getItem(STORE);
    } catch {
      return null;
    }
  };

  let context;
  let speaks = stored() !== 'no';
  let playing = false;
  const waiting = [];
  const calls = () => [...document.querySelectorAll('#board [data-call]')];
  /** What was announced, or stood there when the board was opened. */
  let known = new Set(calls().map(({ dataset }) => dataset.call));

  const isOn = () => context?.state === 'running';
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  async function chime() {
    const start = context.currentTime;
    for (const [at, pitch] of [
      [0, 659.3],
      [0.28, 523.3],
    ]) {
      const tone = new OscillatorNode(context, { frequency: pitch });
      const volume = new GainNode(context, { gain: 0 });
      volume.gain.setValueAtTime(0.35, start + at);
      volume.gain.exponentialRampToValueAtTime(0.001, start + at + 0.6);
      tone.connect(volume).connect(context.destination);
      tone.start(start + at);
      tone.stop(start + at + 0.6);
    }
    await wait(900);
  }

  function speak(text) {
    return new Promise((resolve) => {
      const words = new SpeechSynthesisUtterance(text);
      words.lang = document.documentElement.lang;
      words.rate = 0.9;
      words.onend = resolve;
      words.onerror = resolve;
      setTimeout(resolve, LONGEST);
      speechSynthesis.speak(words);
    });
  }

  // One after another: a call is never cut off by the next.
  async function play() {
    if (playing) return;
    playing = true;
    while (waiting.length > 0) {
      const { text, key } = waiting.shift();
      // Taken back, or followed already, while others were announced.
      if (key && !calls().some(({ dataset }) => dataset.call === key)) continue;
      said.textContent = text;
      if (isOn()) await chime();
      if (isOn() && speaks && 'speechSynthesis' in window) await speak(text);
      await wait(GAP);
    }
    playing = false;
  }

  // Also what was called while there was no connection: it still stands there after it.
  function announce() {
    const fresh = calls().filter(({ dataset }) => !known.has(dataset.call));
    for (const call of fresh.reverse()) {
      known.add(call.dataset.call);
      call.dataset.new = '';
      waiting.push({ text: call.dataset.say, key: call.dataset.call });
    }
    known = new Set([...known].slice(-500));
    void play();
  }
  document.addEventListener('htmx:after:swap', announce);

  function show() {
    const { on, off, none } = sound.dataset;
    const able = 'AudioContext' in window;
    for (const button of sound.querySelectorAll('[data-sound]')) {
      const { sound: kind } = button.dataset;
      button.hidden =
        !able ||
        { on: isOn(), off: !isOn(), test: !isOn(), speak: !isOn() || speaks, mute: !isOn() || !speaks }[kind];
    }
    state.textContent = able ? (isOn() ? on : off) : none;
    sound.hidden = false;
  }

  sound.addEventListener('click', async (event) => {
    const kind = event.target.closest('[data-sound]')?.dataset.sound;
    if (!kind) return;
    if (kind === 'on') {
      // Browsers make sound only after somebody has touched the page.
      context ??= new AudioContext();
      await context.resume();
    }
    if (kind === 'off') await context.suspend();
    if (kind === 'speak' || kind === 'mute') {
      speaks = kind === 'speak';
      try {
        localStorage.setItem(STORE, speaks ? 'yes' : 'no');
      } catch {
        // It holds until the page is closed.
      }
    }
    if (kind === 'on' || kind === 'test') {
      waiting.push({ text: sound.dataset.tested });
      void play();
    }
    show();
    // The button that was pressed is gone: the next one takes the focus.
    if (event.target.hidden) sound.querySelector('[data-sound]:not([hidden])')?.focus();
  });
  show();
}

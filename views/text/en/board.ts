export const board = {
  title: (name: string) => `Board · ${name}`,
  nowServing: 'Now serving',
  nobodyCalled: 'Nobody has been called yet.',
  comeTo: 'to',
  next: 'Next',
  nobodyWaits: 'Nobody is waiting.',
  waiting: (count: number) => `${count} waiting`,
  closed: 'No new tickets today',
  forNew: (estimate: string) => `New numbers: ${estimate.toLowerCase()}`,
  delay: (minutes: string) => `About ${minutes} late`,
  asOf: (time: string) => `As of ${time}`,
  /** Filled in by the browser, which knows since when. */
  stale: 'No connection since {time}',
  say: (number: string, desk: string | null) =>
    desk ? `Number ${spelled(number)}. ${desk}.` : `Number ${spelled(number)}.`,
  sound: 'Sound',
  soundOn: 'Turn sound on',
  soundOff: 'Turn sound off',
  soundIsOn: 'Sound is on.',
  soundIsOff: 'Sound is off.',
  noSound: 'This browser plays no sound.',
  voiceOn: 'Speak the numbers',
  voiceOff: 'Do not speak the numbers',
  test: 'Test the sound',
  tested: 'This is a test.',
};

/** With the letter apart, so that a voice does not read it as a word. */
function spelled(number: string): string {
  return number.replace(/^(\D+)/, '$1 ');
}

import type { HolderDeed, RegrettedDeed } from '../../../src/domain/held.ts';
import type { WorseCode } from '../../../src/domain/why.ts';

/** `1 person`, `3 people`. */
function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}

/** `50 min`, `2 h`, `2 h 15 min`, which no line breaks. */
function hours(minutes: number): string {
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [whole > 0 && `${whole} h`, (rest > 0 || whole === 0) && `${rest} min`]
    .filter(Boolean)
    .join(' ')
    .replaceAll(' ', '\u00a0');
}

const worse: Record<WorseCode, string> = {
  delayed: 'you asked for more time',
  returned: 'you came back, and the places that the time you asked for cost stay lost',
  requeued: 'you were called, and the desk put you back into the line',
  moved_back: 'the desk moved your ticket back',
  priority: 'somebody with priority goes before you',
  reservation_due: 'the time of somebody with a reservation has come',
  reinstated: 'somebody who missed their call came back to their old place',
  moved: 'the desk moved another ticket up',
  requeued_other: 'somebody who was called was put back into the line',
  transferred: 'somebody was sent here from another line, and keeps the time they waited',
  undone: 'the desk took back a mistake',
  arrived: 'somebody whose turn comes before yours arrived',
};

const done: Record<HolderDeed, (until: string) => string> = {
  leave: () => 'You left the line.',
  delay: (until) => `You have more time: nobody calls you before ${until}.`,
  back: () => 'Good, you are back in the line.',
  undo: () => 'That was undone.',
};

const undo: Record<RegrettedDeed, string> = {
  leave: 'Undo leaving the line',
  delay: 'Undo asking for ten more minutes',
  back: 'Undo coming back',
};

const unlessEmpty = 'You will not be called earlier unless the line is empty.';

export const ticket = {
  title: (number: string, service: string) => `${number} · ${service}`,
  label: 'Ticket',
  ahead: (count: number) => (count === 0 ? 'You are next' : `${people(count)} ahead of you`),
  waiting: 'Please stay close. This page keeps itself up to date.',
  waitingLong: 'Please be back in good time. This page keeps itself up to date.',
  sentHere: (service: string) =>
    `The desk sent you to ${service}. You keep your number and the time that you have waited.`,
  unlessEmpty,
  notDueYet: (time: string) => `Your time is ${time}. ${unlessEmpty}`,
  yourTime: (time: string) => `Your time is ${time}`,
  notDueBefore: (time: string, from: string) =>
    `Your time is ${time}. You will not be called before ${from}.`,
  cameLate: 'You came later than the time that you booked, so you wait from your arrival on.',
  notBefore: (time: string) => `You will not be called before ${time}.`,
  away: (time: string) => `You asked for time. Nobody calls you before ${time}.`,
  turn: (desk: string | null, time: string, recalled: boolean) =>
    `It is your turn. Please come to ${desk ?? 'the desk'} now. Called ${recalled ? 'again ' : ''}at ${time}.`,
  changed: 'Your ticket has changed in the meantime. Nothing was done; this is how it stands.',
  in_service: 'You are being served.',
  servedAt: (desk: string) => `You are being served at ${desk}.`,
  turnTitle: (number: string) => `Your turn: ${number}`,
  parked: 'You are on hold. The desk will call you again.',
  completed: 'You were served. Thank you for coming.',
  skipped: 'You were called and did not come.',
  skippedUncalled: 'The desk skipped your ticket.',
  backUntil: (time: string) =>
    `Until ${time} you can have your old place back: please speak to the desk now.`,
  backOver: 'It is too late to have your place back. Please speak to the desk, or take a new number.',
  backNever: 'It is too late to have your place back. Please speak to the desk.',
  left: 'You are no longer in the line.',
  over: 'That day is over.',
  toCome: (day: string, time: string) =>
    `This is your number for ${day}. You need not check in: be there at ${time}, and it will be called.`,
  estimate: (low: number, high: number) => {
    if (high <= 1) return 'About a minute';
    if (high <= 60) return low === high ? `About ${low} minutes` : `About ${low} to ${high} minutes`;
    // So far ahead nobody knows the minute.
    const from = Math.floor(low / 5) * 5;
    return `About ${hours(from)} to ${hours(Math.max(Math.ceil(high / 5) * 5, from + 5))}`;
  },
  estimateAt: (estimate: string, time: string) => `${estimate}, as of ${time}`,
  late: (minutes: number) => `Today this line runs about ${minutes} minutes late.`,
  worse,
  worseAt: (time: string, why: string, ahead: number) =>
    `${time}: ${why}. From then on ${ahead === 1 ? '1 person was' : `${ahead} people were`} ahead of you.`,
  worseTitle: 'Why you wait longer',
  leave: 'Leave the line',
  delay: 'I need ten more minutes',
  delayCost: (left: number, until: string, places: number) =>
    `If you need ten more minutes, say so here${left === 1 ? ', once more' : ', twice at most'}. You are then not called before ${until}${
      places === 0
        ? '; nobody behind you is due before then.'
        : `, and ${people(places)} behind you may go first.`
    }`,
  back: 'I am back',
  undo,
  undoWithin: 'For half a minute you can take that back.',
  undoLeave: 'Take my old place again',
  newNumber: 'Take a new number',
  newNumberStill: 'Take a new number all the same',
  done,
  whenCalled: 'When it is your turn',
  whenCalledText: (minutes: number) =>
    minutes > 0
      ? `This page says so and names the desk: go there at once. If you miss the call, your place is kept for ${minutes} minutes.`
      : 'This page says so and names the desk: go there at once.',
  paused: 'Updates are paused: you are not told here when you are called.',
  pause: 'Pause updates',
  resume: 'Resume updates',
  reload: 'Reload this page to see your place.',
  updated: (time: string) => `As of ${time}`,
  print: 'Print this ticket',
  printed: (time: string) => `Printed at ${time}`,
  backToTicket: 'Back to the ticket',
  taken: (moment: string) => `Taken ${moment}`,
  bookedFor: (moment: string) => `For ${moment}`,
  follow: 'Follow your place on your phone',
  qr: 'QR code of this ticket’s page',
};

import type { Closed } from '../../../src/domain/join.ts';

const closed: Record<Closed['why'], (from: string) => string> = {
  no_walk_ins: () => 'This service takes no walk-ins. You can book a time.',
  last_ticket: () => 'The last number of today has been given.',
  not_by_phone: () => 'Numbers of this service are not given by phone. Please take one when you are there.',
  closed: () => 'We are closed now. Numbers are given on the day itself, while we are open.',
  too_early: (from) => `Numbers are given by phone from ${from} on.`,
  too_late: () => 'No more numbers are given by phone today. Please ask at the desk.',
  full: () => 'All numbers that are given by phone today are taken. Please ask at the desk.',
};

export const join = {
  title: (service: string) => `Take a number: ${service}`,
  lede: 'Your number comes to this phone. You need no account and can wait where you like.',
  waiting: (count: number) =>
    count === 0 ? 'Nobody waits.' : count === 1 ? '1 person waits.' : `${count} people wait.`,
  forNew: (estimate: string, time: string) =>
    `Whoever takes a number now waits ${estimate.toLowerCase()}, as of ${time}.`,
  late: (minutes: number) => `Today this line runs about ${minutes} minutes late.`,
  name: 'Your name',
  nameHint: 'The desk calls you by it.',
  phone: 'Your phone number',
  phoneHint: 'The desk rings you if it cannot find you.',
  take: 'Take a number',
  again: 'Your last ticket here is over. If you want a new number, press once more.',
  closedTitle: 'No numbers by phone now',
  neverTitle: 'No numbers by phone',
  closed,
  book: 'Book a time instead',
  poster: {
    title: (service: string) => `Poster: ${service}`,
    heading: 'Take a number on your phone',
    text: 'Point your camera at the code. No app, no account: your number and your place in the line come to your phone.',
    orGo: 'Or open',
    off: 'This service gives no numbers by phone now. Whoever follows the code is told so.',
    qr: (address: string) => `QR code that leads to ${address}`,
    print: 'Print this page and hang it at the door.',
    back: 'Back to the line',
  },
};

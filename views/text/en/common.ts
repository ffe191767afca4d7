export const layout = {
  product: 'Now Serving',
  skip: 'Skip to content',
  navigation: 'Main',
  services: 'Services',
  reservations: 'My reservations',
  desk: 'Desk',
  admin: 'Admin',
  login: 'Log in',
  register: 'Register',
  logout: 'Log out',
  inVain: 'No connection: what you pressed last may not have been done.',
  pressAgain: 'Connected again. What you pressed may not have been done: this is how it stands now.',
  sending: 'Sending…',
  unsent: 'No connection: this was not sent yet.',
  offline: 'No connection. What you see may be out of date.',
  offlineLive: 'No connection. What you see may be out of date; we keep trying.',
  footer: 'Book a time, check in, be served.',
  api: 'API',
};

export const forms = {
  summary: 'Please check your answers',
  refused: 'That did not work',
  required: 'required',
  tooMany: (minutes: string) => `That was tried too often. Please wait ${minutes}.`,
  sentBefore: 'This page was sent before with other answers. If you mean these, send it again.',
};

export const statuses = {
  pending: 'Pending',
  confirmed: 'Confirmed',
  canceled: 'Canceled',
  waiting: 'Waiting',
  called: 'Called',
  in_service: 'In service',
  parked: 'Parked',
  completed: 'Completed',
  skipped: 'Skipped',
  left: 'Left',
  unused: 'Not used',
};

/** `1 place`, `2 places`. */
export function places(count: number): string {
  return count === 1 ? '1 place' : `${count} places`;
}

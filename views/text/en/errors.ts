import type { OpenLine, Problem, RefusalCode } from '../../../src/domain/errors.ts';

/** One sentence for each refusal. */
export const refusals: Record<RefusalCode | 'internal', string> = {
  unauthenticated: 'Please log in first.',
  wrong_credentials: 'That e-mail address and password do not match.',
  forbidden: 'Your account may not do this.',
  foreign_origin: 'This request came from another website and was refused.',
  not_found: 'There is nothing here, or it is not yours to see.',
  retired: 'This service can no longer be booked, and gives no more numbers.',
  method_not_allowed: 'This address does not answer to that method.',
  too_large: 'That is more than we can take at once.',
  unreadable: 'We could not read what was sent.',
  invalid: 'Please check the marked fields.',
  slot_unavailable: 'That time cannot be booked. Please choose another one.',
  key_reused: 'This idempotency key was used for something else.',
  slot_full: 'Somebody was faster: that time is full now. Please choose another one.',
  already_booked: 'You already have a reservation at that time.',
  outside_window: 'It is not the time to check in.',
  too_late: 'It is too late to change this reservation here. The desk can still do it.',
  stale: 'Somebody was faster. This is how it stands now.',
  wrong_state: 'That is not possible any more. This is how it stands now.',
  no_walk_ins: 'This service takes no walk-ins.',
  intake_closed: 'The last ticket of the day has been given.',
  join_closed: 'Numbers are not given by phone now.',
  desk_paused: 'This desk is paused. Resume it to go on.',
  desk_busy: 'Somebody is being served at this desk. Complete or park that ticket first.',
  desk_taken: 'Somebody else is at this desk.',
  no_more_delays: 'There is no more time to ask for. Please come when you are called, or leave the line.',
  not_undoable: 'That cannot be undone any more.',
  in_use: 'This is still in use.',
  collisions: 'Reservations stand in the way.',
  too_many: 'That was tried too often. Please wait a little.',
  busy: 'We are very busy. Please try again in a moment.',
  internal: 'Something went wrong on our side. It has been noted.',
};

/** One sentence for each problem of a field. */
export function problemText({ code, limit, lines = [] }: Problem): string {
  switch (code) {
    case 'required':
      return 'Please fill this in.';
    case 'whole':
      return 'A whole number, please.';
    case 'letters':
      return 'One or two letters from A to Z, please.';
    case 'too_short':
      return `At least ${limit} characters, please.`;
    case 'too_long':
      return `At most ${limit} characters, please.`;
    case 'too_small':
      return `This must be ${limit} or more.`;
    case 'too_big':
      return `This must be ${limit} or less.`;
    case 'email':
      return 'This does not look like an e-mail address. It should look like name@example.org.';
    case 'email_taken':
      return 'There is an account with this address already. Log in, or ask for a new password.';
    case 'password_wrong':
      return 'This is not your current password.';
    case 'time':
      return 'This is not a time.';
    case 'day':
      return 'This is not a day.';
    case 'too_many_days':
      return `At most ${limit} days at once, please.`;
    case 'zone':
      return 'This is not a time zone, such as Europe/London.';
    case 'slug_taken':
      return 'This name is taken.';
    case 'name_taken':
      return 'Another one in use has this name: nobody would know which one is meant.';
    case 'location_retired':
      return 'Its location is retired.';
    case 'window_reversed':
      return 'The end must be after the beginning.';
    case 'windows_overlap':
      return 'These hours overlap others of the same day.';
    case 'unknown_service':
      return 'There is no such service.';
    case 'unknown_location':
      return 'There is no such location.';
    case 'unknown_desk':
      return 'There is no such desk here.';
    case 'link_expired':
      return 'This link was used or is too old. Please ask for a new one.';
    case 'zone_in_use':
      return 'Reservations stand here; a new time zone would move their hours.';
    case 'lines_open':
      return `${inLineText(lines)}: a new time zone could end their day at once. Serve them first.`;
    case 'phone':
      return 'This is not a phone number. Digits, spaces and + - ( ) . / can stand in it.';
    case 'prefix_taken':
      return 'Another service here has these letters, or numbers of today have them: two people would have the same number.';
    case 'reservation_code':
      return 'A code has six letters and digits. Please look again.';
    case 'day_over':
      return 'This day is over. Please choose today or a later day.';
    case 'times_unused':
      return 'You chose “Closed all day” and gave times. Choose a break or special hours, or leave the times empty.';
    case 'no_account':
      return 'There is no account with this address. The person has to register first.';
    case 'own_role':
      return 'You cannot take away your own admin role. Another admin can.';
    case 'no_location':
      return 'Choose at least one location for staff.';
    case 'invalid':
      return 'This cannot be used here.';
  }
}

/** How many people are in line, and for what: `3 people are in line here now (Parking 1, Passports 2)`. */
export function inLineText(lines: readonly OpenLine[]): string {
  const total = lines.reduce((sum, { count }) => sum + count, 0);
  const each = lines.map(({ service, count }) => `${service} ${count}`).join(', ');
  return `${total === 1 ? '1 person is' : `${total} people are`} in line here now (${each})`;
}

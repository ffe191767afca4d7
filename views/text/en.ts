import { accounts } from './en/accounts.ts';
import { admin } from './en/admin.ts';
import { api } from './en/api.ts';
import { board } from './en/board.ts';
import * as common from './en/common.ts';
import { desk } from './en/desk.ts';
import * as errors from './en/errors.ts';
import { events } from './en/events.ts';
import { join } from './en/join.ts';
import { kiosk } from './en/kiosk.ts';
import { mails } from './en/mails.ts';
import * as pages from './en/pages.ts';
import { report } from './en/report.ts';
import * as reservations from './en/reservations.ts';
import * as services from './en/services.ts';
import { ticket } from './en/tickets.ts';

/** Every text of the screens in English. Another language is another object of the same type. */
export const en = {
  language: 'en',
  locale: 'en-GB',
  ...common,
  ...pages,
  ...services,
  ...reservations,
  ticket,
  join,
  kiosk,
  accounts,
  api,
  admin,
  board,
  desk,
  events,
  mails,
  report,
  refusals: errors.refusals,
  problem: errors.problemText,
};

export type Text = typeof en;

/** How somebody acted who has no account. */
export type Via = 'ticket' | 'kiosk';

/** What was done to a ticket, as it is told to those who work its line. */
export interface ToldEvent {
  verb: string;
  at: Date;
  toStatus: string | null;
  /** Null for a visitor, for who is not known any more, and for the program itself. */
  actorName: string | null;
}

/** The same with all that is known of it. */
export interface TicketEvent extends ToldEvent {
  via: Via | null;
  data: Record<string, unknown> | null;
}

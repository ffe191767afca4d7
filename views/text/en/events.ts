/** What was done to a ticket, as those who work its line read it. */
export const events = {
  /** By the verb of the last event; `advance` is told by what became of the ticket. */
  happened: {
    call: 'called',
    recall: 'called again',
    start: 'started',
    complete: 'completed',
    skip: 'skipped',
    requeue: 'put back',
    reinstate: 'put back in the line',
    park: 'parked',
    leave: 'marked as left',
    transfer: 'sent to another service',
    move: 'moved',
    note: 'given a note',
    undo: 'put back as it was',
    delay: 'given more time',
    back: 'back',
    'check-in': 'checked in',
    'walk-in': 'added',
    'end-day': 'closed for the day',
  } as Record<string, string>,
  changed: 'changed',
  title: 'What happened',
  via: { ticket: 'the holder', kiosk: 'the kiosk' },
  /** What became of the reservation that a ticket went with. */
  leftWith: { canceled: 'reservation canceled', rescheduled: 'reservation moved' } as Record<string, string>,
};

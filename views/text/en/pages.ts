/** What the page of an error says. */
export const errorPages = {
  home: 'See all services',
  login: 'Log in',
  reference: (id: string) => `If you ask us about it, this number helps: ${id}`,
  titles: {
    400: 'We could not read that',
    401: 'Please log in',
    403: 'Not for this account',
    404: 'Page not found',
    405: 'That does not work here',
    409: 'Somebody was faster',
    410: 'No longer offered',
    413: 'That was too much',
    422: 'Please check what you sent',
    429: 'A little slower, please',
    500: 'Something went wrong',
    503: 'We are very busy',
  } as Record<number, string>,
  tagline: {
    404: 'This number was never called',
    403: 'This counter is for others',
    410: 'This counter is closed',
    500: 'The ticket printer is stuck',
    503: 'The waiting room is full',
  } as Record<number, string>,
  fallbackTagline: 'This did not work',
};

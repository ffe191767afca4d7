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
    413: 'That was too much',
    422: 'Please check what you sent',
    429: 'A little slower, please',
    500: 'Something went wrong',
    503: 'We are very busy',
    retired: 'No longer offered',
  } as Record<string, string>,
  tagline: {
    404: 'This number was never called',
    403: 'This counter is for others',
    500: 'The ticket printer is stuck',
    503: 'The waiting room is full',
    retired: 'This counter is closed',
  } as Record<string, string>,
  fallbackTagline: 'This did not work',
};

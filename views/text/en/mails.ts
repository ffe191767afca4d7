export const mails = {
  reset: (name: string, link: string) => ({
    subject: 'Set a new password',
    text: `Hello ${name},\n\nwith this link you can set a new password. It works once, for one hour:\n\n${link}\n\nIf you did not ask for it, you need not do anything.\n\nNow Serving\n`,
  }),
};

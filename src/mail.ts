import { createTransport } from 'nodemailer';
import type { Log } from './log.ts';

interface Mail {
  to: string;
  subject: string;
  text: string;
}

export type Mailer = (mail: Mail) => void;

/**
 * Sends mail without making anybody wait for it; what goes wrong is logged. Until a mail server is configured, mail is
 * written to the log instead: whoever runs the program can then pass a link on by hand.
 */
export function createMailer(
  { smtpUrl, mailFrom }: { smtpUrl: string | undefined; mailFrom: string },
  log: Log,
): Mailer {
  if (!smtpUrl) return (mail) => log.warn({ mail }, 'no mail server is configured, so this was not sent');
  const transport = createTransport(smtpUrl);
  return (mail) => {
    transport
      .sendMail({ from: mailFrom, ...mail })
      .catch((error: Error) => log.error({ cause: error.message }, 'mail not sent'));
  };
}

import pino from 'pino';

export type Log = pino.Logger;

/**
 * Structured lines on standard output. Personal data and secrets are never handed to it, but for mail that could not be
 * sent for want of a mail server (`mail.ts`).
 */
export function createLog(level: string): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}

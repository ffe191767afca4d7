import { z } from 'zod';
import { parseDay, zoneName } from '../domain/days.ts';
import type { Problem } from '../domain/errors.ts';
import { isId } from '../domain/id.ts';
import { PASSWORD_LENGTH } from '../domain/password.ts';

/** A field that failed a rule of ours, rather than one of zod's. */
export function problem(code: Problem['code'], limit?: number) {
  return { params: { problem: { code, ...(limit !== undefined && { limit }) } satisfies Problem } };
}

/** An HTML form sends '' for a field that was left empty; JSON leaves it out. */
function blankAsMissing(value: unknown): unknown {
  return typeof value === 'string' && value.trim() === '' ? undefined : value;
}

/** A field that may be left out, or left empty in a form; null then. */
export function maybe<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => blankAsMissing(value) ?? null, schema.nullable());
}

/** Characters that nobody sees, and those that reverse the text behind them. Joiners stay: many scripts and emoji need them. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** One line of text, trimmed; line breaks, control characters and halves of characters are refused. */
export function line(max: number) {
  return z.preprocess(
    (value) => blankAsMissing(typeof value === 'string' ? value.replace(INVISIBLE, '') : value),
    z
      .string()
      .trim()
      .min(1)
      .max(max)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
      .refine((text) => !/[\u0000-\u001f\u007f]/.test(text) && text.isWellFormed(), problem('invalid'))
      .refine((text) => /[^\s\u200c\u200d]/.test(text), problem('invalid')),
  );
}

/** Several lines of text, trimmed, '' when left out. */
export function paragraph(max: number) {
  return z
    .string()
    .trim()
    .max(max)
    .refine((text) => !text.includes('\u0000') && text.isWellFormed(), problem('invalid'))
    .transform((text) => text.replace(/\r\n?/g, '\n'));
}

/** A whole number; a form sends it as text. */
export function whole(min: number, max: number) {
  return z.preprocess((value) => {
    const given = blankAsMissing(value);
    return typeof given === 'string' && /^-?\d{1,9}$/.test(given.trim()) ? Number(given) : given;
  }, z.int().min(min).max(max));
}

/** A box that was ticked. */
export const checkbox = z.preprocess(
  (value) =>
    value === 'on' || value === 'true' || value === '1'
      ? true
      : value === '' || value === 'false' || value === '0'
        ? false
        : value,
  z.boolean(),
);

/** Boxes that were ticked: a form sends a single one as a text, several as a list, and none not at all. */
export function boxes<S extends z.ZodType>(schema: S, max: number) {
  return z.preprocess(
    (value = []) => (typeof value === 'string' ? [value].filter((text) => text !== '') : value),
    z.array(schema).max(max),
  );
}

/** In capitals it is the same id (RFC 9562, section 4). */
export const id = z.preprocess(
  (value) => (typeof value === 'string' ? blankAsMissing(value.toLowerCase()) : value),
  z.string().refine(isId, problem('invalid')),
);

/** An instant, RFC 3339 with any offset; its letters may be small. */
export const instant = z.preprocess(
  (value) => (typeof value === 'string' ? blankAsMissing(value.toUpperCase()) : value),
  z.iso
    .datetime({ offset: true })
    .refine((text) => !Number.isNaN(Date.parse(text)), problem('time'))
    .transform((text) => new Date(text)),
);

export const day = z.preprocess(
  blankAsMissing,
  z.string().refine((text) => parseDay(text) !== undefined, problem('day')),
);

/** A wall-clock time from `00:00` to `24:00`. */
export const wallTime = z.preprocess(
  blankAsMissing,
  z
    .string()
    // What is no time is not compared with others either.
    .refine((text) => /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text), { ...problem('time'), abort: true }),
);

export const zone = z.preprocess(
  blankAsMissing,
  z
    .string()
    .trim()
    .refine((text) => zoneName(text) !== undefined, problem('zone'))
    .transform((text) => zoneName(text) ?? text),
);

export const email = z.preprocess(
  (value) => (typeof value === 'string' ? value.trim().toLowerCase() : value),
  z.preprocess(blankAsMissing, z.email().max(254)),
);

/** A phone number as people write it. */
export const phone = z.preprocess(
  blankAsMissing,
  z
    .string()
    .trim()
    .max(40)
    .refine((text) => /^[+\d][\d\s().\-/]{2,}$/.test(text), problem('phone')),
);

/** A password that somebody chooses. */
export const newPassword = z.string().min(PASSWORD_LENGTH.min).max(PASSWORD_LENGTH.max);

/** A password as it was chosen once. */
export const knownPassword = z.string().min(1).max(PASSWORD_LENGTH.max);

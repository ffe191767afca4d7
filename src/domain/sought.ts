import { codeOf, parseCode } from './code.ts';
import { folded, hasWords } from './names.ts';

/** What somebody typed to find a person, read in each way that it could be meant. */
export interface Sought {
  name: string;
  /** The number of a ticket. */
  number: string | undefined;
  /** The end of a phone number, or any part of one. */
  digits: string | undefined;
  /** A reservation's code. */
  code: string | undefined;
}

/** What can be looked for of a person. */
export interface Findable {
  name: string | null;
  number: string | null;
  phone: string | null;
  reservationId: string | null;
}

/** Fewer digits are in every other phone number. */
const MIN_DIGITS = 3;
/** As many tell two phones apart; what stands before them depends on where somebody calls from: +44 20, 0044 20, 020. */
const END_DIGITS = 9;

/** What a search is for; undefined where nothing was typed. */
export function soughtIn(text: string): Sought | undefined {
  if (text.trim() === '') return undefined;
  const digits = /^[+\d\s().\-/]+$/.test(text) ? digitsOf(text) : '';
  return {
    name: text,
    number: numberIn(text),
    digits: digits.length < MIN_DIGITS ? undefined : digits.slice(-END_DIGITS),
    code: parseCode(text),
  };
}

/** Whether a person is whom somebody looks for, in one of the ways that it could be meant. */
export function isSought({ name, number, digits, code }: Sought, person: Findable): boolean {
  return (
    (number !== undefined && person.number !== null && numberIn(person.number) === number) ||
    (person.name !== null && hasWords(person.name, name)) ||
    (digits !== undefined && person.phone !== null && hasDigits(digitsOf(person.phone), digits)) ||
    (code !== undefined && person.reservationId !== null && codeOf(person.reservationId) === code)
  );
}

/** A ticket's number however it is written: `F5`, `f 5`, `F-05`. */
function numberIn(text: string): string | undefined {
  const [, letters, digits] = /^([a-z]*)[\s\p{Pd}.]*0*([1-9]\d*)$/u.exec(folded(text).trim()) ?? [];
  return digits && `${letters}${digits}`;
}

/** A phone that was noted without the code of its town is the end of one that was typed with it. */
function hasDigits(phone: string, sought: string): boolean {
  return phone.includes(sought) || (phone.length >= MIN_DIGITS && sought.endsWith(phone));
}

function digitsOf(phone: string): string {
  return phone.replaceAll(/\D/g, '');
}

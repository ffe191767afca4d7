import { hash, randomBytes } from 'node:crypto';

/** 144 bits, so that nobody guesses one; 24 characters that need no escaping in an address. */
const BYTES = 18;

/** A new token for the link of a ticket. Only its hash is stored. */
export function newToken(): string {
  return randomBytes(BYTES).toString('base64url');
}

/** Whether a text from outside can be a token at all. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{24}$/.test(text);
}

/** SHA-256 in base64url. A token has so many bits that it needs no salt. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'base64url');
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 6;

/**
 * A reservation's short code, to be read out at the desk: the last 30 bits of its id in Crockford's base32, which has no
 * letters that look like digits. Two reservations of a day may share one (1 in 10^9 for each pair): a search then
 * lists both.
 */
export function codeOf(id: string): string {
  let bits = Number.parseInt(id.replaceAll('-', '').slice(-8), 16) % 2 ** (5 * LENGTH);
  let code = '';
  for (let place = 0; place < LENGTH; place++) {
    code = `${ALPHABET[bits % 32]}${code}`;
    bits = Math.floor(bits / 32);
  }
  return code;
}

/**
 * How every id ends that has this code: as far as a database can look for it, in its last seven digits. What they leave
 * open of the code is for `codeOf` to tell.
 */
export function idEndOf(code: string): string {
  const bits = [...code].reduce((sum, letter) => sum * 32 + ALPHABET.indexOf(letter), 0);
  return (bits % 16 ** 7).toString(16).padStart(7, '0');
}

/** A code as somebody types it, with its look-alikes put right; undefined when it is none. */
export function parseCode(text: string): string | undefined {
  const code = text.trim().toUpperCase().replaceAll(/[IL]/g, '1').replaceAll('O', '0');
  return code.length === LENGTH && [...code].every((letter) => ALPHABET.includes(letter)) ? code : undefined;
}

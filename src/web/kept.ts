import { randomUUID } from 'node:crypto';
import { raw } from 'hono/html';
import type { Ui } from '../../views/ui.ts';
import { madeOnce } from '../db/memory.ts';
import { newId } from '../domain/id.ts';
import { bytesOf, compressText, type Encoding, pickEncoding } from './compress.ts';

/** Stands where each form that is sent needs a key of its own, and is as long as one. Nobody can have typed it. */
const KEY = `${randomUUID()}-form`;
/** Stands, with its number, where a piece goes that many screens share. */
const PIECE = randomUUID();
const OPEN = new RegExp(`${KEY}|${PIECE}-(\\d+);`);

type Html = ReturnType<typeof raw>;

/** What a screen is made with that will be kept: its keys and pieces are left open, to be filled in by `KeptText`. */
export function leaveOpen(ui: Ui): { ui: Ui; pieces: readonly Html[] } {
  const pieces: Html[] = [];
  const embed = (html: Html) => raw(`${PIECE}-${pieces.push(html) - 1};`);
  return { ui: { ...ui, formKey: () => KEY, embed }, pieces };
}

const bytesOnce = madeOnce((html: Html) => bytesOf(html.toString()));

/** A place for a form's key. */
const GAP = Symbol('gap');

/**
 * A finished text, and how it is sent. The pieces that it shares with others are encoded once for all of them: kept as
 * one text each, the screens of a line would be most of what the program holds, and most of what making them costs.
 */
export class KeptText {
  readonly #parts: readonly (string | typeof GAP | Buffer)[];
  readonly #hasForms: boolean;
  readonly #length: number;
  readonly #sent = new Map<Encoding | undefined, ReturnType<typeof compressText>>();

  /** @param pieces those that were left open in the text */
  constructor(text: string, pieces: readonly Html[] = []) {
    // By turns text, and the number of a piece or nothing for a key.
    this.#parts = text.split(OPEN).map((part, index) => {
      if (index % 2 === 0) return part;
      return part === undefined ? GAP : bytesOnce(pieces[Number(part)] as Html);
    });
    this.#hasForms = this.#parts.includes(GAP);
    this.#length = this.#parts.reduce(
      (sum, part) => sum + (part === GAP ? KEY.length : Buffer.byteLength(part)),
      0,
    );
  }

  /** Without forms it is compressed once for everybody. */
  as(acceptEncoding?: string): ReturnType<typeof compressText> {
    const encoding = pickEncoding(acceptEncoding);
    if (this.#hasForms) return compressText(this.#whole(), encoding);
    const sent = this.#sent.get(encoding) ?? compressText(this.#whole(), encoding, 'forMany');
    this.#sent.set(encoding, sent);
    return sent;
  }

  /** With one new id for all of its forms, and a number for each. */
  #whole(): Buffer<ArrayBuffer> {
    const whole = Buffer.allocUnsafe(this.#length);
    const id = newId();
    let [at, forms] = [0, 0];
    for (const part of this.#parts) {
      if (part === GAP) at += whole.write(`${id}-${String(forms++).padStart(4, '0')}`, at);
      else if (typeof part === 'string') at += whole.write(part, at);
      else at += part.copy(whole, at);
    }
    return whole;
  }
}

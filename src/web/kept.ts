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
const PIECES = new RegExp(`${PIECE}-(\\d+);`);

type Html = ReturnType<typeof raw>;

/** What a screen is made with that will be kept: its keys and pieces are left open, to be filled in by `KeptText`. */
export function leaveOpen(ui: Ui): { ui: Ui; pieces: readonly Html[] } {
  const pieces: Html[] = [];
  const embed = (html: Html) => raw(`${PIECE}-${pieces.push(html) - 1};`);
  return { ui: { ...ui, formKey: () => KEY, embed }, pieces };
}

const bytesOnce = madeOnce((html: Html) => bytesOf(html.toString()));

/**
 * A finished text, and how it is sent. The pieces that it shares with others are encoded once for all of them: kept as
 * one text each, the screens of a line would be most of what the program holds, and most of what making them costs.
 */
export class KeptText {
  readonly #parts: readonly Buffer<ArrayBuffer>[];
  readonly #gaps: readonly number[];
  readonly #length: number;
  readonly #sent = new Map<Encoding | undefined, ReturnType<typeof compressText>>();

  /** @param pieces those that were left open in the text */
  constructor(text: string, pieces: readonly Html[] = []) {
    const [parts, gaps]: [Buffer<ArrayBuffer>[], number[]] = [[], []];
    let length = 0;
    // Text and the number of a piece by turns; between rows of a table there is no text.
    for (const [index, part] of text.split(PIECES).entries()) {
      if (part === '') continue;
      const isPiece = index % 2 === 1;
      const bytes = isPiece ? bytesOnce(pieces[Number(part)] as Html) : bytesOf(part);
      // A piece has none: see `PieceUi`.
      if (!isPiece) for (const gap of gapsIn(bytes)) gaps.push(length + gap);
      parts.push(bytes);
      length += bytes.length;
    }
    this.#parts = parts;
    this.#gaps = gaps;
    this.#length = length;
  }

  /** Without forms it is compressed once for everybody. */
  as(acceptEncoding?: string): ReturnType<typeof compressText> {
    const encoding = pickEncoding(acceptEncoding);
    if (this.#gaps.length > 0) return compressText(this.#whole(), encoding);
    const sent = this.#sent.get(encoding) ?? compressText(this.#whole(), encoding, 'forMany');
    this.#sent.set(encoding, sent);
    return sent;
  }

  /** With one new id for all of its forms, and a number for each. */
  #whole(): Buffer<ArrayBuffer> {
    const [only, another] = this.#parts;
    if (only && !another && this.#gaps.length === 0) return only;
    const whole = Buffer.concat(this.#parts, this.#length);
    const id = newId();
    for (const [index, gap] of this.#gaps.entries())
      whole.write(`${id}-${String(index).padStart(4, '0')}`, gap, KEY.length, 'latin1');
    return whole;
  }
}

function gapsIn(bytes: Buffer): number[] {
  const gaps: number[] = [];
  for (let at = bytes.indexOf(KEY); at >= 0; at = bytes.indexOf(KEY, at + KEY.length)) gaps.push(at);
  return gaps;
}

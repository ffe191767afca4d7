import { Refusal } from '../domain/errors.ts';
import type { C } from './env.ts';

/** No form and no JSON of ours is larger. */
const LIMIT = 64 * 1024;
/** Nor is one nested deeper than this: a bomb would end in a stack overflow. */
const DEEPEST = 20;
/** Nor has one more fields than this: a refusal names every field that is not known. */
const MOST_FIELDS = 500;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A request's body: its fields, named as in the code, and the text they came as. */
export interface Input {
  fields: Record<string, unknown>;
  raw: string;
}

/**
 * Reads a form or JSON. Refuses with `too_large` beyond the limits, also when no length was announced, and with
 * `unreadable` when it is neither.
 */
export async function readInput(c: C): Promise<Input> {
  const raw = await readText(c);
  const fields = decode(c.req.header('content-type') ?? '', raw);
  if (Object.keys(fields).length > MOST_FIELDS) throw new Refusal('too_large');
  return { raw, fields };
}

/** The id in the path; in capitals it is the same (RFC 9562, section 4). */
export function idOf(c: C): string {
  return (c.req.param('id') ?? '').toLowerCase();
}

/** A field of the query: '' when it is left out. */
export function queryFields(c: C): Record<string, string> {
  return camelKeys(c.req.query()) as Record<string, string>;
}

/** Whether somebody stopped their screen from changing by itself. */
export function isPaused(c: C): boolean {
  return c.req.query('pause') !== undefined;
}

/** `time_slot` to `timeSlot`, all the way down: names are snake_case outside and camelCase inside. */
export function camelKeys(value: unknown): unknown {
  return mapKeys(value, (key) => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()));
}

/** `timeSlot` to `time_slot`, all the way down. */
export function snakeKeys(value: unknown): unknown {
  return mapKeys(value, snakeCase);
}

/** `timeSlot` as JSON writes it: `time_slot`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

async function readText(c: C): Promise<string> {
  const announced = c.req.header('content-length');
  if (announced !== undefined) {
    if (Number(announced) > LIMIT) throw new Refusal('too_large');
    return decodeText(new Uint8Array(await c.req.arrayBuffer()));
  }
  const body = c.req.raw.body;
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > LIMIT) throw new Refusal('too_large');
    chunks.push(chunk);
  }
  return decodeText(Buffer.concat(chunks));
}

function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Refusal('unreadable');
  }
}

function decode(contentType: string, raw: string): Record<string, unknown> {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  // Of whatever type: a browser's fetch calls no text a text.
  if (raw === '') return {};
  if (type === 'application/x-www-form-urlencoded') {
    // JSON that calls itself a form, as a command line sends it by default: read as one, it would say nothing.
    if (/^\s*[{[]/.test(raw)) throw new Refusal('unreadable');
    return formFields(raw);
  }
  if (type === 'application/json') {
    const value = parseJson(raw);
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      return camelKeys(value) as Record<string, unknown>;
  }
  throw new Refusal('unreadable');
}

/** What stands for bytes that are no text. */
const REPLACED = '\ufffd';

/** A field that comes several times is a list. Refuses with `unreadable` what is no UTF-8 behind its percent signs. */
function formFields(raw: string): Record<string, unknown> {
  const fields = new Map<string, string | string[]>();
  const hasReplaced = raw.includes(REPLACED) || /%ef%bf%bd/i.test(raw);
  for (const [name, value] of new URLSearchParams(raw)) {
    if (!hasReplaced && (value.includes(REPLACED) || name.includes(REPLACED)))
      throw new Refusal('unreadable');
    const before = fields.get(name);
    if (Array.isArray(before)) before.push(value);
    else fields.set(name, before === undefined ? value : [before, value]);
  }
  return camelKeys(Object.fromEntries(fields)) as Record<string, unknown>;
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

function mapKeys(value: unknown, rename: (key: string) => string, depth = 0): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (depth > DEEPEST) throw new Refusal('unreadable');
  if (Array.isArray(value)) return value.map((item) => mapKeys(item, rename, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [rename(key), mapKeys(item, rename, depth + 1)]),
  );
}

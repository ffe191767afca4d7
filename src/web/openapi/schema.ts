import { z } from 'zod';
import type { ApiSchema } from '../../../views/api/document.ts';
import { en } from '../../../views/text/en.ts';
import * as fields from '../../forms/fields.ts';
import { snakeCase, snakeKeys } from '../input.ts';

/** What zod's own description of these lacks: their rule is a function. */
const FORMATS = new Map<z.ZodType, ApiSchema>([
  [fields.id, { format: 'uuid' }],
  [fields.day, { format: 'date' }],
  [fields.wallTime, { pattern: '^(?:[01]\\d|2[0-3]):[0-5]\\d$|^24:00$' }],
]);

/**
 * A schema as JSON Schema: fields under the names that they have outside, those with a name of their own moved to
 * `schemas`. A field of a form is required when the form refuses its absence.
 */
export function toApiSchema(
  schema: z.ZodType,
  io: 'input' | 'output',
  schemas: Record<string, ApiSchema>,
): ApiSchema {
  const {
    $schema: _,
    $defs = {},
    ...described
  } = z.toJSONSchema(schema, {
    io,
    override: ({ zodSchema, jsonSchema }) =>
      refine(zodSchema as unknown as z.ZodType, jsonSchema as ApiSchema, io),
  });
  const text = JSON.stringify({ described, $defs }).replaceAll('#/$defs/', '#/components/schemas/');
  const parts = JSON.parse(text) as {
    described: ApiSchema & { id?: string };
    $defs: Record<string, ApiSchema>;
  };
  for (const [name, { id: __, ...part }] of Object.entries(
    parts.$defs as Record<string, ApiSchema & { id?: string }>,
  ))
    schemas[name] ??= part;
  const { id, ...rest } = parts.described;
  if (id === undefined) return rest;
  schemas[id] ??= rest;
  return { $ref: `#/components/schemas/${id}` };
}

function refine(schema: z.ZodType, described: ApiSchema, io: 'input' | 'output'): void {
  if (described.format !== undefined) delete described.pattern;
  Object.assign(described, FORMATS.get(schema));
  if (schema instanceof z.ZodDefault) described.default = snakeKeys(schema.def.defaultValue);
  if (!(schema instanceof z.ZodObject) || io === 'output') return;
  const names = Object.keys(schema.shape);
  const required = names.filter((name) => !schema.shape[name]?.safeParse(undefined).success);
  described.properties = snakeKeysOnce(described.properties ?? {});
  delete described.required;
  if (required.length > 0) described.required = required.map(snakeCase);
}

/** The names of these fields alone: what is in them was renamed already. */
function snakeKeysOnce<T>(properties: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [snakeCase(name), value]));
}

/** Puts the dictionary's sentences to the objects of the API and their fields. */
export function addDescriptions(schemas: Record<string, ApiSchema>): void {
  for (const [name, schema] of Object.entries(schemas)) {
    const text = en.api.objects[name];
    if (text) schema.description = text;
    addFieldDescriptions(schema, name);
  }
}

/** The same for the fields of one schema, those within them too. `owner` names what they belong to. */
export function addFieldDescriptions(schema: ApiSchema, owner: string): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const text = en.api.fields[`${owner}.${name}`] ?? en.api.fields[name];
    if (text) property.description = text;
    addFieldDescriptions(property, owner);
    if (property.items) addFieldDescriptions(property.items, owner);
  }
}

/** An example of a schema, out of the examples of what it is made of. */
export function exampleOf(schema: ApiSchema, schemas: Record<string, ApiSchema>): unknown {
  if (schema.$ref) return exampleOf(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas);
  if (schema.examples) return schema.examples[0];
  if (schema.anyOf) return exampleOf(schema.anyOf[0] ?? {}, schemas);
  if (schema.items) return [exampleOf(schema.items, schemas)];
  if (!schema.properties) return null;
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => [name, exampleOf(property, schemas)]),
  );
}

/** An example with some of its values changed, however deep; anything but a plain object is replaced whole. */
export function merged(example: unknown, changes: unknown): unknown {
  if (changes === undefined) return example;
  if (!isRecord(changes) || !isRecord(example)) return changes;
  const keys = Object.keys(changes);
  return { ...example, ...Object.fromEntries(keys.map((key) => [key, merged(example[key], changes[key])])) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

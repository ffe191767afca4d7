import { z } from 'zod';
import { type FieldErrors, type Problem, Refusal } from '../domain/errors.ts';

/** What a form's input becomes, or a refusal `invalid` with a problem for each field that is wrong. */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(withoutNulls(schema, input), { reportInput: true });
  if (result.success) return result.data;
  const found = new Map<string, Problem>();
  const note = (name: string, problem: Problem) => found.has(name) || found.set(name, problem);
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) note(key, { code: 'invalid' });
    else note(issue.path.join('.'), problemOf(issue));
  }
  const fields: FieldErrors = Object.fromEntries(found);
  throw new Refusal('invalid', { fields });
}

/** Typed clients send null for what they leave out: where null is no value, and the field may be missing, it is. */
function withoutNulls(schema: z.ZodType, input: unknown): unknown {
  if (!(schema instanceof z.ZodObject) || !isRecord(input)) return input;
  const fields = new Map<string, z.ZodType>(Object.entries(schema.shape));
  const saysNothing = (field?: z.ZodType) =>
    field?.safeParse(null).success === false && field.safeParse(undefined).success;
  return Object.fromEntries(
    Object.entries(input).filter(([name, value]) => value !== null || !saysNothing(fields.get(name))),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function problemOf(issue: z.core.$ZodIssue): Problem {
  switch (issue.code) {
    case 'custom':
      return (issue.params?.problem as Problem | undefined) ?? { code: 'invalid' };
    case 'too_small':
      if (issue.origin === 'string')
        return issue.minimum === 1
          ? { code: 'required' }
          : { code: 'too_short', limit: Number(issue.minimum) };
      return { code: 'too_small', limit: Number(issue.minimum) };
    case 'too_big':
      return { code: issue.origin === 'string' ? 'too_long' : 'too_big', limit: Number(issue.maximum) };
    case 'invalid_format':
      if (issue.format === 'email') return { code: 'email' };
      return { code: issue.format === 'datetime' ? 'time' : 'invalid' };
    case 'invalid_type':
      if (issue.input !== undefined && (issue.expected === 'int' || issue.expected === 'number'))
        return { code: 'whole' };
      return { code: issue.input === undefined ? 'required' : 'invalid' };
    default:
      return { code: issue.input === undefined ? 'required' : 'invalid' };
  }
}

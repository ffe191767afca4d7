import { expect } from 'vitest';
import type { z } from 'zod';
import type { Problem } from '../../src/domain/errors.ts';
import { Refusal } from '../../src/domain/errors.ts';
import { parse } from '../../src/forms/parse.ts';

/** The problems that a form has with an input, by field; `{}` when it has none. */
export function problemsOf(schema: z.ZodType, input: unknown): Record<string, Problem> {
  try {
    parse(schema, input);
    return {};
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    expect(error.code).toBe('invalid');
    return error.fields ?? {};
  }
}

/** A change of a good input, the field it is about, and the code that it gets. */
export type Case = [change: Record<string, unknown>, field: string, code: Problem['code']];

/** Expects each change of a good input to be refused at its field, and at no other. */
export function expectProblems(
  schema: z.ZodType,
  good: Record<string, unknown>,
  cases: readonly Case[],
): void {
  expect(problemsOf(schema, good)).toEqual({});
  for (const [change, field, code] of cases) {
    const problems = problemsOf(schema, { ...good, ...change });
    expect(
      Object.entries(problems).map(([name, problem]) => [name, problem.code]),
      JSON.stringify(change),
    ).toEqual([[field, code]]);
  }
}

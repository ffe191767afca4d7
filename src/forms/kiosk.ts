import { z } from 'zod';
import { parseCode } from '../domain/code.ts';
import { id, line, problem, wallTime } from './fields.ts';

/** A reservation's code, typed or scanned. */
export const codeForm = z.object({
  code: line(40).transform((text, context) => {
    const code = parseCode(text.replaceAll(/[\s-]/g, ''));
    if (code === undefined) context.addIssue({ code: 'custom', ...problem('reservation_code') });
    return code ?? '';
  }),
});

/** `9:30` counts as `09:30`. */
const time = z.preprocess(
  (value) => (typeof value === 'string' && /^\d:\d\d$/.test(value.trim()) ? `0${value.trim()}` : value),
  wallTime,
);

export const nameForm = z.object({ lastName: line(100), time });

/** Which service's number somebody takes. */
export const takeForm = z.object({ serviceId: id });

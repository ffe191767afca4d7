import { z } from 'zod';
import { ROLES } from '../domain/roles.ts';
import { email, id } from './fields.ts';

/** What an account may do, and where. A form sends one ticked box as a text and several as a list. */
export const staffForm = z.object({
  email,
  role: z.enum(ROLES),
  locationIds: z.preprocess(
    (value) => (value === undefined || value === '' ? [] : typeof value === 'string' ? [value] : value),
    z.array(id).max(200),
  ),
});

export type StaffChange = z.output<typeof staffForm>;

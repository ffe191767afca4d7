import { z } from 'zod';
import { ROLES } from '../domain/roles.ts';
import { boxes, email, id } from './fields.ts';

/** What an account may do, and where. */
export const staffForm = z.object({
  email,
  role: z.enum(ROLES),
  locationIds: boxes(id, 200),
});

export type StaffChange = z.output<typeof staffForm>;

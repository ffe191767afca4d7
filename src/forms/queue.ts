import { z } from 'zod';
import { MAX_PRIORITY } from '../domain/order.ts';
import { id, line, maybe, phone, whole } from './fields.ts';

/** `serving` is the ticket that the screen showed as being served: '' or null for none, left out to not say. */
export const advanceForm = z.object({
  deskId: maybe(id),
  serving: z.preprocess((value) => (value === '' ? null : value), id.nullish()),
});

export const walkInForm = z.object({
  name: line(100),
  phone: maybe(phone),
  priority: z
    .preprocess(
      (value) => (typeof value === 'boolean' ? Number(value) : value === 'on' ? 1 : value),
      whole(0, MAX_PRIORITY),
    )
    .default(0),
});

/** The version of the ticket that the screen showed. */
export const verbForm = z.object({ version: whole(1, 2_000_000_000).optional() });

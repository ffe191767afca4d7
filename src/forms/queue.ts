import { z } from 'zod';
import { MAX_PRIORITY } from '../domain/order.ts';
import { NEEDS } from '../domain/ticket.ts';
import { boxes, checkbox, id, line, maybe, paragraph, phone, whole } from './fields.ts';

/** `serving` is the ticket that the screen showed as being served: '' or null for none, left out to not say. */
export const advanceForm = z.object({
  deskId: maybe(id),
  serving: z.preprocess((value) => (value === '' ? null : value), id.nullish()),
});

const needs = boxes(z.enum(NEEDS), NEEDS.length);

export const walkInForm = z.object({
  name: line(100),
  phone: maybe(phone),
  priority: z
    .preprocess(
      (value) => (typeof value === 'boolean' ? Number(value) : value === 'on' ? 1 : value),
      whole(0, MAX_PRIORITY),
    )
    .default(0),
  note: paragraph(500).default(''),
  needs: needs.default([]),
});

/** The version of the ticket that the screen showed. */
export const verbForm = z.object({
  version: whole(1, 2_000_000_000).optional(),
});

/** To which desk, and why before others. */
export const callForm = verbForm.extend({ deskId: maybe(id), reason: maybe(line(200)) });

export const startForm = verbForm.extend({ deskId: maybe(id) });

export const transferForm = verbForm.extend({ serviceId: id, reason: maybe(line(200)) });

/** How many of those who are due stay ahead. */
export const placeForm = verbForm.extend({ rank: whole(0, 10_000), reason: line(200) });

/** What is left out stays. */
export const noteForm = verbForm.extend({ note: paragraph(500).optional(), needs: needs.optional() });

export const intakeForm = z.object({ closed: checkbox });

/** How late a line runs, in minutes. */
export const delayForm = z.object({ minutes: whole(0, 480) });

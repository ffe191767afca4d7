import { z } from 'zod';
import { wallMinutes } from '../domain/days.ts';
import { overlaps } from '../domain/slots.ts';
import { checkbox, id, line, maybe, paragraph, problem, wallTime, whole } from './fields.ts';

const DAY_MINUTES = 24 * 60;

const openingRule = z
  .object({ weekday: whole(1, 7), opens: wallTime, closes: wallTime })
  .refine(({ opens, closes }) => opens < closes, { path: ['closes'], ...problem('window_reversed') });

/** Weekly hours, a few windows a day, none over another. */
export const openingRules = z
  .array(openingRule)
  .max(7 * 6)
  .superRefine((rules, context) => {
    rules.forEach((rule, index) => {
      const before = rules
        .slice(0, index)
        .find((other) => other.weekday === rule.weekday && overlaps(window(rule), window(other)));
      if (before) context.addIssue({ code: 'custom', path: [index, 'opens'], ...problem('windows_overlap') });
    });
  });

function window({ opens, closes }: { opens: string; closes: string }) {
  return { from: wallMinutes(opens), to: wallMinutes(closes) };
}

/** Monday to Friday, nine to five. */
export const OFFICE_HOURS = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: '09:00', closes: '17:00' }));

const fields = {
  name: line(100),
  description: paragraph(2_000),
  whatToBring: paragraph(2_000),
  prefix: z.preprocess(
    (value) => (typeof value === 'string' ? value.trim().toUpperCase() || undefined : value),
    z
      .string()
      .refine((text) => /^[A-Z]{1,2}$/.test(text), problem('letters'))
      .optional(),
  ),
  durationMinutes: whole(1, DAY_MINUTES),
  bufferMinutes: whole(0, 240),
  capacity: whole(1, 1_000),
  stepMinutes: maybe(whole(1, DAY_MINUTES)),
  leadMinutes: whole(0, 60 * DAY_MINUTES),
  horizonDays: whole(0, 730),
  cancelMinutes: whole(0, 30 * DAY_MINUTES),
  graceMinutes: whole(0, 240),
  creditMinutes: whole(0, 240),
  priorityMinutes: whole(0, 240),
  earlyCallMinutes: maybe(whole(0, DAY_MINUTES)),
  checkInBeforeMinutes: whole(0, DAY_MINUTES),
  checkInAfterMinutes: whole(0, DAY_MINUTES),
  checkIn: z.enum(['required', 'none']),
  walkIns: checkbox,
  phoneJoin: checkbox,
  joinLimit: maybe(whole(1, 100_000)),
  joinUntil: maybe(wallTime),
  askName: checkbox,
  askPhone: checkbox,
  openingRules,
};

export const createServiceForm = z.object({
  locationId: id.optional(),
  name: fields.name,
  description: fields.description.default(''),
  whatToBring: fields.whatToBring.default(''),
  prefix: fields.prefix.optional(),
  durationMinutes: fields.durationMinutes,
  bufferMinutes: fields.bufferMinutes.default(0),
  capacity: fields.capacity.default(1),
  stepMinutes: fields.stepMinutes.default(null),
  leadMinutes: fields.leadMinutes.default(0),
  horizonDays: fields.horizonDays.default(60),
  cancelMinutes: fields.cancelMinutes.default(0),
  graceMinutes: fields.graceMinutes.default(10),
  creditMinutes: fields.creditMinutes.default(10),
  priorityMinutes: fields.priorityMinutes.default(10),
  /** Left out: no limit where customers check in, a quarter of an hour where nobody does. */
  earlyCallMinutes: fields.earlyCallMinutes.optional(),
  checkInBeforeMinutes: fields.checkInBeforeMinutes.default(60),
  checkInAfterMinutes: fields.checkInAfterMinutes.default(60),
  checkIn: fields.checkIn.default('required'),
  walkIns: fields.walkIns.default(true),
  phoneJoin: fields.phoneJoin.default(false),
  joinLimit: fields.joinLimit.default(null),
  joinUntil: fields.joinUntil,
  askName: fields.askName.default(true),
  askPhone: fields.askPhone.default(false),
  openingRules: fields.openingRules.default(OFFICE_HOURS),
});

/** Only what is given changes. `version` is that of the service the screen showed. */
export const updateServiceForm = z
  .object(fields)
  .partial()
  .extend({ version: whole(1, 2_000_000_000).optional() });

export type NewService = z.output<typeof createServiceForm>;
export type ServiceChange = z.output<typeof updateServiceForm>;

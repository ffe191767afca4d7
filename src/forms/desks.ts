import { z } from 'zod';
import { checkbox, id, line, maybe } from './fields.ts';
import { advanceForm } from './queue.ts';

/** Whether to take the desk from whoever sits there. */
export const takeForm = z.object({ handOver: checkbox.default(false) });

export const deskAdvanceForm = advanceForm.pick({ serving: true });

/** A desk as an admin sets it up. A form sends one ticked box as a text and several as a list; none means every service. */
export const deskSetupForm = z.object({
  name: line(60),
  locationId: maybe(id).default(null),
  serviceIds: z.preprocess(
    (value) => (value === undefined || value === '' ? [] : typeof value === 'string' ? [value] : value),
    z.array(id).max(200),
  ),
});

export type DeskSetup = z.output<typeof deskSetupForm>;

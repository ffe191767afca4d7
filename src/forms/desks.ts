import { z } from 'zod';
import { boxes, checkbox, id, line, maybe } from './fields.ts';
import { advanceForm } from './queue.ts';

/** Whether to take the desk from whoever sits there. */
export const takeForm = z.object({ handOver: checkbox.default(false) });

export const deskAdvanceForm = advanceForm.pick({ serving: true });

/** A desk as an admin sets it up. No ticked box means every service. */
export const deskSetupForm = z.object({
  name: line(60),
  locationId: maybe(id).default(null),
  serviceIds: boxes(id, 200),
});

export type DeskSetup = z.output<typeof deskSetupForm>;

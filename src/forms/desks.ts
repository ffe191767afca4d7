import { z } from 'zod';
import { checkbox } from './fields.ts';
import { advanceForm } from './queue.ts';

/** Whether to take the desk from whoever sits there. */
export const takeForm = z.object({ handOver: checkbox.default(false) });

export const deskAdvanceForm = advanceForm.pick({ serving: true });

import { z } from 'zod';
import { id, instant } from './fields.ts';

export const bookForm = z.object({ serviceId: id, timeSlot: instant });

export const rescheduleForm = z.object({ timeSlot: instant });

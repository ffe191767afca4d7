import { z } from 'zod';
import { checkbox, line, maybe, zone } from './fields.ts';

export const locationForm = z.object({ name: line(100), timeZone: zone });

/** With what the board shows. A box that is not ticked is not sent: left out, names stay off the board. */
export const locationScreenForm = locationForm.extend({
  boardNames: checkbox.default(false),
  boardMessage: maybe(line(200)).transform((text) => text ?? ''),
});

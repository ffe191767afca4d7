import { z } from 'zod';
import type { Service } from '../domain/service.ts';
import { line, phone } from './fields.ts';

/** What somebody is asked who takes a number alone; what is not asked is not read either. */
export function joinForm({ askName, askPhone }: Pick<Service, 'askName' | 'askPhone'>) {
  return z.object({
    name: askName ? line(100) : unasked(''),
    phone: askPhone ? phone : unasked(null),
  });
}

function unasked<T>(value: T) {
  const anything = z.unknown().optional();
  return anything.transform(() => value);
}

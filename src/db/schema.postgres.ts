/** PostgreSQL's tables one by one, as drizzle-kit wants to find them. */
import { postgresColumns } from './columns.postgres.ts';
import { defineTables } from './tables.ts';

export const {
  users,
  sessions,
  accounts,
  verifications,
  locations,
  staffLocations,
  desks,
  services,
  deskServices,
  openingRules,
  closures,
  reservations,
  queues,
  queueEntries,
  events,
  answers,
} = defineTables(postgresColumns);

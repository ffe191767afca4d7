/** SQLite's tables one by one, as drizzle-kit wants to find them. */
import { sqliteColumnKit } from './columns.sqlite.ts';
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
} = defineTables(sqliteColumnKit);

import { sql } from 'drizzle-orm';
import type { Columns } from './columns.postgres.ts';

/**
 * Every table, once, for both dialects. Names become snake_case in the database. The triggers that keep capacity stand
 * in the migrations, since no table definition can hold them.
 */
export function defineTables(c: Columns) {
  const created = { createdAt: c.instant().notNull(), updatedAt: c.instant().notNull() };

  const users = c.table(
    'users',
    {
      id: c.id().primaryKey(),
      name: c.text().notNull(),
      email: c.text().notNull().unique(),
      emailVerified: c.boolean().notNull().default(false),
      image: c.text(),
      role: c.text().notNull().default('user'),
      ...created,
    },
    (t) => [c.check('users_role', sql`${t.role} IN ('user', 'staff', 'admin')`)],
  );

  const sessions = c.table(
    'sessions',
    {
      id: c.id().primaryKey(),
      token: c.text().notNull().unique(),
      userId: c
        .id()
        .notNull()
        .references(() => users.id, { onDelete: 'cascade' }),
      expiresAt: c.instant().notNull(),
      ipAddress: c.text(),
      userAgent: c.text(),
      ...created,
    },
    (t) => [c.index('sessions_user').on(t.userId), c.index('sessions_expires').on(t.expiresAt)],
  );

  const accounts = c.table(
    'accounts',
    {
      id: c.id().primaryKey(),
      accountId: c.text().notNull(),
      providerId: c.text().notNull(),
      userId: c
        .id()
        .notNull()
        .references(() => users.id, { onDelete: 'cascade' }),
      accessToken: c.text(),
      refreshToken: c.text(),
      idToken: c.text(),
      accessTokenExpiresAt: c.instant(),
      refreshTokenExpiresAt: c.instant(),
      scope: c.text(),
      password: c.text(),
      ...created,
    },
    (t) => [c.index('accounts_user').on(t.userId)],
  );

  const verifications = c.table(
    'verifications',
    {
      id: c.id().primaryKey(),
      identifier: c.text().notNull(),
      value: c.text().notNull(),
      expiresAt: c.instant().notNull(),
      ...created,
    },
    (t) => [c.index('verifications_identifier').on(t.identifier)],
  );

  const locations = c.table('locations', {
    id: c.id().primaryKey(),
    name: c.text().notNull(),
    slug: c.text().notNull().unique(),
    timeZone: c.text().notNull(),
    /** Whether the board shows names beside the numbers. */
    boardNames: c.boolean().notNull().default(false),
    boardMessage: c.text().notNull().default(''),
    retiredAt: c.instant(),
    ...created,
  });

  const staffLocations = c.table(
    'staff_locations',
    {
      userId: c
        .id()
        .notNull()
        .references(() => users.id, { onDelete: 'cascade' }),
      locationId: c
        .id()
        .notNull()
        .references(() => locations.id, { onDelete: 'cascade' }),
    },
    (t) => [
      c.primaryKey({ columns: [t.userId, t.locationId] }),
      c.index('staff_locations_location').on(t.locationId),
    ],
  );

  const desks = c.table(
    'desks',
    {
      id: c.id().primaryKey(),
      locationId: c
        .id()
        .notNull()
        .references(() => locations.id),
      name: c.text().notNull(),
      /** Who sits there now; nobody sits at two. */
      staffedBy: c.id().references(() => users.id, { onDelete: 'set null' }),
      staffedAt: c.instant(),
      /** Since when it takes nobody new; null while it works. */
      pausedAt: c.instant(),
      retiredAt: c.instant(),
      ...created,
    },
    (t) => [
      c.index('desks_location').on(t.locationId),
      c.uniqueIndex('desks_staffed_by').on(t.staffedBy).where(sql`staffed_by IS NOT NULL`),
    ],
  );

  const services = c.table(
    'services',
    {
      id: c.id().primaryKey(),
      locationId: c
        .id()
        .notNull()
        .references(() => locations.id),
      slug: c.text().notNull().unique(),
      name: c.text().notNull(),
      description: c.text().notNull().default(''),
      whatToBring: c.text().notNull().default(''),
      prefix: c.text().notNull().default('A'),
      durationMinutes: c.integer().notNull(),
      bufferMinutes: c.integer().notNull().default(0),
      capacity: c.integer().notNull().default(1),
      stepMinutes: c.integer(),
      leadMinutes: c.integer().notNull().default(0),
      horizonDays: c.integer().notNull().default(60),
      cancelMinutes: c.integer().notNull().default(0),
      graceMinutes: c.integer().notNull().default(10),
      creditMinutes: c.integer().notNull().default(10),
      priorityMinutes: c.integer().notNull().default(10),
      earlyCallMinutes: c.integer(),
      checkInBeforeMinutes: c.integer().notNull().default(60),
      checkInAfterMinutes: c.integer().notNull().default(60),
      checkIn: c.text().$type<'required' | 'none'>().notNull().default('required'),
      walkIns: c.boolean().notNull().default(true),
      /** Whether people take a number on their own phone, how many a day, and until when on the clock. */
      phoneJoin: c.boolean().notNull().default(false),
      joinLimit: c.integer(),
      joinUntil: c.text(),
      /** What somebody is asked who takes a number alone. */
      askName: c.boolean().notNull().default(true),
      askPhone: c.boolean().notNull().default(false),
      retiredAt: c.instant(),
      version: c.integer().notNull().default(1),
      ...created,
    },
    (t) => [
      c.index('services_location').on(t.locationId),
      c.check('services_check_in', sql`${t.checkIn} IN ('required', 'none')`),
      c.check(
        'services_positive',
        sql`${t.durationMinutes} > 0 AND ${t.capacity} > 0 AND ${t.bufferMinutes} >= 0`,
      ),
    ],
  );

  /** Which services a desk serves. A desk without a row serves all of its location. */
  const deskServices = c.table(
    'desk_services',
    {
      deskId: c
        .id()
        .notNull()
        .references(() => desks.id, { onDelete: 'cascade' }),
      serviceId: c
        .id()
        .notNull()
        .references(() => services.id, { onDelete: 'cascade' }),
    },
    (t) => [
      c.primaryKey({ columns: [t.deskId, t.serviceId] }),
      c.index('desk_services_service').on(t.serviceId),
    ],
  );

  const openingRules = c.table(
    'opening_rules',
    {
      id: c.id().primaryKey(),
      serviceId: c
        .id()
        .notNull()
        .references(() => services.id, { onDelete: 'cascade' }),
      weekday: c.integer().notNull(),
      opens: c.text().notNull(),
      closes: c.text().notNull(),
    },
    (t) => [
      c.index('opening_rules_service').on(t.serviceId, t.weekday),
      c.check('opening_rules_window', sql`${t.weekday} BETWEEN 1 AND 7 AND ${t.opens} < ${t.closes}`),
    ],
  );

  const closures = c.table(
    'closures',
    {
      id: c.id().primaryKey(),
      locationId: c
        .id()
        .notNull()
        .references(() => locations.id),
      serviceId: c.id().references(() => services.id, { onDelete: 'cascade' }),
      day: c.day().notNull(),
      kind: c.text().$type<'closed' | 'special'>().notNull(),
      opens: c.text(),
      closes: c.text(),
      reason: c.text().notNull().default(''),
      ...created,
    },
    (t) => [
      c.index('closures_day').on(t.locationId, t.day),
      c.index('closures_upcoming').on(t.day),
      c.check(
        'closures_window',
        sql`(${t.kind} = 'closed' AND ${t.opens} IS NULL AND ${t.closes} IS NULL) OR (${t.kind} IN ('closed', 'special') AND ${t.opens} < ${t.closes})`,
      ),
    ],
  );

  const reservations = c.table(
    'reservations',
    {
      id: c.id().primaryKey(),
      serviceId: c
        .id()
        .notNull()
        .references(() => services.id),
      locationId: c
        .id()
        .notNull()
        .references(() => locations.id),
      userId: c.id().references(() => users.id, { onDelete: 'set null' }),
      localDay: c.day().notNull(),
      timeSlot: c.instant().notNull(),
      endsAt: c.instant().notNull(),
      party: c.integer().notNull().default(1),
      status: c.text().$type<'pending' | 'confirmed' | 'canceled'>().notNull(),
      holdExpiresAt: c.instant(),
      /** The version of the service whose rules offered this slot: the database refuses another. Null: not asked. */
      rulesVersion: c.integer(),
      ...created,
    },
    (t) => [
      c.index('reservations_day').on(t.serviceId, t.localDay, t.timeSlot).where(sql`status <> 'canceled'`),
      c.index('reservations_user').on(t.userId, t.timeSlot),
      c.index('reservations_place').on(t.locationId, t.localDay).where(sql`status <> 'canceled'`),
      c.check('reservations_status', sql`${t.status} IN ('pending', 'confirmed', 'canceled')`),
      c.check('reservations_time', sql`${t.endsAt} > ${t.timeSlot} AND ${t.party} > 0`),
    ],
  );

  const queues = c.table(
    'queues',
    {
      serviceId: c
        .id()
        .notNull()
        .references(() => services.id),
      localDay: c.day().notNull(),
      locationId: c
        .id()
        .notNull()
        .references(() => locations.id),
      /** Goes up with every change of the line or its reservations. */
      version: c.integer().notNull().default(1),
      lastPosition: c.integer().notNull().default(0),
      /** Since when nobody new is taken; null while the line is open. */
      intakeClosedAt: c.instant(),
      /** How late the line runs, as told to those who are still to come. */
      delayMinutes: c.integer().notNull().default(0),
      /** When the day was ended; null while it lasts. */
      endedAt: c.instant(),
    },
    (t) => [
      c.primaryKey({ columns: [t.serviceId, t.localDay] }),
      c.index('queues_open').on(t.localDay).where(sql`ended_at IS NULL`),
      c.index('queues_place').on(t.locationId, t.localDay),
    ],
  );

  const queueEntries = c.table(
    'queue_entries',
    {
      id: c.id().primaryKey(),
      reservationId: c.id().references(() => reservations.id),
      serviceId: c
        .id()
        .notNull()
        .references(() => services.id),
      originServiceId: c
        .id()
        .notNull()
        .references(() => services.id),
      locationId: c
        .id()
        .notNull()
        .references(() => locations.id),
      localDay: c.day().notNull(),
      position: c.integer().notNull(),
      number: c.text().notNull(),
      name: c.text().notNull().default(''),
      phone: c.text(),
      status: c
        .text()
        .$type<'waiting' | 'called' | 'in_service' | 'parked' | 'completed' | 'skipped' | 'left'>()
        .notNull(),
      priority: c.integer().notNull().default(0),
      dueAt: c.instant().notNull(),
      effectiveAt: c.instant().notNull(),
      arrivedAt: c.instant().notNull(),
      calledAt: c.instant(),
      startedAt: c.instant(),
      endedAt: c.instant(),
      deskId: c.id().references(() => desks.id),
      /** SHA-256 of the token in the ticket's link; null for a ticket without one. */
      tokenHash: c.text(),
      /** For the desk alone. */
      note: c.text().notNull().default(''),
      /** Codes joined by commas, see domain/ticket. */
      needs: c.text().notNull().default(''),
      parkedAt: c.instant(),
      /** Until when its holder asked for time, and how often. */
      awayUntil: c.instant(),
      delays: c.integer().notNull().default(0),
      /** What gave it another place than the rule would: `move`, `requeue` or `delay`; null for none. */
      placedBy: c.text().$type<'move' | 'requeue' | 'delay'>(),
      /** Why somebody moved it or called it out of order, in their words. */
      reason: c.text(),
      /** The wait in minutes that was told when the number was taken; null when none was. */
      estimatedLow: c.integer(),
      estimatedHigh: c.integer(),
      /** Taken back, or replaced by the next of its reservation: it counts as if it had never been. */
      voided: c.boolean().notNull().default(false),
      version: c.integer().notNull().default(1),
      ...created,
    },
    (t) => [
      c.uniqueIndex('queue_entries_number').on(t.originServiceId, t.localDay, t.position),
      // A reservation has one live entry; one that was left when the reservation moved does not stand in the way.
      c.uniqueIndex('queue_entries_reservation').on(t.reservationId).where(sql`status <> 'left'`),
      c.index('queue_entries_booking').on(t.reservationId),
      c.uniqueIndex('queue_entries_token').on(t.tokenHash).where(sql`token_hash IS NOT NULL`),
      c.index('queue_entries_day').on(t.serviceId, t.localDay),
      c.index('queue_entries_place').on(t.locationId, t.localDay),
      // A desk serves one at a time, whichever of its services' lines the ticket stands in.
      c.uniqueIndex('queue_entries_desk').on(t.deskId, t.localDay).where(sql`status = 'in_service'`),
      c
        .index('queue_entries_next')
        .on(t.serviceId, t.localDay, t.effectiveAt, t.id)
        .where(sql`status = 'waiting'`),
      c.index('queue_entries_due').on(t.serviceId, t.localDay, t.dueAt, t.id).where(sql`status = 'waiting'`),
      c
        .index('queue_entries_held')
        .on(t.deskId, t.localDay)
        .where(sql`status = 'called' OR status = 'in_service'`),
      c.check(
        'queue_entries_status',
        sql`${t.status} IN ('waiting', 'called', 'in_service', 'parked', 'completed', 'skipped', 'left')`,
      ),
    ],
  );

  const events = c.table(
    'events',
    {
      id: c.id().primaryKey(),
      at: c.instant().notNull(),
      /** Null for a visitor and for the program itself. */
      actorId: c.id().references(() => users.id, { onDelete: 'set null' }),
      /** `ticket` when it was done through a ticket's link, `kiosk` at a kiosk; null for everybody else. */
      via: c.text().$type<'ticket' | 'kiosk'>(),
      verb: c.text().notNull(),
      locationId: c.id(),
      serviceId: c.id(),
      localDay: c.day(),
      reservationId: c.id(),
      entryId: c.id(),
      fromStatus: c.text(),
      toStatus: c.text(),
      data: c.json().$type<Record<string, unknown>>(),
      /** The same for all that one action did. */
      actionId: c.id(),
      /** The ticket as it was, to undo it. */
      before: c.json().$type<Record<string, unknown> & { version: number }>(),
      undoneAt: c.instant(),
    },
    (t) => [
      c.index('events_action').on(t.actionId).where(sql`action_id IS NOT NULL`),
      c.index('events_entry').on(t.entryId, t.at),
      c.index('events_reservation').on(t.reservationId, t.at),
      c.index('events_day').on(t.serviceId, t.localDay, t.at),
      // What a ticket's own times no longer tell: when it was first due, called and started.
      c
        .index('events_repeated')
        .on(t.locationId, t.localDay)
        .where(
          sql`verb = 'park' OR verb = 'recall' OR verb = 'requeue' OR verb = 'reinstate' OR verb = 'transfer' OR verb = 'delay'`,
        ),
    ],
  );

  /** First answers, kept for a day to be given again to a request that is sent again. */
  const answers = c.table(
    'answers',
    {
      owner: c.text().notNull(),
      method: c.text().notNull(),
      path: c.text().notNull(),
      key: c.text().notNull(),
      bodyHash: c.text().notNull(),
      status: c.integer(),
      body: c.text(),
      createdAt: c.instant().notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.owner, t.method, t.path, t.key] }),
      c.index('answers_created').on(t.createdAt),
    ],
  );

  return {
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
  };
}

export type Tables = ReturnType<typeof defineTables>;

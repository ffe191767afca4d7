CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`user_id` text NOT NULL,
	`access_token` text,
	`refresh_token` text,
	`id_token` text,
	`access_token_expires_at` integer,
	`refresh_token_expires_at` integer,
	`scope` text,
	`password` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `accounts_user` ON `accounts` (`user_id`);--> statement-breakpoint
CREATE TABLE `answers` (
	`owner` text NOT NULL,
	`method` text NOT NULL,
	`path` text NOT NULL,
	`key` text NOT NULL,
	`body_hash` text NOT NULL,
	`status` integer,
	`body` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`owner`, `method`, `path`, `key`)
);
--> statement-breakpoint
CREATE INDEX `answers_created` ON `answers` (`created_at`);--> statement-breakpoint
CREATE TABLE `closures` (
	`id` text PRIMARY KEY NOT NULL,
	`location_id` text NOT NULL,
	`service_id` text,
	`day` text NOT NULL,
	`kind` text NOT NULL,
	`opens` text,
	`closes` text,
	`reason` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`location_id`) REFERENCES `locations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`service_id`) REFERENCES `services`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "closures_window" CHECK(("closures"."kind" = 'closed' AND "closures"."opens" IS NULL AND "closures"."closes" IS NULL) OR ("closures"."kind" IN ('closed', 'special') AND "closures"."opens" < "closures"."closes"))
);
--> statement-breakpoint
CREATE INDEX `closures_day` ON `closures` (`location_id`,`day`);--> statement-breakpoint
CREATE TABLE `desks` (
	`id` text PRIMARY KEY NOT NULL,
	`location_id` text NOT NULL,
	`name` text NOT NULL,
	`retired_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`location_id`) REFERENCES `locations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `desks_location` ON `desks` (`location_id`);--> statement-breakpoint
CREATE TABLE `events` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor_id` text,
	`verb` text NOT NULL,
	`location_id` text,
	`service_id` text,
	`local_day` text,
	`reservation_id` text,
	`entry_id` text,
	`from_status` text,
	`to_status` text,
	`data` text,
	FOREIGN KEY (`actor_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `events_entry` ON `events` (`entry_id`,`at`);--> statement-breakpoint
CREATE INDEX `events_reservation` ON `events` (`reservation_id`,`at`);--> statement-breakpoint
CREATE INDEX `events_day` ON `events` (`service_id`,`local_day`,`at`);--> statement-breakpoint
CREATE TABLE `locations` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`slug` text NOT NULL,
	`time_zone` text NOT NULL,
	`retired_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `locations_slug_unique` ON `locations` (`slug`);--> statement-breakpoint
CREATE TABLE `opening_rules` (
	`id` text PRIMARY KEY NOT NULL,
	`service_id` text NOT NULL,
	`weekday` integer NOT NULL,
	`opens` text NOT NULL,
	`closes` text NOT NULL,
	FOREIGN KEY (`service_id`) REFERENCES `services`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "opening_rules_window" CHECK("opening_rules"."weekday" BETWEEN 1 AND 7 AND "opening_rules"."opens" < "opening_rules"."closes")
);
--> statement-breakpoint
CREATE INDEX `opening_rules_service` ON `opening_rules` (`service_id`,`weekday`);--> statement-breakpoint
CREATE TABLE `queue_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`reservation_id` text,
	`service_id` text NOT NULL,
	`origin_service_id` text NOT NULL,
	`location_id` text NOT NULL,
	`local_day` text NOT NULL,
	`position` integer NOT NULL,
	`number` text NOT NULL,
	`name` text DEFAULT '' NOT NULL,
	`phone` text,
	`status` text NOT NULL,
	`priority` integer DEFAULT 0 NOT NULL,
	`due_at` integer NOT NULL,
	`effective_at` integer NOT NULL,
	`arrived_at` integer NOT NULL,
	`called_at` integer,
	`started_at` integer,
	`ended_at` integer,
	`desk_id` text,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`reservation_id`) REFERENCES `reservations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`service_id`) REFERENCES `services`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`origin_service_id`) REFERENCES `services`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`location_id`) REFERENCES `locations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`desk_id`) REFERENCES `desks`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "queue_entries_status" CHECK("queue_entries"."status" IN ('waiting', 'called', 'in_service', 'parked', 'completed', 'skipped', 'left'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `queue_entries_number` ON `queue_entries` (`origin_service_id`,`local_day`,`position`);--> statement-breakpoint
CREATE UNIQUE INDEX `queue_entries_reservation` ON `queue_entries` (`reservation_id`) WHERE status <> 'left';--> statement-breakpoint
CREATE INDEX `queue_entries_booking` ON `queue_entries` (`reservation_id`);--> statement-breakpoint
CREATE INDEX `queue_entries_day` ON `queue_entries` (`service_id`,`local_day`);--> statement-breakpoint
CREATE INDEX `queue_entries_next` ON `queue_entries` (`service_id`,`local_day`,`effective_at`,`id`) WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX `queue_entries_due` ON `queue_entries` (`service_id`,`local_day`,`due_at`,`id`) WHERE status = 'waiting';--> statement-breakpoint
CREATE TABLE `queues` (
	`service_id` text NOT NULL,
	`local_day` text NOT NULL,
	`location_id` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`last_position` integer DEFAULT 0 NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`service_id`, `local_day`),
	FOREIGN KEY (`service_id`) REFERENCES `services`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`location_id`) REFERENCES `locations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `queues_open` ON `queues` (`local_day`) WHERE ended_at IS NULL;--> statement-breakpoint
CREATE TABLE `reservations` (
	`id` text PRIMARY KEY NOT NULL,
	`service_id` text NOT NULL,
	`location_id` text NOT NULL,
	`user_id` text,
	`local_day` text NOT NULL,
	`time_slot` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`party` integer DEFAULT 1 NOT NULL,
	`status` text NOT NULL,
	`hold_expires_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`service_id`) REFERENCES `services`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`location_id`) REFERENCES `locations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "reservations_status" CHECK("reservations"."status" IN ('pending', 'confirmed', 'canceled')),
	CONSTRAINT "reservations_time" CHECK("reservations"."ends_at" > "reservations"."time_slot" AND "reservations"."party" > 0)
);
--> statement-breakpoint
CREATE INDEX `reservations_day` ON `reservations` (`service_id`,`local_day`,`time_slot`) WHERE status <> 'canceled';--> statement-breakpoint
CREATE INDEX `reservations_user` ON `reservations` (`user_id`,`time_slot`);--> statement-breakpoint
CREATE TABLE `services` (
	`id` text PRIMARY KEY NOT NULL,
	`location_id` text NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`what_to_bring` text DEFAULT '' NOT NULL,
	`prefix` text DEFAULT 'A' NOT NULL,
	`duration_minutes` integer NOT NULL,
	`buffer_minutes` integer DEFAULT 0 NOT NULL,
	`capacity` integer DEFAULT 1 NOT NULL,
	`step_minutes` integer,
	`lead_minutes` integer DEFAULT 0 NOT NULL,
	`horizon_days` integer DEFAULT 60 NOT NULL,
	`cancel_minutes` integer DEFAULT 0 NOT NULL,
	`grace_minutes` integer DEFAULT 10 NOT NULL,
	`credit_minutes` integer DEFAULT 10 NOT NULL,
	`priority_minutes` integer DEFAULT 10 NOT NULL,
	`early_call_minutes` integer,
	`check_in_before_minutes` integer DEFAULT 60 NOT NULL,
	`check_in_after_minutes` integer DEFAULT 60 NOT NULL,
	`check_in` text DEFAULT 'required' NOT NULL,
	`walk_ins` integer DEFAULT true NOT NULL,
	`retired_at` integer,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`location_id`) REFERENCES `locations`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "services_check_in" CHECK("services"."check_in" IN ('required', 'none')),
	CONSTRAINT "services_positive" CHECK("services"."duration_minutes" > 0 AND "services"."capacity" > 0 AND "services"."buffer_minutes" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `services_slug_unique` ON `services` (`slug`);--> statement-breakpoint
CREATE INDEX `services_location` ON `services` (`location_id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`user_id` text NOT NULL,
	`expires_at` integer NOT NULL,
	`ip_address` text,
	`user_agent` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_token_unique` ON `sessions` (`token`);--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE TABLE `staff_locations` (
	`user_id` text NOT NULL,
	`location_id` text NOT NULL,
	PRIMARY KEY(`user_id`, `location_id`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`location_id`) REFERENCES `locations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `staff_locations_location` ON `staff_locations` (`location_id`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer DEFAULT false NOT NULL,
	`image` text,
	`role` text DEFAULT 'user' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	CONSTRAINT "users_role" CHECK("users"."role" IN ('user', 'staff', 'admin'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);--> statement-breakpoint
CREATE TABLE `verifications` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `verifications_identifier` ON `verifications` (`identifier`);
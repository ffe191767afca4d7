CREATE TABLE `desk_services` (
	`desk_id` text NOT NULL,
	`service_id` text NOT NULL,
	PRIMARY KEY(`desk_id`, `service_id`),
	FOREIGN KEY (`desk_id`) REFERENCES `desks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`service_id`) REFERENCES `services`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `desk_services_service` ON `desk_services` (`service_id`);--> statement-breakpoint
ALTER TABLE `desks` ADD `staffed_by` text REFERENCES users(id) ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE `desks` ADD `staffed_at` integer;--> statement-breakpoint
ALTER TABLE `desks` ADD `paused_at` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `desks_staffed_by` ON `desks` (`staffed_by`) WHERE staffed_by IS NOT NULL;--> statement-breakpoint
ALTER TABLE `events` ADD `via` text;--> statement-breakpoint
ALTER TABLE `events` ADD `action_id` text;--> statement-breakpoint
ALTER TABLE `events` ADD `before` text;--> statement-breakpoint
ALTER TABLE `events` ADD `undone_at` integer;--> statement-breakpoint
CREATE INDEX `events_action` ON `events` (`action_id`) WHERE action_id IS NOT NULL;--> statement-breakpoint
ALTER TABLE `locations` ADD `board_names` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `locations` ADD `board_message` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `queue_entries` ADD `token_hash` text;--> statement-breakpoint
ALTER TABLE `queue_entries` ADD `note` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `queue_entries` ADD `needs` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `queue_entries` ADD `parked_at` integer;--> statement-breakpoint
ALTER TABLE `queue_entries` ADD `away_until` integer;--> statement-breakpoint
ALTER TABLE `queue_entries` ADD `delays` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `queue_entries` ADD `placed_by` text;--> statement-breakpoint
ALTER TABLE `queue_entries` ADD `reason` text;--> statement-breakpoint
ALTER TABLE `queue_entries` ADD `estimated_low` integer;--> statement-breakpoint
ALTER TABLE `queue_entries` ADD `estimated_high` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `queue_entries_token` ON `queue_entries` (`token_hash`) WHERE token_hash IS NOT NULL;--> statement-breakpoint
CREATE INDEX `queue_entries_place` ON `queue_entries` (`location_id`,`local_day`);--> statement-breakpoint
CREATE UNIQUE INDEX `queue_entries_desk` ON `queue_entries` (`desk_id`,`local_day`) WHERE status = 'in_service';--> statement-breakpoint
CREATE INDEX `queue_entries_held` ON `queue_entries` (`desk_id`,`local_day`) WHERE status = 'called' OR status = 'in_service';--> statement-breakpoint
ALTER TABLE `queues` ADD `intake_closed_at` integer;--> statement-breakpoint
ALTER TABLE `queues` ADD `delay_minutes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `services` ADD `phone_join` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `services` ADD `join_limit` integer;--> statement-breakpoint
ALTER TABLE `services` ADD `join_until` text;--> statement-breakpoint
ALTER TABLE `services` ADD `ask_name` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `services` ADD `ask_phone` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `reservations_place` ON `reservations` (`location_id`,`local_day`) WHERE status <> 'canceled';
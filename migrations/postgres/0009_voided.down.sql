DROP INDEX events_repeated;
--> statement-breakpoint
ALTER TABLE queue_entries DROP COLUMN voided;
--> statement-breakpoint
CREATE INDEX events_repeated ON events (location_id, local_day) WHERE verb = 'park' OR verb = 'recall';

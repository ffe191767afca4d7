CREATE INDEX `closures_upcoming` ON `closures` (`day`);--> statement-breakpoint
CREATE INDEX `queues_place` ON `queues` (`location_id`,`local_day`);
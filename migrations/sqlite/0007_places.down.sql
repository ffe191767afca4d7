DROP INDEX queues_place;
--> statement-breakpoint
DROP INDEX closures_upcoming;

DROP INDEX events_repeated;
--> statement-breakpoint
CREATE INDEX events_repeated ON events (location_id, local_day) WHERE verb = 'park' OR verb = 'recall' OR verb = 'requeue' OR verb = 'reinstate' OR verb = 'transfer';

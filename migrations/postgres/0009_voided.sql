DROP INDEX "events_repeated";--> statement-breakpoint
ALTER TABLE "queue_entries" ADD COLUMN "voided" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "events_repeated" ON "events" USING btree ("location_id","local_day") WHERE verb = 'park' OR verb = 'recall' OR verb = 'requeue' OR verb = 'reinstate' OR verb = 'transfer';
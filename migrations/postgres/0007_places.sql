CREATE INDEX "closures_upcoming" ON "closures" USING btree ("day");--> statement-breakpoint
CREATE INDEX "queues_place" ON "queues" USING btree ("location_id","local_day");
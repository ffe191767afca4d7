DROP TRIGGER reservations_announce_update;
--> statement-breakpoint
DROP TRIGGER reservations_announce_insert;
--> statement-breakpoint
DROP TRIGGER reservations_capacity_update;
--> statement-breakpoint
DROP TRIGGER reservations_capacity_insert;

DROP TRIGGER reservations_capacity ON reservations;
--> statement-breakpoint
DROP FUNCTION reservations_guard();

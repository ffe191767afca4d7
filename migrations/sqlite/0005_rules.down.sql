DROP TRIGGER reservations_rules_update;
--> statement-breakpoint
DROP TRIGGER reservations_rules_insert;
--> statement-breakpoint
ALTER TABLE reservations DROP COLUMN rules_version;

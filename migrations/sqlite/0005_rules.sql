-- A slot is found before the write begins, and the rules that offered it may have changed by then. So a booking carries the
-- version of the service that it was found by, and the database refuses it when the service has another.
ALTER TABLE `reservations` ADD `rules_version` integer;
--> statement-breakpoint
CREATE TRIGGER reservations_rules_insert
BEFORE INSERT ON reservations
WHEN NEW.status <> 'canceled' AND NEW.rules_version <> (SELECT version FROM services WHERE id = NEW.service_id)
BEGIN
  SELECT RAISE(ABORT, 'rules_changed');
END;
--> statement-breakpoint
CREATE TRIGGER reservations_rules_update
BEFORE UPDATE OF service_id, time_slot, ends_at, rules_version ON reservations
WHEN NEW.status <> 'canceled' AND NEW.rules_version <> (SELECT version FROM services WHERE id = NEW.service_id)
BEGIN
  SELECT RAISE(ABORT, 'rules_changed');
END;

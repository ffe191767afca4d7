-- The load is counted once for each moment at which it can rise, and not once for each booking that begins then: a slot of
-- hundreds of places cost the square of them, while its day was held. The rules stay the last made, since SQLite asks them
-- first.
DROP TRIGGER reservations_rules_update;
--> statement-breakpoint
DROP TRIGGER reservations_rules_insert;
--> statement-breakpoint
DROP TRIGGER reservations_capacity_update;
--> statement-breakpoint
DROP TRIGGER reservations_capacity_insert;
--> statement-breakpoint
CREATE TRIGGER reservations_capacity_insert
BEFORE INSERT ON reservations WHEN NEW.status <> 'canceled'
BEGIN
  UPDATE reservations SET status = 'canceled', updated_at = NEW.updated_at
  WHERE service_id = NEW.service_id AND local_day = NEW.local_day AND status <> 'canceled'
    AND status = 'pending' AND hold_expires_at <= NEW.updated_at AND id <> NEW.id;

  SELECT RAISE(ABORT, 'already_booked') WHERE EXISTS (
    SELECT 1 FROM reservations
    WHERE service_id = NEW.service_id AND local_day = NEW.local_day AND status <> 'canceled' AND id <> NEW.id
      AND user_id = NEW.user_id AND time_slot < NEW.ends_at AND ends_at > NEW.time_slot
  );

  SELECT RAISE(ABORT, 'slot_full')
  WHERE NEW.party + COALESCE((
    SELECT max((
      SELECT sum(b.party) FROM reservations b
      WHERE b.service_id = NEW.service_id AND b.local_day = NEW.local_day AND b.status <> 'canceled' AND b.id <> NEW.id
        AND b.time_slot <= a.starts AND b.ends_at > a.starts
    ))
    FROM (
      SELECT DISTINCT max(time_slot, NEW.time_slot) AS starts FROM reservations
      WHERE service_id = NEW.service_id AND local_day = NEW.local_day AND status <> 'canceled' AND id <> NEW.id
        AND time_slot < NEW.ends_at AND ends_at > NEW.time_slot
    ) a
  ), 0) > (SELECT capacity FROM services WHERE id = NEW.service_id);
END;
--> statement-breakpoint
CREATE TRIGGER reservations_capacity_update
BEFORE UPDATE OF service_id, local_day, time_slot, ends_at, party, status, hold_expires_at ON reservations
WHEN NEW.status <> 'canceled' AND NOT (
  OLD.status <> 'canceled' AND OLD.service_id = NEW.service_id
  AND OLD.time_slot = NEW.time_slot AND OLD.ends_at = NEW.ends_at AND OLD.party >= NEW.party
  AND NOT (OLD.status = 'pending' AND OLD.hold_expires_at IS NOT NULL)
)
BEGIN
  UPDATE reservations SET status = 'canceled', updated_at = NEW.updated_at
  WHERE service_id = NEW.service_id AND local_day = NEW.local_day AND status <> 'canceled'
    AND status = 'pending' AND hold_expires_at <= NEW.updated_at AND id <> NEW.id;

  SELECT RAISE(ABORT, 'already_booked') WHERE EXISTS (
    SELECT 1 FROM reservations
    WHERE service_id = NEW.service_id AND local_day = NEW.local_day AND status <> 'canceled' AND id <> NEW.id
      AND user_id = NEW.user_id AND time_slot < NEW.ends_at AND ends_at > NEW.time_slot
  );

  SELECT RAISE(ABORT, 'slot_full')
  WHERE NEW.party + COALESCE((
    SELECT max((
      SELECT sum(b.party) FROM reservations b
      WHERE b.service_id = NEW.service_id AND b.local_day = NEW.local_day AND b.status <> 'canceled' AND b.id <> NEW.id
        AND b.time_slot <= a.starts AND b.ends_at > a.starts
    ))
    FROM (
      SELECT DISTINCT max(time_slot, NEW.time_slot) AS starts FROM reservations
      WHERE service_id = NEW.service_id AND local_day = NEW.local_day AND status <> 'canceled' AND id <> NEW.id
        AND time_slot < NEW.ends_at AND ends_at > NEW.time_slot
    ) a
  ), 0) > (SELECT capacity FROM services WHERE id = NEW.service_id);
END;
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

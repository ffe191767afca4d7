-- The load is counted once for each moment at which it can rise, and not once for each booking that begins then: a slot of
-- hundreds of places cost the square of them, while its day was held.
CREATE OR REPLACE FUNCTION reservations_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched date;
  places integer;
  rules integer;
  peak integer;
BEGIN
  FOR touched IN
    SELECT DISTINCT day FROM unnest(ARRAY[NEW.local_day, COALESCE(OLD.local_day, NEW.local_day)]) AS day ORDER BY day
  LOOP
    INSERT INTO queues (service_id, local_day, location_id) VALUES (NEW.service_id, touched, NEW.location_id)
    ON CONFLICT (service_id, local_day) DO UPDATE SET version = queues.version + 1;
  END LOOP;

  IF NEW.status = 'canceled' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.status <> 'canceled' AND OLD.service_id = NEW.service_id
    AND OLD.time_slot = NEW.time_slot AND OLD.ends_at = NEW.ends_at AND OLD.party >= NEW.party
    AND NOT (OLD.status = 'pending' AND OLD.hold_expires_at IS NOT NULL) THEN
    RETURN NEW;
  END IF;

  SELECT capacity, version INTO places, rules FROM services WHERE id = NEW.service_id;
  IF NEW.rules_version <> rules THEN
    RAISE EXCEPTION 'rules_changed';
  END IF;

  UPDATE reservations SET status = 'canceled', updated_at = NEW.updated_at
  WHERE id = ANY (ARRAY(
    SELECT id FROM reservations
    WHERE service_id = NEW.service_id AND local_day = NEW.local_day AND status <> 'canceled'
      AND status = 'pending' AND hold_expires_at <= NEW.updated_at AND id <> NEW.id
    FOR NO KEY UPDATE SKIP LOCKED
  ));

  IF EXISTS (
    SELECT 1 FROM reservations
    WHERE service_id = NEW.service_id AND local_day = NEW.local_day AND status <> 'canceled' AND id <> NEW.id
      AND (status = 'pending' AND hold_expires_at <= NEW.updated_at) IS NOT TRUE
      AND user_id = NEW.user_id AND time_slot < NEW.ends_at AND ends_at > NEW.time_slot
  ) THEN
    RAISE EXCEPTION 'already_booked';
  END IF;

  -- A load only rises where a booking starts, so the peak is at the start of one of those that overlap.
  WITH overlapping AS MATERIALIZED (
    SELECT greatest(time_slot, NEW.time_slot) AS starts, ends_at, party FROM reservations
    WHERE service_id = NEW.service_id AND local_day = NEW.local_day AND status <> 'canceled' AND id <> NEW.id
      AND (status = 'pending' AND hold_expires_at <= NEW.updated_at) IS NOT TRUE
      AND time_slot < NEW.ends_at AND ends_at > NEW.time_slot
  )
  SELECT max(load) INTO peak FROM (
    SELECT (SELECT sum(b.party) FROM overlapping b WHERE b.starts <= a.starts AND b.ends_at > a.starts) AS load
    FROM (SELECT DISTINCT starts FROM overlapping) AS a
  ) AS loads;
  IF COALESCE(peak, 0) + NEW.party > places THEN
    RAISE EXCEPTION 'slot_full';
  END IF;
  RETURN NEW;
END
$$;

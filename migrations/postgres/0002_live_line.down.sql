DROP TABLE desk_services;
DROP INDEX desks_staffed_by;
DROP INDEX events_action;
DROP INDEX queue_entries_token;
DROP INDEX queue_entries_place;
DROP INDEX queue_entries_desk;
DROP INDEX queue_entries_held;
DROP INDEX reservations_place;
ALTER TABLE desks DROP COLUMN staffed_by, DROP COLUMN staffed_at, DROP COLUMN paused_at;
ALTER TABLE events DROP COLUMN via, DROP COLUMN action_id, DROP COLUMN before, DROP COLUMN undone_at;
ALTER TABLE locations DROP COLUMN board_names, DROP COLUMN board_message;
ALTER TABLE queue_entries
  DROP COLUMN token_hash, DROP COLUMN note, DROP COLUMN needs, DROP COLUMN parked_at, DROP COLUMN away_until,
  DROP COLUMN delays, DROP COLUMN placed_by, DROP COLUMN reason, DROP COLUMN estimated_low, DROP COLUMN estimated_high;
ALTER TABLE queues DROP COLUMN intake_closed_at, DROP COLUMN delay_minutes;
ALTER TABLE services
  DROP COLUMN phone_join, DROP COLUMN join_limit, DROP COLUMN join_until, DROP COLUMN ask_name, DROP COLUMN ask_phone;

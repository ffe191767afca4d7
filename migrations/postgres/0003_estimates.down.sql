DROP INDEX events_repeated;

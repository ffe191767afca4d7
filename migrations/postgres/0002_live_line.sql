CREATE TABLE "desk_services" (
	"desk_id" uuid NOT NULL,
	"service_id" uuid NOT NULL,
	CONSTRAINT "desk_services_desk_id_service_id_pk" PRIMARY KEY("desk_id","service_id")
);
--> statement-breakpoint
ALTER TABLE "desks" ADD COLUMN "staffed_by" uuid;--> statement-breakpoint
ALTER TABLE "desks" ADD COLUMN "staffed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "desks" ADD COLUMN "paused_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "via" text;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "action_id" uuid;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "before" jsonb;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "undone_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "locations" ADD COLUMN "board_names" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "locations" ADD COLUMN "board_message" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "queue_entries" ADD COLUMN "token_hash" text;--> statement-breakpoint
ALTER TABLE "queue_entries" ADD COLUMN "note" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "queue_entries" ADD COLUMN "needs" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "queue_entries" ADD COLUMN "parked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "queue_entries" ADD COLUMN "away_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "queue_entries" ADD COLUMN "delays" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "queue_entries" ADD COLUMN "placed_by" text;--> statement-breakpoint
ALTER TABLE "queue_entries" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "queue_entries" ADD COLUMN "estimated_low" integer;--> statement-breakpoint
ALTER TABLE "queue_entries" ADD COLUMN "estimated_high" integer;--> statement-breakpoint
ALTER TABLE "queues" ADD COLUMN "intake_closed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "queues" ADD COLUMN "delay_minutes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "services" ADD COLUMN "phone_join" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "services" ADD COLUMN "join_limit" integer;--> statement-breakpoint
ALTER TABLE "services" ADD COLUMN "join_until" text;--> statement-breakpoint
ALTER TABLE "services" ADD COLUMN "ask_name" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "services" ADD COLUMN "ask_phone" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "desk_services" ADD CONSTRAINT "desk_services_desk_id_desks_id_fk" FOREIGN KEY ("desk_id") REFERENCES "public"."desks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "desk_services" ADD CONSTRAINT "desk_services_service_id_services_id_fk" FOREIGN KEY ("service_id") REFERENCES "public"."services"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "desk_services_service" ON "desk_services" USING btree ("service_id");--> statement-breakpoint
ALTER TABLE "desks" ADD CONSTRAINT "desks_staffed_by_users_id_fk" FOREIGN KEY ("staffed_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "desks_staffed_by" ON "desks" USING btree ("staffed_by") WHERE staffed_by IS NOT NULL;--> statement-breakpoint
CREATE INDEX "events_action" ON "events" USING btree ("action_id") WHERE action_id IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "queue_entries_token" ON "queue_entries" USING btree ("token_hash") WHERE token_hash IS NOT NULL;--> statement-breakpoint
CREATE INDEX "queue_entries_place" ON "queue_entries" USING btree ("location_id","local_day");--> statement-breakpoint
CREATE UNIQUE INDEX "queue_entries_desk" ON "queue_entries" USING btree ("desk_id","local_day") WHERE status = 'in_service';--> statement-breakpoint
CREATE INDEX "queue_entries_held" ON "queue_entries" USING btree ("desk_id","local_day") WHERE status = 'called' OR status = 'in_service';--> statement-breakpoint
CREATE INDEX "reservations_place" ON "reservations" USING btree ("location_id","local_day") WHERE status <> 'canceled';
import { v7 } from 'uuid';

/** What a floor of booking is told: where, and what there is to book. */
export interface RawSetup {
  url: string;
  locationId: string;
  userIds: string[];
  slots: { serviceId: string; localDay: string; starts: number; ends: number }[];
}

export interface Place {
  id: string;
  eventId: string;
  serviceId: string;
  locationId: string;
  userId: string;
  localDay: string;
  timeSlot: Date;
  endsAt: Date;
}

/** The places one after the other, in the order in which the load books them over HTTP. */
export function placesOf({ locationId, userIds, slots }: Omit<RawSetup, 'url'>): () => Place {
  let count = 0;
  return () => {
    const slot = slots[count % slots.length] as RawSetup['slots'][number];
    const userId = userIds[count % userIds.length] as string;
    count += 1;
    return {
      id: v7(),
      eventId: v7(),
      serviceId: slot.serviceId,
      locationId,
      userId,
      localDay: slot.localDay,
      timeSlot: new Date(slot.starts),
      endsAt: new Date(slot.ends),
    };
  };
}

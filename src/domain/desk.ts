/** A counter where somebody is served. */
export interface Desk {
  id: string;
  locationId: string;
  name: string;
  /** Who sits there now, and since when. */
  staffedBy: string | null;
  staffedAt: Date | null;
  /** Since when it takes nobody new; null while it works. */
  pausedAt: Date | null;
  /** The services it serves; empty means all of its location. */
  serviceIds: readonly string[];
}

/** A desk with the name of who sits there. */
export type StaffedDesk = Desk & { staffName: string | null };

/** Whether a desk serves this service; one that names none serves all of its location. */
export function servesAt({ serviceIds }: Pick<Desk, 'serviceIds'>, serviceId: string): boolean {
  return serviceIds.length === 0 || serviceIds.includes(serviceId);
}

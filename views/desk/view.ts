import type { StaffedDesk } from '../../src/domain/desk.ts';
import type { ToldWait } from '../../src/domain/estimate.ts';
import type { Panel } from '../../src/domain/panel.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import { type QueueEntry, VERBS } from '../../src/domain/ticket.ts';
import type { FormState } from '../parts.tsx';
import type { PieceUi, Ui } from '../ui.ts';
import type { KeptRows } from './rows.ts';

/** What a desk's forms do, as the page after them says it back. */
export const DEEDS = [
  ...VERBS,
  'check-in',
  'walk-in',
  'transfer',
  'move',
  'note',
  'undo',
  'void',
  'intake-closed',
  'intake-open',
  'delay',
  'desk-taken',
  'desk-left',
  'desk-paused',
  'desk-resumed',
] as const;
export type Deed = (typeof DEEDS)[number];

export interface Done {
  deed: Deed;
  /** The ticket's number, the minutes, or nothing. */
  thing: string;
}

/** What can be taken back: the last thing that was done to this ticket. */
export interface Undoable {
  entryId: string;
  version: number;
}

/** What a panel has to say about the last form: what it did, or why it did not. */
export interface DeskNotice {
  kind: 'success' | 'warning' | 'error';
  text: string;
  undo?: Undoable | undefined;
}

/** What a panel is about: the line of a service, or all that a desk serves. */
export interface Scope {
  /** The end of its address: the service's slug or the desk's id. */
  key: string;
  name: string;
  locationId: string;
  timeZone: string;
  services: readonly PlacedService[];
  /** Every service whose line may show: these, and those of the desk that the actor sits at. */
  watched: readonly PlacedService[];
  /** The desk whose panel it is. */
  desk?: StaffedDesk;
  /** The desk that the actor sits at, if it is in this place. */
  mine?: StaffedDesk | undefined;
  /** Names of the desks, by their ids. */
  deskNames: ReadonlyMap<string, string>;
  /** Names of the place's services. */
  serviceNames: ReadonlyMap<string, string>;
}

/** A desk's screen. */
export interface DeskView {
  ui: Ui;
  scope: Scope;
  panel: Panel;
  /** Rows of the line that are made already. */
  rows: KeptRows;
  /** Names this state for the poll; see `tagOf`. */
  tag: string;
  /** Whether the screen keeps still. */
  paused: boolean;
  notice?: DeskNotice | undefined;
  /** The form for a walk-in, where it is open. */
  walkIn?: FormState | undefined;
  /** And how long each of its services would let somebody wait who comes now; null where nothing honest can be said. */
  waits?: ReadonlyMap<string, ToldWait | null> | undefined;
  /** The ticket that was acted on: where the focus goes when it would be lost. */
  touched?: string | undefined;
}

/** What it takes to lead to a part of a desk's pages. */
export type Placed = Pick<DeskView, 'scope' | 'paused'>;

/** Where this desk's forms and links lead. A screen that is paused stays so. */
export function deskHref({ scope, paused }: Placed, path = ''): string {
  return `/desk/${scope.key}${path}${paused ? '?pause' : ''}`;
}

/** Where the intake and the delay of a service are told; from the screen of a desk that serves it, and back to that. */
export function lineHref(placed: Placed, { slug }: Pick<PlacedService, 'slug'>, path = '/line'): string {
  const href = deskHref(placed, path);
  return placed.scope.desk ? `${href}${placed.paused ? '&' : '?'}of=${slug}` : href;
}

/** The time of day where these lines are. */
export function clockOf({ ui, scope }: Pick<DeskView, 'scope'> & { ui: PieceUi }, instant: Date): string {
  return ui.format.time(instant, scope.timeZone);
}

/** The name of a ticket's service, where the screen does not say it anyway. */
export function serviceNameOf({ services, serviceNames }: Scope, serviceId: string): string | undefined {
  const [only, another] = services;
  return only?.id === serviceId && !another ? undefined : serviceNames.get(serviceId);
}

/** What a desk serves, of these services: everything only where it names none. */
export function servedText(
  { text: { desk: t } }: Ui,
  { serviceIds }: Pick<StaffedDesk, 'serviceIds'>,
  services: readonly { id: string; name: string }[],
): string {
  if (serviceIds.length === 0) return t.allServices;
  const names = services.filter(({ id }) => serviceIds.includes(id)).map(({ name }) => name);
  return names.join(', ') || t.noServices;
}

/** Whether the actor can work here: at their desk, or where no desk is asked for. */
export function worksHere({ desk, mine }: Scope): boolean {
  return desk === undefined || desk.id === mine?.id;
}

/** Whether the actor's desk is paused: then nobody is called to it or started there. */
export function takesNobody({ mine }: Pick<Scope, 'mine'>): boolean {
  return Boolean(mine?.pausedAt);
}

/** Whether a ticket belongs to its desk, or did at its end: who waits again, or did not come, does not. */
export function isAtDesk({ deskId, status }: Pick<QueueEntry, 'deskId' | 'status'>): boolean {
  return deskId !== null && status !== 'waiting' && status !== 'skipped';
}

/** The services of a screen that give numbers to those without a reservation. */
export function walkInServices({ services }: Scope): PlacedService[] {
  return services.filter(({ walkIns, retiredAt }) => walkIns && retiredAt === null);
}

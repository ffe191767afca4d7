import type { Panel } from '../../src/domain/panel.ts';
import type { PlacedService } from '../../src/domain/service.ts';
import type { Verb } from '../../src/domain/ticket.ts';
import type { FormState } from '../parts.tsx';
import type { Ui } from '../ui.ts';

/** The verbs that the desk has a button for. */
export const DESK_VERBS = [
  'call',
  'start',
  'complete',
  'skip',
  'reinstate',
  'leave',
] as const satisfies readonly Verb[];
export type DeskVerb = (typeof DESK_VERBS)[number];

/** Something that a form did, to a ticket; said back by the page after it. */
export interface Done {
  verb: DeskVerb | 'check-in' | 'walk-in';
  number: string;
}

/** What a panel has to say about the last form: what it did, or why it did not. */
export interface DeskNotice {
  kind: 'success' | 'warning' | 'error';
  text: string;
}

/** A desk's screen. */
export interface DeskView {
  ui: Ui;
  service: PlacedService;
  panel: Panel;
  /** Names this state for the poll; see render's `tagOf`. */
  tag: string;
  /** Whether the screen keeps still. */
  paused: boolean;
  notice?: DeskNotice | undefined;
  /** The form for a walk-in, where it is open. */
  walkIn?: FormState | undefined;
  /** The ticket that was acted on: where the focus goes when it would be lost. */
  touched?: string | undefined;
}

/** Where this desk's forms lead. A screen that is paused stays so. */
export function deskHref({ service, paused }: DeskView, path = ''): string {
  return `/desk/${service.slug}${path}${paused ? '?pause' : ''}`;
}

export function clockOf({ ui, service }: DeskView, instant: Date): string {
  return ui.format.time(instant, service.location.timeZone);
}

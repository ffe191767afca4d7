import { Hono } from 'hono';
import type { Env } from '../../web/env.ts';
import { atDeskPages } from './desks.tsx';
import { linePages } from './lines.tsx';
import { deskListPages } from './list.tsx';
import { panelPages } from './panel.tsx';
import { deskTicketPages } from './tickets.tsx';

/** Every page of those who work the lines. */
export const deskPages = new Hono<Env>()
  .route('/', deskListPages)
  .route('/', panelPages)
  .route('/', deskTicketPages)
  .route('/', atDeskPages)
  .route('/', linePages);

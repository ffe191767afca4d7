import { Hono } from 'hono';
import { adminOnly } from '../../actions/act.ts';
import type { Env } from '../../web/env.ts';
import { actorOf } from '../../web/session.ts';
import { adminClosurePages } from './closures.tsx';
import { adminDeskPages } from './desks.tsx';
import { adminHomePage } from './home.tsx';
import { adminLocationPages } from './locations.tsx';
import { adminReportPages } from './report.tsx';
import { adminServicePages } from './services.tsx';
import { adminStaffPages } from './staff.tsx';

/** Every page of an admin. Nobody else gets past the first line, whatever the page. */
export const adminPages = new Hono<Env>()
  .use(async (c, next) => {
    adminOnly(await actorOf(c));
    await next();
  })
  .route('/', adminHomePage)
  .route('/', adminServicePages)
  .route('/', adminClosurePages)
  .route('/', adminLocationPages)
  .route('/', adminDeskPages)
  .route('/', adminStaffPages)
  .route('/', adminReportPages);

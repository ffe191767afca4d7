import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Auth } from '../auth/auth.ts';
import type { Limits } from '../auth/limits.ts';
import type { Config } from '../config.ts';
import type { Store } from '../db/store.ts';
import type { Clock } from '../domain/clock.ts';
import type { Actor } from '../domain/roles.ts';
import type { Hub } from '../live/hub.ts';
import type { Log } from '../log.ts';
import type { Assets } from './assets.ts';
import type { Metrics } from './metrics.ts';

/** What the program is made of, built once by main and by the tests. */
export interface Parts {
  store: Store;
  /** Who watches a line or a board. */
  hub: Hub;
  auth: Auth;
  clock: Clock;
  limits: Limits;
  assets: Assets;
  config: Pick<Config, 'baseUrl' | 'trustedProxies' | 'metricsToken'>;
  log: Log;
  metrics: Metrics;
  /** Whether every migration was applied and the program is not shutting down. */
  ready: () => Promise<boolean>;
}

export interface Env {
  Bindings: HttpBindings;
  Variables: {
    parts: Parts;
    requestId: string;
    /** Filled in by the first who asks; see session. */
    actor: Promise<Actor> | undefined;
  };
}

export type C = Context<Env>;

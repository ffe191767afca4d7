import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/**
 * What `/metrics` shows. Routes stand for themselves, never a path with an id or a token in it.
 *
 * @param openStreams how many live screens are connected now
 */
export function createMetrics(openStreams: () => number = () => 0) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer a request, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'refusals_total',
    help: 'Expected refusals, by code',
    labelNames: ['code'],
    registers: [registry],
  });
  new Gauge({
    name: 'live_streams',
    help: 'Live screens connected now',
    registers: [registry],
    collect() {
      this.set(openStreams());
    },
  });
  return { registry, requests, refusals };
}

export type Metrics = ReturnType<typeof createMetrics>;

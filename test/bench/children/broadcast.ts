// The floor of a broadcast: a bare Node server that keeps its responses and writes one buffer to each of them.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveParent } from '../processes.ts';

const viewers = new Set<ServerResponse>();
const server = createServer((_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'private, no-store' });
  response.write('data: first\n\n');
  viewers.add(response);
  response.once('close', () => viewers.delete(response));
});
server.listen(0, '127.0.0.1');

/** Answers its port, or when it began to send. */
serveParent(async ({ send }: { send?: string }) => {
  if (send === undefined) return (server.address() as AddressInfo).port;
  const bytes = Buffer.from(send);
  const began = performance.timeOrigin + performance.now();
  for (const viewer of viewers) viewer.write(bytes);
  return began;
});

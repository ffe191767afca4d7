import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './postgres.ts';

/** A way to a server that can be cut and mended: to whoever uses it, the server goes and comes back. */
export interface Forwarder {
  /** The server's URL by this way. */
  url: string;
  /** Lets connections through. */
  open(): Promise<void>;
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>;
  /** The connections that there are say nothing any more, as over a network that broke; the answer ends them. */
  silence(): () => void;
}

/** A forwarder to the server of `url`, which may be another one at each connection; closed at first. */
export async function forwardTo(url: string | (() => string)): Promise<Forwarder> {
  const targetOf = () => new URL(typeof url === 'string' ? url : url());
  const port = await freePort();
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const here = targetOf();
  here.host = `127.0.0.1:${port}`;
  return {
    url: here.href,
    open: () =>
      new Promise((resolve, reject) => {
        server = createServer((client) => {
          const target = targetOf();
          const upstream = connect(Number(target.port), target.hostname);
          for (const [one, other] of [
            [client, upstream],
            [upstream, client],
          ] as const) {
            sockets.add(one);
            one.on('error', () => other.destroy());
            one.on('close', () => {
              sockets.delete(one);
              other.destroy();
            });
            one.pipe(other);
          }
        });
        server.once('error', reject).listen(port, '127.0.0.1', () => resolve());
      }),
    cut: () =>
      new Promise((resolve) => {
        if (!server) return resolve();
        server.close(() => resolve());
        server = undefined;
        for (const socket of sockets) socket.destroy();
      }),
    silence: () => {
      const silent = [...sockets];
      for (const socket of silent) socket.unpipe().pause();
      return () => {
        for (const socket of silent) socket.destroy();
      };
    },
  };
}

import { type Server, startServer } from '../support/server.ts';
import type { Load, Run } from './children/load.ts';
import type { Child } from './processes.ts';
import { CORES, cpuSeconds, pin } from './processes.ts';
import { AUTH_SECRET } from './program.ts';
import { type Dialect, openSql, type Sql } from './sql.ts';

/** The program as it runs in production, with demo data, on a core of its own, and a way past it into its database. */
export interface Subject {
  dialect: Dialect;
  server: Server;
  port: number;
  sql: Sql;
  stop(): Promise<void>;
}

export const CONNECTIONS = 32;

export async function startSubject(dialect: Dialect, postgresUrl: string): Promise<Subject> {
  const server = await startServer({
    database: dialect,
    postgresUrl,
    // The load may say from where it comes.
    env: { NODE_ENV: 'production', AUTH_SECRET, TRUSTED_PROXIES: '127.0.0.1' },
  });
  try {
    pin(server.pid, CORES.server);
    const sql = await openSql(server.databaseUrl);
    const stop = async () => {
      await sql.close();
      await server.stop();
    };
    return { dialect, server, port: Number(new URL(server.url).port), sql, stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A stretch of load, with the CPU time that a request took of the process `pid`, in microseconds. */
export type Measured = Load & { cpu: number | undefined };

export async function measure(
  load: Child,
  run: { pid: number; connections?: number } & Pick<Run, 'port' | 'source' | 'seconds' | 'awake' | 'between'>,
): Promise<Measured> {
  const { pid, ...rest } = run;
  const before = cpuSeconds(pid);
  const answer = await load.ask<Load>({ run: { connections: CONNECTIONS, ...rest } });
  const after = cpuSeconds(pid);
  const used = before === undefined || after === undefined ? undefined : after - before;
  return { ...answer, cpu: used === undefined ? undefined : (used * 1e6) / answer.requests };
}

/** The answers that are not `wanted`, in words; undefined when there are none. */
export function unwanted({ statuses }: Load, wanted: number): string | undefined {
  const others = Object.entries(statuses).filter(([status]) => Number(status) !== wanted);
  return others.length > 0
    ? others.map(([status, times]) => `${times} answers ${status}`).join(', ')
    : undefined;
}

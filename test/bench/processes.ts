import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { watchOver } from '../support/watchdog.ts';

/** The core of whatever is measured, and that of whatever puts load on it. */
export const CORES = { server: 0, load: 1 };

const TICKS = clockTicks();

/** Why processes stand on no core of their own, if they don't. */
export const pinning = findPinning();

/** Keeps a process, all of its threads, on one core; where that cannot be done, the system places it. */
export function pin(pid: number, core: number): void {
  if (pinning.possible)
    execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' });
}

/** CPU seconds, user and system, that a process has used so far; undefined where nobody says. */
export function cpuSeconds(pid: number): number | undefined {
  try {
    // The second field is a name that may hold anything, brackets too.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return cpuByPs(pid);
  }
}

/** A process of ours that does one thing when it is asked and answers with what came of it. */
export interface Child {
  pid: number;
  ask<T>(message: Record<string, unknown>): Promise<T>;
  stop(): Promise<void>;
}

/** Starts `children/NAME.ts` on a core. It is sent `setup` first and answers when it is ready. */
export async function startChild(name: string, core: number, setup: Record<string, unknown>): Promise<Child> {
  const path = fileURLToPath(new URL(`children/${name}.ts`, import.meta.url));
  const process_ = fork(path, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
  const pid = process_.pid as number;
  const callOff = watchOver(pid);
  pin(pid, core);
  const child: Child = {
    pid,
    ask: (message) => ask(process_, name, message),
    stop: async () => {
      await end(process_);
      callOff();
    },
  };
  try {
    await child.ask(setup);
    return child;
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/** What a child does: `answer` is called with each message, one after the other. */
export function serveParent(answer: (message: never) => Promise<unknown>): void {
  process.on('message', (message) => {
    answer(message as never).then(
      (value) => process.send?.({ value }),
      (error: Error) => process.send?.({ error: error.stack ?? String(error) }),
    );
  });
  process.on('disconnect', () => process.exit());
}

function ask<T>(child: ChildProcess, name: string, message: Record<string, unknown>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`${name} ended (${code})`));
    child.once('exit', onExit);
    child.once('message', (answer: { value: T } | { error: string }) => {
      child.off('exit', onExit);
      if ('error' in answer) reject(new Error(`${name}: ${answer.error}`));
      else resolve(answer.value);
    });
    child.send(message);
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await exited;
  clearTimeout(patience);
}

function findPinning(): { possible: boolean; note: string } {
  if (availableParallelism() < 2) return { possible: false, note: 'one core for everything' };
  try {
    execFileSync('taskset', ['-c', `${CORES.server},${CORES.load}`, 'true'], { stdio: 'ignore' });
    return { possible: true, note: 'server and load on a core each' };
  } catch {
    return { possible: false, note: 'no taskset here: the system places the processes' };
  }
}

function clockTicks(): number {
  try {
    return Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8', stdio: 'pipe' })) || 100;
  } catch {
    return 100;
  }
}

/** macOS and the BSDs: `MM:SS.cc`, with hours and days before it when there are any. */
function cpuByPs(pid: number): number | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
    const seconds = text
      .trim()
      .split(/[-:]/)
      .reduce((sum, part) => sum * 60 + Number(part), 0);
    return Number.isFinite(seconds) ? seconds : undefined;
  } catch {
    return undefined;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';

const SCRIPT = `
read -r word
[ "$word" = done ] && exit 0
signal=$1 pid=$2
shift 2
kill -s "$signal" "$pid" 2>/dev/null
n=0
while kill -0 "$pid" 2>/dev/null && [ "$n" -lt 50 ]; do sleep 0.1; n=$((n + 1)); done
kill -KILL "$pid" 2>/dev/null
for folder; do rm -rf "$folder"; done
`;

/**
 * Ends the process `pid` and removes `folders` should this process die without doing so itself,
 * even by SIGKILL: a shell waits on a pipe that the kernel closes with us.
 *
 * @param options.signal what the process is sent first; SIGKILL follows after 5 seconds
 * @returns a function that calls the watchdog off; call it after the process has ended.
 */
export function watchOver(
  pid: number,
  { signal = 'TERM', folders = [] }: { signal?: 'TERM' | 'INT'; folders?: string[] } = {},
): () => void {
  if (process.platform === 'win32') return () => {};
  const shell: ChildProcess = spawn('/bin/sh', ['-c', SCRIPT, 'watchdog', signal, String(pid), ...folders], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Out of our process group, so that Ctrl-C does not end it before it has done its work.
    detached: true,
  });
  shell.unref();
  const pipe = shell.stdin as NonNullable<ChildProcess['stdin']> & { unref?: () => void };
  pipe.unref?.();
  pipe.on('error', () => {});
  return () => void pipe.end('done\n');
}

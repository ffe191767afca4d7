import { spawnSync } from 'node:child_process';
import { findBrowser } from './browser.ts';

/** Makes sure that a Chromium is there for the browser tests; run as `node test/support/install-browser.ts`. */
function main(): void {
  if (report()) return;
  console.log('No Chromium found: asking Playwright for one');
  run('playwright', ['install', 'chromium'], 300_000);
  if (report()) return;
  if (process.getuid?.() === 0 && run('apt-get', ['--version'], 10_000)) {
    console.log('Playwright has none: installing the one of this system');
    run('apt-get', ['update', '-qq'], 300_000);
    const install = ['install', '-qq', '-y', '--no-install-recommends', 'fonts-dejavu-core'];
    for (const name of ['chromium-headless-shell', 'chromium'])
      if (run('apt-get', [...install, name], 600_000) && report()) return;
  }
  console.error(
    'The browser tests need a Chromium, and none could be installed. Install one ' +
      '(for example: apt-get install chromium), or set CHROMIUM_PATH to the one you have.',
  );
  process.exitCode = 1;
}

function report(): boolean {
  const path = findBrowser();
  if (path) console.log(`Browser: ${path}`);
  return path !== undefined;
}

/** Shows a command's output only when it failed, and then only its end. */
function run(command: string, args: string[], timeout: number): boolean {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    timeout,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (result.status === 0) return true;
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n').slice(-8).join('\n');
  console.log(`${command} ${args[0]}: ${result.error?.message ?? `exit code ${result.status}`}\n${output}`);
  return false;
}

main();

// Everything that must hold before a change lands, one step after the other: `npm test`.
// Ends with the line `N passed, N failed`: types, lint and build count as one check each.
// `node test/run.ts soak` runs the unit tests and the screens that are cut off, with the long proofs at their full size.
// Node runs this file as it is, and it needs no packages, so that it can report a broken install.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

type Count = { passed: number; failed: number };
type Step = {
  name: string;
  command: string[];
  env?: Record<string, string | undefined>;
  count: (ok: boolean) => Count;
};

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'now-serving-reports-'));
const soak = process.argv[2] === 'soak';

const build: Step = { name: 'build', command: ['tsc', '-p', '.'], count: asOne };

const unit: Step = {
  name: 'unit tests',
  command: [
    'vitest',
    'run',
    '--config=test/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${join(reports, 'unit.json')}`,
  ],
  env: soak ? { SOAK: '1' } : {},
  count: (ok) =>
    counted('unit.json', ok, (report) => ({
      passed: Number(report.numPassedTests),
      failed: Number(report.numFailedTests),
    })),
};

const browser: Step = {
  name: 'browser tests',
  command: [
    'playwright',
    'test',
    '--config=test/playwright.config.ts',
    ...(soak ? ['screens', '--project=js'] : ['--project=js', '--project=nojs']),
    '--reporter=list,json',
  ],
  env: {
    PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, 'browser.json'),
    NO_COLOR: undefined,
    ...(soak && { SOAK: '1' }),
  },
  count: (ok) =>
    counted('browser.json', ok, ({ stats }) => ({
      passed: Number(stats?.expected),
      failed: Number(stats?.unexpected) + Number(stats?.flaky),
    })),
};

const installBrowser: Step = {
  name: 'browser',
  command: ['node', 'test/support/install-browser.ts'],
  count: onlyFailure,
};

const steps: Step[] = soak
  ? [build, unit, installBrowser, browser]
  : [
      { name: 'types', command: ['tsc', '-p', 'test'], count: asOne },
      { name: 'lint', command: ['biome', 'check', '--max-diagnostics=20', '.'], count: asOne },
      build,
      unit,
      installBrowser,
      browser,
    ];

function main(): void {
  const total: Count = { passed: 0, failed: 0 };
  try {
    for (const step of steps) {
      const { passed, failed } = run(step);
      total.passed += passed;
      total.failed += failed;
    }
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  process.exitCode = total.failed === 0 ? 0 : 1;
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
}

function run(step: Step): Count {
  console.log(`\n--- ${step.name}: ${step.command[0]}`);
  const started = performance.now();
  const [command = '', ...args] = step.command;
  const { status, error, signal } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      ...step.env,
      PATH: `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env.PATH}`,
    },
    // The commands are `.cmd` files there.
    shell: process.platform === 'win32',
  });
  if (error || signal) console.log(`${command}: ${error?.message ?? `ended by ${signal}`}`);
  const count = step.count(status === 0);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`--- ${step.name}: ${count.failed === 0 ? 'ok' : 'FAILED'} in ${seconds} s`);
  return count;
}

function asOne(ok: boolean): Count {
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** For a preparation, which is no test of ours. */
function onlyFailure(ok: boolean): Count {
  return { passed: 0, failed: ok ? 0 : 1 };
}

type Report = Record<string, unknown> & { stats?: Record<string, unknown> };

/** What a runner's report says. No report, no test, or a failure outside of any test is one failure. */
function counted(file: string, ok: boolean, read: (report: Report) => Count): Count {
  let count: Count = { passed: 0, failed: 0 };
  try {
    count = read(JSON.parse(readFileSync(join(reports, file), 'utf8')));
  } catch (error) {
    console.log(`No report: ${(error as Error).message}`);
  }
  const { passed, failed } = count;
  if (!Number.isSafeInteger(passed + failed)) return { passed: 0, failed: 1 };
  if (passed + failed === 0) console.log('No test was run');
  return failed === 0 && (!ok || passed === 0) ? { passed, failed: 1 } : count;
}

main();

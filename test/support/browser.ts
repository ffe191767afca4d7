import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

/** Lets a browser run as root in a container, and keeps it from phoning home. */
export const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Does the same tests as a whole one in two thirds of the time. */
const SHELL = 'chromium-headless-shell';
const WHOLE = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * The path of a Chromium on this machine: that of `CHROMIUM_PATH`, one on the PATH, or Playwright's own.
 *
 * @param whole rather one with windows, which also asks for what only they show: a page's icon
 * @throws if `CHROMIUM_PATH` names no file
 */
export function findBrowser({ whole = false } = {}): string | undefined {
  const given = process.env.CHROMIUM_PATH;
  if (given && !existsSync(given)) throw new Error(`CHROMIUM_PATH names no file: ${given}`);
  if (given) return given;
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  const candidates = [
    ...(whole ? [...WHOLE, SHELL] : [SHELL, ...WHOLE]).flatMap((name) =>
      folders.map((folder) => join(folder, name)),
    ),
    ...PLACES,
    chromium.executablePath(),
  ];
  return candidates.find((path) => path !== '' && existsSync(path));
}

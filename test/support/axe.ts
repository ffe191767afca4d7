import type { Page } from '@playwright/test';
import axe from 'axe-core';

/**
 * What axe finds wrong in the page as it stands, a line for each rule. Its script is brought once for each document, and
 * not once for each look: a page is looked at in several widths and schemes. Our pages have no frames.
 */
export async function violationsIn(page: Page): Promise<string[]> {
  if (await page.evaluate(() => !('axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { run } = (window as unknown as { axe: typeof axe }).axe;
    const { violations } = await run({ resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
}

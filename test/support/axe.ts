import type { Page } from '@playwright/test';
import axe from 'axe-core';

/** The rules whose verdict depends on colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds wrong in the page as it stands, a line for each rule; on request by its rules of colour alone. Its script
 * is brought once for each document, and not once for each look: a page is looked at in several widths and schemes. Our
 * pages have no frames.
 */
export async function violationsIn(page: Page, only?: 'colours'): Promise<string[]> {
  if (await page.evaluate(() => !('axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async (rules) => {
    const { run } = (window as unknown as { axe: typeof axe }).axe;
    const { violations } = await run({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  }, only && COLOUR_RULES);
}

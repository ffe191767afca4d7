import { Hono } from 'hono';
import { raw } from 'hono/html';
import { ApiDocs } from '../../../views/api/docs.tsx';
import { en } from '../../../views/text/en.ts';
import { sendAsset, toAsset } from '../../web/assets.ts';
import type { Env } from '../../web/env.ts';
import { describeApi } from '../../web/openapi/index.ts';
import { show, uiOf } from '../../web/render.tsx';

export const apiDocs = new Hono<Env>()
  .get('/openapi.json', (c) => sendAsset(c, descriptionAt(c.get('parts').config.baseUrl).asset))
  .get('/docs', async (c) => {
    const { page } = descriptionAt(c.get('parts').config.baseUrl);
    const ui = await uiOf(c);
    return show(c, ui, { title: ui.text.api.pageTitle, main: () => raw(page) });
  });

type Description = ReturnType<typeof build>;

const built = new Map<string, Description>();

/** The description of the program at an address, built when it is first asked for. */
function descriptionAt(baseUrl: string): Description {
  let description = built.get(baseUrl);
  if (!description) {
    description = build(baseUrl);
    built.set(baseUrl, description);
  }
  return description;
}

/** The document, compressed and served as a static file is, and its page without what changes from reader to reader. */
function build(baseUrl: string) {
  const document = describeApi(baseUrl);
  return {
    asset: toAsset('application/json', 'public, no-cache', Buffer.from(JSON.stringify(document))),
    page: String(<ApiDocs text={en} document={document} />),
  };
}

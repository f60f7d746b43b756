/**
 * The window's pages under app://, a scheme of our own: unlike file:// it carries a content security policy as a
 * header and reaches no file outside the folder of the built pages.
 */

import path from 'node:path';
import { protocol } from 'electron';
import { readPage } from '../serve/pages.ts';
import { pageHost, placeOf } from './page-file.ts';

export const pageOrigin = `app://${pageHost}`;
export const pageAddress = `${pageOrigin}/index.html`;

const pagesFolder = path.join(import.meta.dirname, '../renderer');

/** Has to come before the application is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

export function servePages(): void {
  protocol.handle('app', async (request) => {
    const place = placeOf(request.url);
    const page = place === null ? null : await readPage(pagesFolder, place);
    return page === null
      ? new Response('Not found', { status: 404 })
      : new Response(page.body, { headers: page.headers });
  });
}

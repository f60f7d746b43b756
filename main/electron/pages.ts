/**
 * The window's pages under app://, a scheme of our own: unlike file:// it carries a content security policy as a
 * header and reaches no file outside the folder of the built pages.
 */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol } from 'electron';
import { pageFile } from './page-file.ts';

export const pageAddress = 'app://torchwright/index.html';

const pagesFolder = path.join(import.meta.dirname, '../renderer');

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Has to come before the application is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

export function servePages(): void {
  protocol.handle('app', async (request) => {
    const file = pageFile(pagesFolder, request.url);
    const type = file === null ? undefined : contentTypes[path.extname(file)];
    if (file === null || type === undefined) return new Response('Not found', { status: 404 });
    try {
      const headers = { 'content-type': type, 'content-security-policy': contentSecurityPolicy };
      return new Response(await readFile(file), { headers });
    } catch {
      return new Response('Not found', { status: 404 });
    }
  });
}

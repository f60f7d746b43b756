import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** A page's file, ready to be sent. */
export interface Page {
  readonly body: Buffer<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
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

/** `place` is the path of an address, as it came. Null: no such page, or one that would lie outside the folder. */
export async function readPage(folder: string, place: string): Promise<Page | null> {
  const file = pageFile(folder, place === '/' ? '/index.html' : place);
  const type = file === null ? undefined : contentTypes[path.extname(file)];
  if (file === null || type === undefined) return null;
  const body = await readFile(file).catch(() => null);
  if (body === null) return null;
  return {
    body,
    headers: {
      'content-type': type,
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    },
  };
}

/** The file that the path of an address means; null if it would lie outside the folder. */
export function pageFile(folder: string, place: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(place);
  } catch {
    return null;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null;
  const file = path.join(folder, decoded);
  return file.startsWith(path.join(folder, path.sep)) ? file : null;
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathInside } from '../inside-folder.ts';

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

/** Every answer of the server carries these, whatever its status. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** `place` is the path of an address, as it came. Null: there is no such page, or it would lie outside the folder. */
export async function readPage(folder: string, place: string): Promise<Page | null> {
  const file = pageFile(folder, place);
  return file === null ? null : readPageFile(file);
}

/** `file` comes from `pageFile`. Null: it does not exist, or is of no type that pages consist of. */
export async function readPageFile(file: string): Promise<Page | null> {
  const type = contentTypes[path.extname(file)];
  const body = type === undefined ? null : await readFile(file).catch(() => null);
  if (type === undefined || body === null) return null;
  return { body, headers: { 'content-type': type, ...securityHeaders } };
}

/** The file that the path of an address means; null if it would lie outside the folder. */
export function pageFile(folder: string, place: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(place);
  } catch {
    return null;
  }
  if (decoded.includes('\\')) return null;
  // A second slash would begin at the root of the disk.
  return pathInside(folder, `.${decoded === '/' ? '/index.html' : decoded}`);
}

/** Whether a file is a page rather than a part of one, on disks that distinguish case and on those that do not. */
export function isWholePage(file: string): boolean {
  return path.extname(file).toLowerCase() === '.html';
}

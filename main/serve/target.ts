import type { IncomingMessage } from 'node:http';

/** What a request asks for. */
export interface Target {
  /** The path of the address as it came, percent signs and all. */
  readonly place: string;
  /** Null: the address has no token; an empty or wrong one counts as a token. */
  readonly token: string | null;
}

/**
 * Null where the request names no path of this server: another scheme, an asterisk, or nothing. Read by hand, since
 * `new URL` throws for texts that any stranger can send, and takes what follows two slashes for a host.
 */
export function targetOf({ url = '' }: Pick<IncomingMessage, 'url'>): Target | null {
  if (!url.startsWith('/')) return null;
  const mark = url.indexOf('?');
  if (mark < 0) return { place: url, token: null };
  return { place: url.slice(0, mark), token: new URLSearchParams(url.slice(mark + 1)).get('token') };
}

import { pageFile as fileOfPlace } from '../serve/pages.ts';

export const pageHost = 'torchwright';

/** The path within the pages that an address app://torchwright/… means; null for another host. */
export function placeOf(address: string): string | null {
  try {
    const { host, pathname } = new URL(address);
    return host === pageHost ? pathname : null;
  } catch {
    return null;
  }
}

/** The file that an address means; null if it would lie outside the folder. */
export function pageFile(folder: string, address: string): string | null {
  const place = placeOf(address);
  return place === null ? null : fileOfPlace(folder, place);
}

import path from 'node:path';

/** The file that an address app://torchwright/… means; null if it would lie outside the folder. */
export function pageFile(folder: string, address: string): string | null {
  let place: string;
  try {
    const { host, pathname } = new URL(address);
    if (host !== 'torchwright') return null;
    place = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (place.includes('\0') || place.includes('\\')) return null;
  const file = path.join(folder, place);
  return file.startsWith(path.join(folder, path.sep)) ? file : null;
}

import { createRequire } from 'node:module';
import type Sharp from 'sharp';

const requireHere = createRequire(import.meta.url);

/**
 * The image library. On Linux Electron links the system's GLib, whose functions replace those of the GLib in sharp's
 * native build: now and then one gets an object of the other, and the process ends (lovell/sharp#4522). Electron
 * therefore uses the WebAssembly build there, which contains no GLib.
 */
export const sharp = load();

function load(): typeof Sharp {
  if (process.platform === 'linux' && 'electron' in process.versions) hideNativeBuild();
  return requireHere('sharp') as typeof Sharp;
}

/** Sharp loads the first build that it finds: the entry of the native one in the module cache becomes the other. */
function hideNativeBuild(): void {
  const portable = requireHere.resolve(buildFor('wasm32'));
  requireHere(portable);
  const cached = requireHere.cache[portable]!;
  for (const libc of ['linux', 'linuxmusl']) {
    const native = resolved(buildFor(`${libc}-${process.arch}`));
    if (native !== null) requireHere.cache[native] = cached;
  }
}

function buildFor(platform: string): string {
  return `@img/sharp-${platform}/sharp.node`;
}

function resolved(name: string): string | null {
  try {
    return requireHere.resolve(name);
  } catch {
    return null;
  }
}

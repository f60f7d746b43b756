import { createRequire } from 'node:module';
import type Sharp from 'sharp';

const requireHere = createRequire(import.meta.url);

/**
 * Reads pictures. On Linux Electron has the system's GLib loaded, whose functions then stand in for those of sharp's
 * own: now and then an object of one is given to the other, and the whole program ends (lovell/sharp#4522). There its
 * WebAssembly build is used, which has nothing in common with either.
 */
export const sharp = load();

function load(): typeof Sharp {
  if (process.platform === 'linux' && 'electron' in process.versions) hideNativeBuild();
  return requireHere('sharp') as typeof Sharp;
}

/** Sharp loads the first of its builds that is there: in the place of the native one stands the other. */
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

import { createRequire } from 'node:module';
import { fail, isErrorWithCode } from '../failures.ts';
import { addonFile } from '../paths.ts';
import type { Addon } from './addon.ts';

/** Loads libtorch into this process: only for the engine process and tests. */
export function loadAddon(): Addon {
  const file = addonFile();
  try {
    return createRequire(import.meta.url)(file) as Addon;
  } catch (error) {
    if (isErrorWithCode(error, 'MODULE_NOT_FOUND')) {
      fail('engineMissing', `The engine is not built: ${file} does not exist.`, { at: file, advice: 'npm run setup' });
    }
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return fail('engineMissing', `The engine cannot be loaded: ${reason}.`, { at: file, advice: 'torchwright doctor' });
  }
}

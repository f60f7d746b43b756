import { fail } from '../failures.ts';
import type { EngineDevice } from './addon.ts';

/** The engine's name of a device asked for as `auto`, `cpu`, `cuda` or `cuda:1`. `auto`: the first CUDA device, else the CPU. */
export function chooseDevice(wanted: string, devices: readonly EngineDevice[]): string {
  const ids = devices.map(({ id }) => id);
  const cuda = ids.find((id) => id.startsWith('cuda'));
  if (wanted === 'auto') return cuda ?? 'cpu';
  const id = wanted === 'cuda' ? (cuda ?? 'cuda:0') : wanted;
  if (!ids.includes(id)) {
    fail('noDevice', `The device ${wanted} is not available. This machine has ${ids.join(', ')}.`, { at: wanted });
  }
  return id;
}

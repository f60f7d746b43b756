import type { NamedShape } from '../contract/weights.ts';

/** Wrappers that put themselves before each name: DataParallel, torch.compile, Lightning modules, DeepSpeed, EMA copies. */
const wrappers = ['module', '_orig_mod', 'model', 'net', 'network', 'ema_model', 'ema'];
const ofWrappers = new RegExp(`^(?:(?:${wrappers.join('|')})\\.)+$`);

/**
 * What stands before a network's own names in those of a file, such as `module.`; empty where they fit as they are.
 * A prefix of a known wrapper counts where more tensors fit with it; any other only where all names fit: it may be a
 * part of another network.
 */
export function fittingPrefix(wanted: readonly NamedShape[], given: readonly NamedShape[]): string {
  const shapes = new Map(wanted.map(({ name, shape }) => [name, shape.join()]));
  const fits = new Map<string, number>([['', 0]]);
  for (const { name, shape } of given) {
    for (let start = 0; ;) {
      if (shapes.get(name.slice(start)) === shape.join()) {
        const prefix = name.slice(0, start);
        fits.set(prefix, (fits.get(prefix) ?? 0) + 1);
      }
      const point = name.indexOf('.', start);
      if (point < 0) break;
      start = point + 1;
    }
  }
  const names = new Set(given.map(({ name }) => name));
  const fitsAll = (prefix: string): boolean =>
    wanted.every(({ name }) => names.has(`${prefix}${name}`)) ||
    given.every(({ name }) => name.startsWith(prefix) && shapes.has(name.slice(prefix.length)));
  const counts = (prefix: string): boolean => prefix === '' || ofWrappers.test(prefix) || fitsAll(prefix);
  // Of equally many the shortest.
  const [best] = [...fits]
    .filter(([prefix]) => counts(prefix))
    .sort(([a, ofA], [b, ofB]) => ofB - ofA || a.length - b.length);
  return best![0];
}

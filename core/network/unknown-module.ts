import { layerTypes } from '../catalogue/catalogue.ts';
import { didYouMean } from '../nearest-name.ts';
import { containerTypes } from './containers.ts';

/** Goes on from `"Conv2D" …`. */
export function unknownModule(type: string): string {
  return `is not a known module.${didYouMean(type, [...containerTypes, ...layerTypes.map((entry) => entry.name)])}`;
}

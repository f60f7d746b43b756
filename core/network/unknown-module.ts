import { layerTypes } from '../catalogue/catalogue.ts';
import { didYouMean } from '../nearest-name.ts';
import { containerTypes } from './containers.ts';

/** Goes on from `"Conv2D" …`. */
export function unknownModule(type: string): string {
  return `is no module known here.${didYouMean(type, [...containerTypes, ...layerTypes.map((entry) => entry.name)])}`;
}

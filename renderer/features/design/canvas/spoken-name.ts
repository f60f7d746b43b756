import type { Drawing, DrawnModule } from '../../../../core/drawing/drawing.ts';
import type { Failure } from '../../../../core/failure.ts';
import { partsOf } from './walk.ts';

/** A module in words, for those who hear the drawing: "Conv2d 64, 3×3, in body, 2 of 5, output 64 × 32 × 32". */
export function spokenName(drawing: Drawing, module: DrawnModule, failure: Failure | null): string {
  const { name, type, details, role, shape, parameters, kind, isFrozen, isUnused, isFaulty } = module;
  const siblings = partsOf(drawing, module.around);
  const around = drawing.modules.find(({ address }) => address === module.around);
  const place = around === undefined ? '' : `in ${around.name ?? (around.role || around.type)}`;
  const number = siblings.length > 1 && role === '' ? `${siblings.indexOf(module) + 1} of ${siblings.length}` : '';
  const words = [
    [name, type, details].filter(Boolean).join(' '),
    kind === 'card' ? '' : kind,
    role,
    place,
    number,
    shape && `output ${shape}`,
    parameters && `${parameters} parameters`,
    isFrozen ? 'frozen' : '',
    isUnused ? 'not used here' : '',
    isFaulty ? `error: ${failure?.message ?? 'it cannot work here'}` : '',
  ];
  return words.filter(Boolean).join(', ');
}

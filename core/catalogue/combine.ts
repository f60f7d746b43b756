import { joinShapes } from '../network/join.ts';
import type { JoinKind } from '../network/tree.ts';
import { layerOfSeveral } from './layer-type.ts';
import { integer } from './option.ts';
import type { Flow } from './shape.ts';

const inputs = integer('Number of inputs.', { minimum: 2, default: 2 });

/** What joins do, as layers: of the tensors that flow. */
export const combine = [
  along('Cat', 'cat', 'Concatenates its inputs along a dimension.', 'Dimension to concatenate along; 0 is the batch.'),
  along('Stack', 'stack', 'Stacks its inputs along a new dimension.', 'Position of the new dimension; 0 is the batch.'),
  ofAll('Add', 'add', 'Adds its inputs; sizes of 1 are broadcast.'),
  ofAll('Mul', 'multiply', 'Multiplies its inputs element by element; sizes of 1 are broadcast.'),
  ofAll('MatMul', 'matmul', 'Multiplies its inputs as matrices, from the first to the last.'),
];

function along(name: string, kind: JoinKind, help: string, ofDimension: string) {
  return layerOfSeveral({
    name,
    family: 'combine',
    help,
    options: { dim: integer(ofDimension, { default: 1 }), inputs },
    inputs: (options) => options.inputs,
    outputs: ({ dim }, shapes) => joinShapes(kind, dim, shapes).outputs,
  });
}

function ofAll(name: string, kind: JoinKind, help: string) {
  const joined = (shapes: Flow) => joinShapes(kind, 1, shapes);
  return layerOfSeveral({
    name,
    family: 'combine',
    help,
    options: { inputs },
    inputs: (options) => options.inputs,
    outputs: (_options, shapes) => joined(shapes).outputs,
    multiplyAdds: (_options, shapes) => joined(shapes).multiplyAdds,
  });
}

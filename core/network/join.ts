import { sampleDimension } from '../catalogue/dimension.ts';
import { refuse } from '../catalogue/refusal.ts';
import { elementCount, formatShape, sameShape } from '../catalogue/shape.ts';
import type { Flow, Shape } from '../catalogue/shape.ts';
import type { JoinKind } from './tree.ts';

export interface Joined {
  readonly outputs: Flow;
  readonly multiplyAdds: number;
}

/** Every module behind a tuple handles all of it. */
const mostInTuple = 1000;

/** What the join of a Fork or a Join makes of its branches' outputs, from the first to the last. */
export function joinShapes(kind: JoinKind, dim: number, shapes: readonly Shape[]): Joined {
  const [first, ...rest] = shapes;
  if (first === undefined) return refuse('needs at least one branch');
  switch (kind) {
    case 'cat':
      return { outputs: [concatenated(first, rest, dim)], multiplyAdds: 0 };
    case 'stack': {
      const different = rest.find((shape) => !sameShape(shape, first));
      if (different !== undefined)
        refuse(`can stack only equal shapes but receives ${formatShape(first)} and ${formatShape(different)}`);
      const index = sampleDimension(dim, 'dim', first.length + 1);
      return { outputs: [[...first.slice(0, index), shapes.length, ...first.slice(index)]], multiplyAdds: 0 };
    }
    case 'add':
    case 'multiply':
      return { outputs: [rest.reduce(broadcast, first)], multiplyAdds: 0 };
    case 'matmul': {
      let multiplyAdds = 0;
      const output = rest.reduce((left, right) => {
        const product = matrixProduct(left, right);
        multiplyAdds += elementCount(product) * left.at(-1)!;
        return product;
      }, first);
      return { outputs: [output], multiplyAdds };
    }
    case 'tuple':
      if (shapes.length > mostInTuple)
        refuse(`makes a tuple of ${shapes.length} tensors; a tuple can have at most ${mostInTuple}`);
      return { outputs: [first, ...rest], multiplyAdds: 0 };
  }
}

function concatenated(first: Shape, rest: readonly Shape[], dim: number): Shape {
  const index = sampleDimension(dim, 'dim', first.length);
  const output = [...first];
  for (const shape of rest) {
    const fits = shape.length === first.length && shape.every((size, at) => at === index || size === first[at]);
    if (!fits) {
      refuse(
        `can join only shapes that differ in dimension ${dim} but receives ${formatShape(first)} and ${formatShape(shape)}`,
      );
    }
    output[index]! += shape[index]!;
  }
  return output;
}

/** A size of 1 goes with any other, as in PyTorch. */
function broadcast(a: Shape, b: Shape): Shape {
  const fits = a.length === b.length && a.every((size, at) => size === b[at] || size === 1 || b[at] === 1);
  if (!fits) refuse(`receives shapes that do not match: ${formatShape(a)} and ${formatShape(b)}`);
  return a.map((size, at) => Math.max(size, b[at]!));
}

function matrixProduct(a: Shape, b: Shape): Shape {
  const fits =
    a.length >= 2 && a.length === b.length && a.at(-1) === b.at(-2) && sameShape(a.slice(0, -2), b.slice(0, -2));
  if (!fits) refuse(`cannot multiply matrices of shapes ${formatShape(a)} and ${formatShape(b)}`);
  return [...a.slice(0, -1), b.at(-1)!];
}

import { refuse } from '../catalogue/refusal.ts';
import { formatFlow } from '../catalogue/shape.ts';
import type { Flow, Shape } from '../catalogue/shape.ts';

/** The first `count` tensors of a flow; a Refusal where there are fewer. */
export function taken(flow: Flow, count: number): Flow {
  if (count <= flow.length) return asFlow(flow.slice(0, count));
  return refuse(
    `takes ${count} tensors but receives ${flow.length === 1 ? 'one' : flow.length}: ${formatFlow(flow)}. ` +
      'A Fork that joins its outputs as a tuple makes several tensors from one',
  );
}

/** What flows on behind a module that took some of it. */
export function behind(flow: Flow, inputs: Flow, outputs: Flow): Flow {
  return [...outputs, ...flow.slice(inputs.length)];
}

export function asFlow(shapes: readonly Shape[]): Flow {
  const [first, ...rest] = shapes;
  return first === undefined ? refuse('receives nothing') : [first, ...rest];
}

/** Fields of what is resolved. */
export function flowing(inputs: Flow, outputs: Flow) {
  return { inputs, outputs, input: inputs[0], output: outputs[0] };
}

/** Follows a flow through modules one after another, and remembers how much of it they took. */
export class Sequence {
  #passing: Flow;
  /** Tensors that came from outside and that no module has taken yet. */
  #untouched: number;
  readonly #flow: Flow;

  constructor(flow: Flow) {
    this.#flow = flow;
    this.#passing = flow;
    this.#untouched = flow.length;
  }

  /** What the next module can take from. */
  get passing(): Flow {
    return this.#passing;
  }

  add(module: { readonly inputs: Flow; readonly outputs: Flow }): void {
    this.#untouched = Math.min(this.#untouched, this.#passing.length - module.inputs.length);
    this.#passing = behind(this.#passing, module.inputs, module.outputs);
  }

  /** What the sequence as a whole takes, at least one, and what it puts in its place. */
  flowing() {
    const past = Math.min(this.#untouched, this.#flow.length - 1);
    const inputs = asFlow(this.#flow.slice(0, this.#flow.length - past));
    const outputs = asFlow(this.#passing.slice(0, this.#passing.length - past));
    return flowing(inputs, outputs);
  }
}

import { FailureError } from '../../failure.ts';
import type { ResolvedContainer, ResolvedNode } from '../../network/resolved.ts';
import { accessOf } from './layer-script.ts';
import { method } from './method.ts';
import { scriptList } from './script-text.ts';

/** The forward method of a container's module: it calls those of the modules in it. */
export function containerSource(node: ResolvedContainer, isTraced: boolean): string {
  const script = new ContainerScript(node, isTraced);
  const inputs = node.inputs.map((_, index) => `x${index}`);
  const flow = script.write(inputs);
  const value = flow.length === 1 ? flow[0]! : `(${flow.join(', ')})`;
  return method('forward', { inputs, outputs: flow.length, lines: script.lines, value, isTraced: false });
}

type Names = readonly string[];

class ContainerScript {
  readonly lines: string[] = [];
  readonly #node: ResolvedContainer;
  readonly #isTraced: boolean;
  #next = 0;

  constructor(node: ResolvedContainer, isTraced: boolean) {
    this.#node = node;
    this.#isTraced = isTraced;
  }

  write(inputs: Names): Names {
    const node = this.#node;
    const x = inputs[0]!;
    switch (node.type) {
      case 'Sequential':
        return node.children.reduce<Names>((flow, child) => this.#pass(child, flow), inputs);
      case 'Repeat':
        return Array.from({ length: node.count }).reduce<Names>((flow) => this.#pass(node.body, flow), inputs);
      case 'Transform':
        return this.#pass(node.evaluation, inputs);
      case 'Residual': {
        const [body] = this.#pass(node.body, [x]);
        const [skipped] = node.shortcut === null ? [x] : this.#pass(node.shortcut, [x]);
        const sum = this.#keep(`${body} + ${skipped}`);
        return node.after === null ? [sum] : this.#pass(node.after, [sum]);
      }
      case 'Fork':
      case 'Join': {
        const made = node.branches.flatMap((branch, index) =>
          this.#pass(branch, [node.type === 'Join' ? inputs[index]! : x]),
        );
        return node.join.kind === 'tuple' ? made : [this.#keep(joined(made, node.join))];
      }
      case 'Recurrent': {
        const from = node.before === null ? x : this.#pass(node.before, [x])[0]!;
        const [sequence, hidden] = [this.#name(), this.#name()];
        this.lines.push(`${sequence}, ${hidden} = ${this.#access(node.body)}.run(${from})`);
        if (this.#isTraced) this.lines.push(`${this.#access(node.body)}.made.append(${sequence})`);
        const parts = { sequence, hidden, last: `torch.select(${sequence}, 1, -1)` };
        const flow = node.handsOn.map((part) => parts[part]);
        return node.after === null ? flow : this.#pass(node.after, flow);
      }
      case 'NBeats': {
        let left = x;
        let forecast: string | null = null;
        for (const block of node.children) {
          const [backcast, more] = this.#pass(block, [left]);
          left = this.#let(`${left} - ${backcast}`);
          forecast = forecast === null ? more! : this.#let(`${forecast} + ${more}`);
        }
        return [forecast!];
      }
    }
  }

  /** A module takes the first tensors of the flow and puts what it makes in their place. */
  #pass(child: ResolvedNode, flow: Names): Names {
    const takes = child.inputs.length;
    const made = child.outputs.map(() => this.#name());
    this.lines.push(`${made.join(', ')} = ${this.#access(child)}.forward(${flow.slice(0, takes).join(', ')})`);
    return [...made, ...flow.slice(takes)];
  }

  #access(child: ResolvedNode): string {
    return accessOf(keyWithin(this.#node, child));
  }

  #name(): string {
    return `v${this.#next++}`;
  }

  #let(value: string): string {
    const name = this.#name();
    this.lines.push(`${name} = ${value}`);
    return name;
  }

  #keep(value: string): string {
    const name = this.#let(value);
    if (this.#isTraced) this.lines.push(`self.made.append(${name})`);
    return name;
  }
}

function joined(made: Names, { kind, dim }: { readonly kind: string; readonly dim: number }): string {
  switch (kind) {
    case 'cat':
    case 'stack':
      return `torch.${kind}(${scriptList(made)}, ${dim})`;
    case 'add':
      return made.join(' + ');
    case 'multiply':
      return made.join(' * ');
    default:
      return made.reduce((product, part) => `torch.matmul(${product}, ${part})`);
  }
}

/** Attributes on the way from a container to a module in it, with dots between. */
export function keyWithin(container: ResolvedNode, child: ResolvedNode): string {
  const from = container.key === '' ? 0 : container.key.length + 1;
  const key = child.key.slice(from);
  const reserved = key.split('.').find((part) => ['forward', 'run', 'training', 'made'].includes(part));
  if (reserved === undefined) return key;
  throw new FailureError({
    code: 'badNetwork',
    message: `${child.path} cannot be written as TorchScript: there '${reserved}' is the name of something else.`,
    at: child.path,
    advice: 'Rename the module.',
  });
}

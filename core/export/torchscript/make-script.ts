import { partsOf } from '../../network/resolved.ts';
import type { ResolvedNode } from '../../network/resolved.ts';
import type { ScriptModule } from './script-module.ts';
import { containerSource, keyWithin } from './write-container.ts';
import { layerSource } from './write-layer.ts';

/**
 * The network as a TorchScript module with a module for each layer and container, so that the names of its tensors are
 * those of the state dict. For inference: training it is no part of it. `isTraced`: every layer and join keeps what it
 * makes. Throws a FailureError that names the module which cannot be written.
 */
export function makeScript(network: ResolvedNode, isTraced: boolean): ScriptModule {
  const root = new Draft(network.type === 'Layer' ? network.layer : 'Network');
  write(network, root, isTraced);
  return root.finish(isTraced);
}

function write(node: ResolvedNode, draft: Draft, isTraced: boolean): void {
  if (node.type === 'Layer') {
    draft.source = layerSource(node, isTraced);
    const from = node.key === '' ? 0 : node.key.length + 1;
    for (const { name } of node.parameters) draft.addTensor(name.slice(from), name, false);
    for (const { name } of node.buffers) draft.addTensor(name.slice(from), name, true);
    return;
  }
  draft.source = containerSource(node, isTraced);
  for (const part of partsOf(node)) {
    write(part, draft.inside(keyWithin(node, part), part.type === 'Layer' ? part.layer : part.type), isTraced);
  }
}

/** A module that is being put together. */
class Draft {
  type: string;
  source = '';
  readonly #tensors: ScriptModule['tensors'][number][] = [];
  readonly #modules = new Map<string, Draft>();

  constructor(type: string) {
    this.type = type;
  }

  /** The module at a path of attributes; those on the way only hold others. */
  inside(path: string, type = 'Modules'): Draft {
    const [first = '', ...rest] = path.split('.');
    const found = this.#modules.get(first) ?? new Draft('Modules');
    this.#modules.set(first, found);
    if (rest.length > 0) return found.inside(rest.join('.'), type);
    found.type = type;
    return found;
  }

  addTensor(path: string, name: string, isBuffer: boolean): void {
    const at = path.lastIndexOf('.');
    if (at < 0) this.#tensors.push({ attribute: path, name, isBuffer });
    else this.inside(path.slice(0, at)).addTensor(path.slice(at + 1), name, isBuffer);
  }

  finish(isTraced: boolean): ScriptModule {
    const { type, source } = this;
    const modules = [...this.#modules].map(([attribute, draft]) => ({ attribute, module: draft.finish(isTraced) }));
    return { type, tensors: this.#tensors, modules, source, isTraced };
  }
}

import type { SampleTensor } from '../subject.ts';
import type { ModuleTensors } from './make-model.ts';
import type { OnnxModel, OnnxValue } from './model.ts';

/** The same graph, which also gives what every module makes. */
export function withModuleOutputs(model: OnnxModel, modules: readonly ModuleTensors[]): OnnxModel {
  const given = new Set([...model.graph.inputs, ...model.graph.outputs].map(({ name }) => name));
  const more: OnnxValue[] = [];
  for (const value of modules.flatMap(({ tensors }) => tensors)) {
    if (given.has(value.name)) continue;
    given.add(value.name);
    more.push(value);
  }
  return { ...model, graph: { ...model.graph, outputs: [...model.graph.outputs, ...more] } };
}

/** What each module made, of what such a graph gave; those that pass the network's own input on are left out. */
export function moduleOutputs(
  modules: readonly ModuleTensors[],
  outputs: ReadonlyMap<string, SampleTensor>,
): readonly { readonly key: string; readonly outputs: readonly SampleTensor[] }[] {
  return modules.flatMap(({ key, tensors }) => {
    const made = tensors.flatMap(({ name }) => outputs.get(name) ?? []);
    return made.length === tensors.length ? [{ key, outputs: made }] : [];
  });
}

import { differenceOf, isMismatch } from '../difference.ts';
import type { FirstParting } from '../proof.ts';
import type { SampleTensor } from '../subject.ts';
import type { ModuleTensors } from './make-model.ts';
import type { OnnxModel, OnnxValue } from './model.ts';

/** What one module of the engine made. */
interface EngineModule {
  readonly path: string;
  readonly type: string;
  readonly outputs: readonly SampleTensor[];
}

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

/**
 * The first module, in the order of computing, where another runtime's outputs are not the engine's. Modules that pass
 * on the network's own input have no output of the graph and are left out.
 */
export function firstParting(
  engine: readonly EngineModule[],
  modules: readonly ModuleTensors[],
  outputs: ReadonlyMap<string, SampleTensor>,
): FirstParting | null {
  for (const [index, { path, type, outputs: expected }] of engine.entries()) {
    const names = modules[index]?.path === path ? modules[index].tensors.map(({ name }) => name) : [];
    const actual = names.flatMap((name) => outputs.get(name) ?? []);
    if (actual.length < expected.length) continue;
    if (isMismatch(differenceOf(expected, actual))) return { path, type };
  }
  return null;
}

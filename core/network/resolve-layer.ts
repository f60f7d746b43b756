import { findLayerType } from '../catalogue/catalogue.ts';
import type { ParameterKind } from '../catalogue/layer-type.ts';
import { readOptions } from '../catalogue/read-options.ts';
import { refuse } from '../catalogue/refusal.ts';
import type { Flow } from '../catalogue/shape.ts';
import { flowing, taken } from './flow.ts';
import { at, evaluatorOf } from './place.ts';
import type { Place } from './place.ts';
import type { ResolvedLayer } from './resolved.ts';
import type { Initialiser, LayerNode } from './tree.ts';
import { unknownModule } from './unknown-module.ts';

export function resolveLayer(node: LayerNode, place: Place, flow: Flow): ResolvedLayer {
  const { path, key, frozen } = place;
  return at(place, node.type, () => {
    const type = findLayerType(node.type) ?? refuse(unknownModule(node.type));
    const options = readOptions(type, node.options ?? {}, flow, evaluatorOf(place.scope));
    const inputs = taken(flow, type.inputs(options));
    const outputs = type.outputs(options, inputs);
    const named = <Tensor extends { readonly name: string }>(tensor: Tensor): Tensor => ({
      ...tensor,
      name: key === '' ? tensor.name : `${key}.${tensor.name}`,
    });
    const parameters = type.parameters(options).map(named);
    return {
      type: 'Layer',
      layer: type.name,
      path,
      key,
      ...flowing(inputs, outputs),
      options,
      parameters,
      buffers: type.buffers(options).map(named),
      multiplyAdds: type.multiplyAdds(options, inputs, outputs),
      initialise: rulesFor(type.name, parameters, place.rules),
      frozen,
    };
  });
}

/** The nearest rule for each kind of parameter that the layer has. */
function rulesFor(
  type: string,
  parameters: readonly { readonly kind: ParameterKind }[],
  rules: readonly Initialiser[],
): readonly Initialiser[] {
  if (rules.length === 0) return rules;
  const kinds = new Set(parameters.map((parameter) => parameter.kind));
  return [...kinds].flatMap(
    (kind) =>
      rules.find((rule) => rule.parameters === kind && (rule.types === undefined || rule.types.includes(type))) ?? [],
  );
}

import { findLayerType } from '../../catalogue/catalogue.ts';
import type { LayerType } from '../../catalogue/layer-type.ts';
import type { ResolvedLayer } from '../../network/resolved.ts';
import { LayerScript } from './layer-script.ts';
import type { WriteLayer } from './layer-script.ts';
import { activationScripts } from './layers/activation.ts';
import { attentionScripts } from './layers/attention.ts';
import { combineScripts } from './layers/combine.ts';
import { convolutionScripts } from './layers/convolution.ts';
import { embeddingScripts } from './layers/embedding.ts';
import { normalisationScripts } from './layers/normalisation.ts';
import { poolingScripts } from './layers/pooling.ts';
import { recurrentLayers, recurrentScripts } from './layers/recurrent.ts';
import { shapeScripts } from './layers/shape.ts';
import { method } from './method.ts';

const scripts = {
  ...activationScripts,
  ...attentionScripts,
  ...combineScripts,
  ...convolutionScripts,
  ...embeddingScripts,
  ...normalisationScripts,
  ...poolingScripts,
  ...recurrentScripts,
  ...shapeScripts,
};

/** The methods of a layer's module. Throws a FailureError that names the layer where there can be none. */
export function layerSource(layer: ResolvedLayer, isTraced: boolean): string {
  const script = new LayerScript(layer);
  const write = scripts[layer.layer] ?? callOf(findLayerType(layer.layer));
  if (write === undefined) return script.refuse('the export does not support this layer');
  const value = write(script);
  const [inputs, outputs] = [script.inputs, layer.outputs.length];
  if (!recurrentLayers.has(layer.layer))
    return method('forward', { inputs, outputs, lines: script.lines, value, isTraced });
  // Its container wants the hidden state too.
  const run = method('run', { inputs, outputs: 2, lines: script.lines, value, isTraced: false });
  return run + method('forward', { inputs, outputs, lines: [], value: `self.run(${script.x})[0]`, isTraced });
}

/** Of layers that one function of torch computes. */
function callOf(type: LayerType | undefined): WriteLayer | undefined {
  if (type?.torchFunction === undefined) return undefined;
  const { torchFunction: name } = type;
  const options = Object.entries(type.options);
  return (script) => {
    const values = options.map(([option, { kind }]) =>
      kind === 'integer' ? script.number(option) : script.float(option),
    );
    return `torch.${name}(${[script.x, ...values].join(', ')})`;
  };
}

import type { WriteLayer } from '../layer-script.ts';
import { scriptList } from '../script-text.ts';

export const combineScripts: Readonly<Record<string, WriteLayer>> = {
  Linear: (script) => `torch.linear(${script.x}, ${script.tensor('weight')}, ${script.tensor('bias')})`,
  Bilinear: (script) => {
    const given = [...script.inputs, script.tensor('weight'), script.tensor('bias')];
    return `torch.bilinear(${given.join(', ')})`;
  },
  PairwiseDistance: (script) => {
    const options = [script.float('p'), script.float('eps'), script.number('keepdim')];
    return `torch.pairwise_distance(${[...script.inputs, ...options].join(', ')})`;
  },
  CosineSimilarity: (script) =>
    `torch.cosine_similarity(${[...script.inputs, script.number('dim'), script.float('eps')].join(', ')})`,
  Cat: (script) => `torch.cat(${scriptList(script.inputs)}, ${script.number('dim')})`,
  Stack: (script) => `torch.stack(${scriptList(script.inputs)}, ${script.number('dim')})`,
  Add: ({ inputs }) => inputs.join(' + '),
  Mul: ({ inputs }) => inputs.join(' * '),
  MatMul: ({ inputs }) => inputs.reduce((product, input) => `torch.matmul(${product}, ${input})`),
};

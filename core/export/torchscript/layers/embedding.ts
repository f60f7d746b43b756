import type { LayerScript, WriteLayer } from '../layer-script.ts';

export const embeddingScripts: Readonly<Record<string, WriteLayer>> = {
  Embedding: (script) => `torch.embedding(${table(script)}, ${whole(script)})`,
  EmbeddingBag: (script) => {
    const index = script.let(whole(script));
    const starts = `torch.arange(0, ${index}.numel(), ${index}.size(1), dtype=None, device=${index}.device)`;
    const mode = ['sum', 'mean', 'max'].indexOf(String(script.options['mode']));
    const padding = script.options['padding_idx'] === null ? 'None' : script.number('padding_idx');
    const given = [table(script), `${index}.reshape([-1])`, starts, 'False', mode, 'False', 'None', 'False', padding];
    return `torch.embedding_bag(${given.join(', ')})[0]`;
  },
  EmbedPosition: (script) => {
    const rows = positions(script, 'pos');
    return script.boolean('added') ? `${script.x} + ${rows}` : `${rows}.expand([${script.x}.size(0), -1, -1])`;
  },
  EmbedSequence: (script) =>
    `torch.embedding(${script.tensor('tok.weight')}, ${whole(script)}) + ${positions(script, 'pos.pos')}`,
  OneHot: (script) => `torch.one_hot(${whole(script)}, ${script.number('num_classes')}).float()`,
};

function whole({ x }: LayerScript): string {
  return `${x}.long()`;
}

/** The rows, none longer than `max_norm` (torch.embedding_renorm_). */
function table(script: LayerScript): string {
  const weight = script.tensor('weight');
  if (script.options['max_norm'] === null) return weight;
  const most = script.float('max_norm');
  const length = script.let(`torch.norm(${weight}, ${script.float('norm_type')}, [1], True)`);
  return script.let(`torch.where(${length} > ${most}, ${weight} * (${most} / (${length} + 1e-7)), ${weight})`);
}

function positions(script: LayerScript, name: string): string {
  return `torch.narrow(${script.tensor(name)}, 1, 0, ${script.x}.size(1))`;
}

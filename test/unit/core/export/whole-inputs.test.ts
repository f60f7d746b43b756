import { expect, test } from 'vitest';
import { exportProgramText, usageScript } from '../../../../core/export/python-scripts.ts';
import { readmeText } from '../../../../core/export/readme.ts';
import type { ExportSubject } from '../../../../core/export/subject.ts';
import { isWholeInput } from '../../../../core/export/whole-inputs.ts';
import type { NetworkNode } from '../../../../core/network/tree.ts';
import { resolveNetwork } from '../../../../core/network/resolve.ts';
import { emptyProject } from '../../../../core/project/empty-project.ts';

const embedding: NetworkNode = { type: 'Embedding', options: { num_embeddings: 10, embedding_dim: 6 } };
const linear: NetworkNode = { type: 'Linear', options: { out_features: 2 } };

function networkOf(...children: readonly NetworkNode[]): ExportSubject['networks'][0] {
  const resolution = resolveNetwork({ type: 'Sequential', children: [...children] }, {}, [[4]]);
  if (!resolution.ok) throw new Error(resolution.failures[0]?.message);
  const samples = { shape: [3, 4], data: new Float32Array(12) };
  const inputs = [{ name: 'input', samples, bytes: null }];
  return { name: 'main', resolved: resolution.network, tensors: [], inputs, outputs: [], labels: null };
}

function subjectOf(network: ExportSubject['networks'][0]): ExportSubject {
  return {
    project: emptyProject,
    run: 'a-run',
    checkpoint: { which: 'last', epoch: 1, step: 0, weights: 'last' },
    networks: [network],
    classNames: ['hi', 'lo'],
    columnNames: [],
    targetNames: [],
    targetMapping: null,
    preprocessing: { shape: [4], isBytes: false, scale: [1], offset: [0] },
    measured: null,
  };
}

test.each<[string, boolean, readonly NetworkNode[]]>([
  ['Embedding', true, [embedding]],
  ['EmbeddingBag', true, [{ type: 'EmbeddingBag', options: { num_embeddings: 10, embedding_dim: 6 } }]],
  ['EmbedSequence', true, [{ type: 'EmbedSequence', options: { rows: 10, cols: 6, length: 4 } }]],
  ['Embedding behind Reshape', true, [{ type: 'Reshape', options: { shape: [2, 2] } }, embedding]],
  [
    'a Fork of Embedding and OneHot',
    true,
    [
      {
        type: 'Fork',
        join: { kind: 'cat', dim: -1 },
        branches: [embedding, { type: 'OneHot', options: { num_classes: 10 } }],
      },
    ],
  ],
  ['Linear', false, [linear]],
  ['OneHot, which takes either', false, [{ type: 'OneHot', options: { num_classes: 10 } }]],
])('%s first: whole numbers are %s', (_name, isWhole, children) => {
  expect(isWholeInput(networkOf(...children), 0)).toBe(isWhole);
});

test('README and scripts of an Embedding give it whole numbers; ONNX takes floats as before', () => {
  const network = networkOf(embedding, { type: 'Flatten' }, linear);
  const subject = subjectOf(network);
  const facts = { subject, network, stem: 'model', weights: 'safetensors' } as const;
  expect(usageScript(facts).text).toMatch(/^x = x\.long\(\)$/m);
  expect(exportProgramText(facts)).toContain('torch.zeros(2, 4, dtype=torch.long)');
  const written = { files: [], usage: '', proofs: [] };
  for (const format of ['safetensors', 'state-dict', 'python'] as const) {
    expect(readmeText(subject, format, written, '1')).toContain('`input`: int64 [batch, 4]');
  }
  for (const format of ['onnx', 'torchscript'] as const) {
    expect(readmeText(subject, format, written, '1')).toContain('`input`: float32 [batch, 4]');
  }
});

test('the class that a generator is given is a whole number in Python', () => {
  const network = networkOf(linear);
  const drawn = { name: 'class', samples: { shape: [3], data: new Float32Array(3) }, bytes: null };
  const subject = subjectOf({ ...network, inputs: [...network.inputs, drawn] });
  const written = { files: [], usage: '', proofs: [] };
  expect(readmeText(subject, 'safetensors', written, '1')).toContain('`class`: int64 [batch]');
  expect(readmeText(subject, 'onnx', written, '1')).toContain('`class`: float32 [batch]');
});

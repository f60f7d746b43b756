import { expect, test } from 'vitest';
import type { ExportNetwork, ExportSubject } from '../../../../core/export/subject.ts';
import { usageScript } from '../../../../core/export/python-scripts.ts';
import { emptyProject } from '../../../../core/project/empty-project.ts';
import { resolveProject } from '../../../../core/project/project-facts.ts';
import type { ImportSettings, Project } from '../../../../core/project/project.ts';

/** Compared with what the training reads by hand: Pillow 12.3 differs from sharp by half a level in the mean. */
test.each([
  [{}, { channels: 3, has: [' max(', '"#ffffff"'], lacks: [' min(', 'convert("L")'] }],
  [
    { fit: 'contain', background: '#30a0ff' },
    { channels: 1, has: [' min(', '"#30a0ff"', 'convert("L")'], lacks: [' max('] },
  ],
  [{ fit: 'stretch' }, { channels: 3, has: ['resize((28, 35)'], lacks: [' max(', ' min('] }],
] as const)('predict.py reads pictures as the training did: %j', (settings, { channels, has, lacks }) => {
  const { text } = usageScript({
    subject: subjectOf(settings, channels),
    network,
    stem: 'model',
    weights: 'safetensors',
  });
  for (const part of has) expect(text).toContain(part);
  for (const part of lacks) expect(text).not.toContain(part);
});

const project: Project = {
  ...emptyProject,
  networks: {
    main: { type: 'Sequential', children: [{ type: 'Flatten' }, { type: 'Linear', options: { out_features: 2 } }] },
  },
};
const resolution = resolveProject(project, [3, 35, 28]);
if (!resolution.ok) throw new Error(resolution.failures[0]?.message);
const network: ExportNetwork = {
  name: 'main',
  resolved: resolution.network,
  tensors: [],
  inputs: [{ name: 'input', samples: { shape: [1, 3, 35, 28], data: new Float32Array(3 * 35 * 28) }, bytes: null }],
  outputs: [],
  labels: null,
};

function subjectOf(settings: ImportSettings, channels: number): ExportSubject {
  return {
    project: { ...project, data: { ...project.data, source: 'pictures', import: settings } },
    run: 'run',
    checkpoint: { which: 'last', epoch: 1, step: 0, weights: 'last' },
    networks: [network],
    classNames: ['a', 'b'],
    columnNames: [],
    targetNames: [],
    targetMapping: null,
    preprocessing: { shape: [channels, 35, 28], isBytes: true, scale: [1], offset: [0] },
    measured: null,
  };
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { knownData } from '../../../../core/project/known-data.ts';
import { resolveProject } from '../../../../core/project/project-facts.ts';
import { bytesSource } from '../../../../core/weights/byte-source.ts';
import { readStateDict } from '../../../../core/weights/read-state-dict.ts';
import { writeSafetensors } from '../../../../core/weights/safetensors.ts';
import { writeStateDict } from '../../../../core/weights/write-state-dict.ts';
import { assembleSubject } from '../../../../main/exports/prepare-subject.ts';
import { openProject } from '../../../../main/projects/open-project.ts';
import baseline from '../../../baselines/python-code.json' with { type: 'json' };
import { weightsOf } from '../../../exports/layer-cases.ts';
import { joinedParts } from '../../core/weights/hostile.ts';

// The engine writes its weights by alphabet: 0.bias, 0.weight, 12.bias, 4.bias.
test.each(['mnist-simpnet', 'lesson-resnet', 'mnist-lstm'])(
  'an exported state dict of %s has the order of state_dict() in Python',
  async (name) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'torchwright-order-'));
    try {
      const project = await openProject(name);
      const shape = knownData.get(project.data.source)!.inputShape;
      const resolution = resolveProject(project, shape);
      if (!resolution.ok) throw new Error(resolution.failures[0]?.message);
      const byAlphabet = weightsOf(resolution.network).toSorted((a, b) => (a.name < b.name ? -1 : 1));
      await writeFile(path.join(folder, 'main.safetensors'), joinedParts(writeSafetensors(byAlphabet, {})));
      const subject = await assembleSubject(
        { scale: [1], offset: [0], networks: [{ name: 'main', inputs: [], outputs: [], labels: null }] },
        folder,
        {
          project,
          run: 'a-run',
          checkpoint: { which: 'last', epoch: 1, step: 0, weights: 'last' },
          classNames: [],
          shape,
          measured: null,
          columnNames: [],
          targetNames: [],
          targetMapping: null,
          origins: null,
        },
      );
      const file = joinedParts(writeStateDict(subject.networks[0].tensors));
      const written = (await readStateDict(bytesSource(file)))[0]!.tensors;
      const ofPython = baseline.cases.find((one) => one.name === name)!.state;
      expect(written.map((tensor) => [tensor.name, [...tensor.shape]])).toEqual(ofPython);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

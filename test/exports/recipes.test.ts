import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { largestDifference } from '../../core/export/difference.ts';
import { summarise } from '../../core/network/summarise.ts';
import { resolveProject } from '../../core/project/project-facts.ts';
import { knownData } from '../../core/project/known-data.ts';
import type { Project } from '../../core/project/project.ts';
import { exportOnnx } from '../../main/exports/onnx.ts';
import { exportTorchScript } from '../../main/exports/torchscript.ts';
import { listRecipes, openProject } from '../../main/projects/open-project.ts';
import recorded from '../baselines/exports.json' with { type: 'json' };
import { contextOf, figuresOf } from './export-here.ts';
import { trainedSubject } from './trained-subject.ts';
import { hashOfWritten } from './written-text.ts';

const names = await listRecipes();

/** A hundred; ten where a hundred would take WebAssembly several seconds. exports.json tells of a hundred of all. */
function samplesFor(project: Project): number {
  const resolution = resolveProject(project, knownData.get(project.data.source)!.inputShape);
  if (!resolution.ok) throw new Error(resolution.failures[0]?.message);
  return summarise(resolution.network).totals.multiplyAdds > 3e7 ? 10 : 100;
}

test.each(names)('%s, trained for some steps: ONNX Runtime and libtorch compute what the engine does', async (name) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'torchwright-exports-'));
  try {
    const project = await openProject(name);
    const samples = samplesFor(project);
    const subject = await trainedSubject(project, samples, folder);
    for (const exporter of [exportOnnx, exportTorchScript]) {
      const figures = figuresOf((await exporter(subject, contextOf(folder))).proofs);
      expect([...figures.keys()]).toEqual(Object.keys(project.networks));
      for (const [network, proof] of figures) {
        expect(proof.samples, network).toBe(samples);
        expect(proof.difference.absolute, `${network} in ${proof.consumer}`).toBeLessThan(largestDifference);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('Python, ONNX Runtime and libtorch have been asked about a hundred samples of every recipe as it is now', async () => {
  const projects = await Promise.all(names.map((name) => openProject(name)));
  const wanted = projects.flatMap((project, index) =>
    Object.keys(project.networks).map((network) => ({
      recipe: names[index],
      network,
      written: hashOfWritten(project, network as keyof Project['networks']),
    })),
  );
  const found = recorded.networks.map(({ recipe, network, written }) => ({ recipe, network, written }));
  expect(found, 'npm run baselines -- exports').toEqual(wanted);
  for (const { recipe, network, samples, differences } of recorded.networks) {
    expect(samples, recipe).toBe(100);
    expect(Object.keys(differences)).toEqual(recorded.consumers.map(({ key }) => key));
    for (const [consumer, [absolute]] of Object.entries(differences)) {
      expect(absolute, `${recipe} ${network} in ${consumer}`).toBeLessThan(largestDifference);
    }
  }
});

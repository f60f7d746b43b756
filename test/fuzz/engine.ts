/**
 * Has the engine read hostile safetensors files: node test/fuzz/engine.ts COUNT. A process of its own, started by
 * main.ts, which sees it crash. Ends with an error where the engine throws anything but a Failure, or takes memory that
 * such small files do not need.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { emptyProject } from '../../core/project/empty-project.ts';
import { resolveProject } from '../../core/project/project-facts.ts';
import { planNetwork } from '../../core/training/plan-network.ts';
import { writeSafetensors } from '../../core/weights/safetensors.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { failureOf } from '../../main/failures.ts';
import { damaged, joinedParts, lying, randomNumbers, sampleTensors } from '../unit/core/weights/hostile.ts';

/** Kilobytes above what the process takes after its first thousand files. */
const mostMore = 100_000;

const count = Number(process.argv[2] ?? 100_000);
const random = randomNumbers(11);
const addon = loadAddon();
const linear = { type: 'Linear', options: { out_features: 2 } } as const;
const resolution = resolveProject(
  { ...emptyProject, networks: { main: { type: 'Sequential', children: [linear] } } },
  [3],
);
if (!resolution.ok) throw new Error(resolution.failures[0]!.message);
const network = JSON.stringify(planNetwork(resolution.network));
const sample = { shape: [1, 3], data: Float32Array.of(1, 2, 3) };
const whole = joinedParts(writeSafetensors(sampleTensors(), {}));
const folder = await mkdtemp(path.join(tmpdir(), 'torchwright-fuzz-'));
let [refused, before] = [0, 0];
try {
  for (let index = 0; index < count; index++) {
    const file = path.join(folder, `${index}.safetensors`);
    await writeFile(file, index % 2 === 0 ? damaged(whole, random) : lying(sampleTensors(), random));
    try {
      await addon.runNetwork(network, file, [sample], false);
    } catch (error) {
      if (failureOf(error) === null) throw error;
      refused += 1;
    }
    await rm(file);
    if (index === 1000) before = process.resourceUsage().maxRSS;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const more = process.resourceUsage().maxRSS - before;
if (count > 1000 && more > mostMore)
  throw new Error(`The engine took ${more} kB of memory more than at the beginning.`);
console.log(JSON.stringify({ read: count - refused, refused, more }));

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ExportNetwork, ExportSubject } from '../../core/export/subject.ts';
import { FailureError } from '../../core/failure.ts';
import type { ResolvedNode } from '../../core/network/resolved.ts';
import { summarise } from '../../core/network/summarise.ts';
import type { NetworkName } from '../../core/network/tree.ts';
import { resolveProject } from '../../core/project/project-facts.ts';
import type { Project } from '../../core/project/project.ts';
import { readSafetensors } from '../../core/weights/safetensors.ts';
import type { ExportedNetworks } from '../engine/messages.ts';
import { plannedRun } from '../evaluation/planned-run.ts';
import { readProject } from '../projects/open-project.ts';
import { readRunProject, runFolder } from '../runs/run-folder.ts';
import type { RunIndex, RunRow } from '../runs/run-index.ts';
import { chooseCheckpoint } from './choose-checkpoint.ts';
import type { ChosenCheckpoint } from './choose-checkpoint.ts';
import type { ExportRequest } from './export-run.ts';
import { runUntilStopped } from './stoppable.ts';

/**
 * Test samples that consumers are asked about. Of a smaller precision it is the accuracy that counts: all of them there,
 * or as many as WebAssembly runs in some minutes.
 */
const fewSamples = 100;
const mostMultiplyAdds = 2e11;

/** Reads a checkpoint and has the engine run it. The networks' weights are written into `folder`: NAME.safetensors. */
export async function prepareSubject(
  index: Pick<RunIndex, 'epochs'>,
  run: RunRow,
  { checkpoint: choice, options, openEngine }: Pick<ExportRequest, 'checkpoint' | 'options' | 'openEngine'>,
  folder: string,
  stop: AbortSignal,
): Promise<ExportSubject> {
  const chosen = await chooseCheckpoint(run.id, choice);
  const { directory, weights, position } = chosen;
  const project = readProject(await readRunProject(run.id), runFolder(run.id));
  const { plan, classNames } = await plannedRun(run);
  const isRounded = (options.precision ?? 'float32') !== 'float32';
  // A generator is right about nothing.
  const isJudged = isRounded && project.recipe.kind === 'supervised';
  const samples = isJudged ? samplesForAccuracy(resolved(project, plan.inputShape, 'main')) : fewSamples;
  const job = { kind: 'export', plan, device: 'cpu', checkpoint: directory, weights, folder, samples } as const;
  const made = await runUntilStopped(job, stop, openEngine);
  return assembleSubject(made, folder, {
    project,
    run: run.id,
    checkpoint: { which: String(choice), epoch: position.epoch, step: position.step, weights },
    classNames,
    shape: plan.inputShape,
    measured: measured(index, run, chosen),
  });
}

function samplesForAccuracy(network: ResolvedNode): number {
  return Math.max(fewSamples, Math.floor(mostMultiplyAdds / summarise(network).totals.multiplyAdds));
}

interface SubjectFacts extends Pick<ExportSubject, 'project' | 'run' | 'checkpoint' | 'classNames' | 'measured'> {
  /** Of one sample. */
  readonly shape: readonly number[];
}

/** Of what the engine gave, and of the weights that it wrote into `folder`. */
export async function assembleSubject(
  made: ExportedNetworks,
  folder: string,
  { shape, ...facts }: SubjectFacts,
): Promise<ExportSubject> {
  const networks = await Promise.all(
    made.networks.map(async (network): Promise<ExportNetwork> => {
      const file = path.join(folder, `${network.name}.safetensors`);
      const { tensors } = readSafetensors(await readFile(file));
      return { ...network, resolved: resolved(facts.project, shape, network.name), tensors };
    }),
  );
  const [first, ...others] = networks;
  const image = networks.flatMap(({ inputs }) => inputs).find(({ name }) => name === 'input' || name === 'image');
  return {
    ...facts,
    networks: [first!, ...others],
    preprocessing: {
      shape,
      isBytes: image?.bytes !== null && image !== undefined,
      scale: made.scale,
      offset: made.offset,
    },
  };
}

function resolved(project: Project, inputShape: readonly number[], name: NetworkName): ResolvedNode {
  const resolution = resolveProject(project, inputShape, name);
  if (!resolution.ok) throw new FailureError(resolution.failures[0]!);
  return resolution.network;
}

/** In the middle of an epoch nothing was measured. */
function measured(
  index: Pick<RunIndex, 'epochs'>,
  run: RunRow,
  { position, weights }: ChosenCheckpoint,
): ExportSubject['measured'] {
  const epoch = index.epochs(run.id).find((each) => each.epoch === position.epoch);
  if (epoch === undefined || position.step !== 0) return null;
  const figures = weights === 'averaged' ? epoch.averaged : epoch.test;
  return figures === undefined ? null : { loss: figures.loss, accuracy: figures.accuracy };
}

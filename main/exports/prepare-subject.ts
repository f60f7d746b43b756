import path from 'node:path';
import { regressionFigures } from '../../core/evaluation/regression-figures.ts';
import type { ExportNetwork, ExportSubject } from '../../core/export/subject.ts';
import { FailureError } from '../../core/failure.ts';
import type { ResolvedNode } from '../../core/network/resolved.ts';
import { summarise } from '../../core/network/summarise.ts';
import type { NetworkName } from '../../core/network/tree.ts';
import { resolveProject } from '../../core/project/project-facts.ts';
import type { Project } from '../../core/project/project.ts';
import { inStateDictOrder } from '../../core/weights/state-dict-order.ts';
import { readSafetensors } from '../../core/weights/safetensors.ts';
import type { ExportedNetworks } from '../engine/messages.ts';
import { asTrained, targetMapping, targetsOf } from '../../core/training/plan-targets.ts';
import type { Measured } from '../../core/figures/measured.ts';
import { plannedRun } from '../evaluation/planned-run.ts';
import { readPredictions } from '../evaluation/stored-predictions.ts';
import { withByteFile } from '../imports/byte-file.ts';
import { readProject } from '../projects/open-project.ts';
import { predictionsFolder, readRunProject, runFolder } from '../runs/run-folder.ts';
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
  const stored = readProject(await readRunProject(run.id), runFolder(run.id));
  const { plan, classNames, columnNames, targetNames } = await plannedRun(run);
  const project = plan.data.targets === undefined ? stored : asTrained(stored);
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
    ...{ classNames, columnNames, targetNames },
    targetMapping: targetMapping(plan),
    origins: plan.data.origins ?? null,
    shape: plan.inputShape,
    measured: measured(index, run, chosen),
    ...(await errorsOfTargets(index, run, chosen, plan.data.targets ?? 0, targetNames)),
  });
}

function samplesForAccuracy(network: ResolvedNode): number {
  return Math.max(fewSamples, Math.floor(mostMultiplyAdds / summarise(network).totals.multiplyAdds));
}

interface SubjectFacts extends Omit<ExportSubject, 'networks' | 'preprocessing'> {
  /** What was subtracted from each column before it was stored; null: nothing. */
  readonly origins: readonly number[] | null;
  /** Of one sample. */
  readonly shape: readonly number[];
}

/** Of what the engine gave, and of the weights that it wrote into `folder`. */
export async function assembleSubject(
  made: ExportedNetworks,
  folder: string,
  { shape, origins, ...facts }: SubjectFacts,
): Promise<ExportSubject> {
  const networks = await Promise.all(
    made.networks.map(async (network): Promise<ExportNetwork> => {
      const file = path.join(folder, `${network.name}.safetensors`);
      const { tensors } = readSafetensors(await withByteFile(file, ({ size, read }) => read(0, size)));
      const node = resolved(facts.project, shape, network.name);
      const outputs = network.outputs.map((made) => ({ ...made, data: targetsOf(made.data, facts.targetMapping) }));
      return { ...network, outputs, resolved: node, tensors: inStateDictOrder(node, tensors) };
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
      offset:
        origins === null
          ? made.offset
          : made.offset.map((value, column) => value - origins[column]! * made.scale[column]!),
      ...(origins === null ? {} : { needsDouble: true }),
    },
  };
}

function resolved(project: Project, inputShape: readonly number[], name: NetworkName): ResolvedNode {
  const resolution = resolveProject(project, inputShape, name);
  if (!resolution.ok) throw new FailureError(resolution.failures[0]!);
  return resolution.network;
}

/** In the middle of an epoch nothing was measured. */
function measured(index: Pick<RunIndex, 'epochs'>, run: RunRow, chosen: ChosenCheckpoint): ExportSubject['measured'] {
  const figures = figuresOf(index, run, chosen);
  return figures === undefined ? null : { loss: figures.loss, accuracy: figures.accuracy ?? null };
}

function figuresOf(
  index: Pick<RunIndex, 'epochs'>,
  run: RunRow,
  { position, weights }: ChosenCheckpoint,
): Measured | undefined {
  const epoch = index.epochs.of(run.id).find((each) => each.epoch === position.epoch);
  if (epoch === undefined || position.step !== 0) return undefined;
  return weights === 'averaged' ? epoch.averaged : epoch.test;
}

/** By the predictions that the run keeps; else what was measured while it was trained. */
async function errorsOfTargets(
  index: Pick<RunIndex, 'epochs'>,
  run: RunRow,
  chosen: ChosenCheckpoint,
  targets: number,
  targetNames: readonly string[],
): Promise<Pick<ExportSubject, 'targetErrors'>> {
  if (targets === 0) return {};
  const nameOf = (target: number): string => targetNames[target] ?? `target ${target + 1}`;
  const { directory: checkpoint, weights } = chosen;
  const kept = await readPredictions({ folder: predictionsFolder(run.id), checkpoint, weights, views: 0 });
  if (kept !== null && kept.targets !== null) {
    const { each } = regressionFigures(kept.probabilities, kept.targets, targets);
    return {
      targetErrors: each.map(({ r2, rootMeanSquare }, target) => ({ name: nameOf(target), r2, rootMeanSquare })),
    };
  }
  const rootMeanSquare = targets === 1 ? figuresOf(index, run, chosen)?.rootMeanSquare : undefined;
  return rootMeanSquare === undefined ? {} : { targetErrors: [{ name: nameOf(0), r2: null, rootMeanSquare }] };
}

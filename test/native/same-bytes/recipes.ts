import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { pythonCode } from '../../../core/code/python.ts';
import type { ExportSubject } from '../../../core/export/subject.ts';
import { parseProject } from '../../../core/project/parse.ts';
import type { Project } from '../../../core/project/project.ts';
import { serialiseProject } from '../../../core/project/serialise.ts';
import { ratesOfEpoch } from '../../../core/schedule/rates.ts';
import type { Plan } from '../../../core/training/plan.ts';
import { writeStateDict } from '../../../core/weights/write-state-dict.ts';
import type { Addon, EngineSession } from '../../../main/engine/addon.ts';
import type { EnginePort } from '../../../main/engine/engine-host.ts';
import type { FromEngine } from '../../../main/engine/messages.ts';
import { exportNetworks, writeScript } from '../../../main/exports/in-engine.ts';
import { exportOnnx } from '../../../main/exports/onnx.ts';
import { assembleSubject } from '../../../main/exports/prepare-subject.ts';
import { exportTorchScript } from '../../../main/exports/torchscript.ts';
import { recipesFolder } from '../../../main/paths.ts';
import { planProject } from '../../../main/training/plan-project.ts';
import { contextOf } from '../../exports/export-here.ts';
import { writeExcerpt } from '../excerpts.ts';
import type { Source } from '../excerpts.ts';
import { planOn } from '../plans.ts';
import { checksumOf, checksumOfFile } from './checksum.ts';
import type { Checksums } from './same-bytes.ts';

/** The whole recipe but for the number of samples in a batch and, where ten steps take too long, the number of steps. */
interface Length {
  readonly steps: number;
  readonly batchSize: number;
}

const tenSteps: Length = { steps: 10, batchSize: 4 };

/** Ten steps of these, without AVX, would take as long as all other recipes together. */
const lengths: Readonly<Record<string, Length>> = {
  'cifar10-resnet18': { steps: 10, batchSize: 2 },
  'tutorial-resnet18': { steps: 3, batchSize: 2 },
  'cifar10-resnet34': { steps: 2, batchSize: 2 },
  'tutorial-resnet34': { steps: 2, batchSize: 2 },
  'cifar10-resnet50': { steps: 2, batchSize: 2 },
  // 5·10⁹ multiply-adds a sample.
  'cifar10-wideresnet': { steps: 2, batchSize: 2 },
  // Up to twenty evaluations a step.
  'mnist-lbfgs': { steps: 3, batchSize: 2 },
};

/** Optimizer steps of an epoch: short, so that the second epoch's rates and the average are measured too. */
const stepsPerEpoch = 5;

/** Of a recipe: its project's text, its exports with fresh weights, and its weights after some steps. */
export async function recipeChecksums(name: string, addon: Addon, folder: string): Promise<Checksums> {
  const text = await readFile(path.join(recipesFolder, `${name}.json`), 'utf8');
  const parsed = parseProject(text);
  if (!parsed.ok) throw new Error(parsed.failures[0]?.message);
  if (serialiseProject(parsed.project) !== text) throw new Error(`${name} is not written as it was read`);
  const { steps, batchSize } = lengths[name] ?? tenSteps;
  // Words that a reader sees may change.
  const wordless = { ...parsed.project, description: '' };
  const project: Project = { ...wordless, recipe: { ...wordless.recipe, batchSize } };
  const plan = await planOf(project, folder);
  const session = await addon.createSession(JSON.stringify(plan));
  try {
    const fresh = path.join(folder, 'fresh');
    await session.saveCheckpoint(fresh, '');
    const exported = await exportChecksums(await subjectOf(project, plan, addon, fresh, folder), addon, folder);
    await train(session, project, steps);
    return {
      project: checksumOf(serialiseProject(wordless)),
      ...exported,
      ...(await trainedChecksums(session, folder)),
    };
  } finally {
    await session.close();
  }
}

async function planOf(project: Project, folder: string): Promise<Plan> {
  const { recipe, data } = project;
  if (data.source === 'spirals') return (await planProject(project, { seed: 1, threads: 1 })).plan;
  const source = data.source as Source;
  const accumulate = (recipe.kind === 'supervised' && recipe.accumulate) || 1;
  const split = await writeExcerpt(source, recipe.batchSize * accumulate * stepsPerEpoch, folder);
  return planOn(project, { source, split }, { seed: 1, shuffle: true });
}

async function train(session: EngineSession, { recipe }: Project, steps: number): Promise<void> {
  const span = { epochs: recipe.epochs, stepsPerEpoch: session.describe().stepsPerEpoch };
  const average = recipe.kind === 'supervised' && recipe.averaging !== undefined;
  for (let epoch = 0, done = 0; done < steps; epoch++) {
    const learningRates = ratesOfEpoch(recipe.schedule, epoch, span);
    const { state, step } = await session.train({ learningRates, maxSteps: steps - done, average });
    if (state !== 'finished' && state !== 'paused') throw new Error(`the training ended as ${state}`);
    done += step;
  }
}

async function trainedChecksums(session: EngineSession, folder: string): Promise<Checksums> {
  const checkpoint = path.join(folder, 'trained');
  await session.saveCheckpoint(checkpoint, '');
  const found: Record<string, string> = {};
  for (const file of (await readdir(checkpoint)).filter((file) => file.endsWith('.safetensors')).sort()) {
    found[`trained ${file}`] = checksumOf(withoutTime(await readFile(path.join(checkpoint, file))));
  }
  return found;
}

/** A state in the middle of an epoch holds how long the epoch has taken so far. */
function withoutTime(bytes: Buffer): Buffer {
  const start = 8 + Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Readonly<
    Record<string, { readonly data_offsets: readonly [number, number] }>
  >;
  const seconds = header['epoch.seconds'];
  return seconds === undefined
    ? bytes
    : bytes.fill(0, start + seconds.data_offsets[0], start + seconds.data_offsets[1]);
}

async function subjectOf(
  project: Project,
  plan: Plan,
  addon: Addon,
  checkpoint: string,
  folder: string,
): Promise<ExportSubject> {
  const job = { kind: 'export', plan, device: 'cpu', checkpoint, weights: 'last', folder, samples: 1 } as const;
  return assembleSubject(await exportNetworks(job, addon, new AbortController().signal), folder, {
    project,
    run: 'same-bytes',
    checkpoint: { which: 'last', epoch: 0, step: 0, weights: 'last' },
    classNames: [],
    shape: plan.inputShape,
    measured: null,
    columnNames: [],
    targetNames: [],
    targetMapping: null,
    origins: null,
  });
}

/** Of every network: its state dict as PyTorch's file, ONNX, TorchScript and Python source. */
async function exportChecksums(subject: ExportSubject, addon: Addon, folder: string): Promise<Checksums> {
  const found: Record<string, string> = {};
  const context = { ...contextOf(folder), openEngine: () => engineHere(addon) };
  const written = [...(await exportOnnx(subject, context)).files, ...(await exportTorchScript(subject, context)).files];
  for (const { name } of written) found[name] = await checksumOfFile(path.join(folder, name));
  for (const network of subject.networks) {
    found[`${network.name} state dict`] = checksumOf(Buffer.concat(writeStateDict(network.tensors)));
    found[`${network.name} Python`] = checksumOf(
      pythonCode(subject.project, network.resolved, network.name, null).text,
    );
  }
  return found;
}

/** Does the one job of the exporters here, where libtorch is loaded already. */
function engineHere(addon: Addon): EnginePort {
  let tell: (message: FromEngine) => void = () => undefined;
  let leave: () => void = () => undefined;
  return {
    pid: Promise.resolve(process.pid),
    onMessage: (listener) => (tell = listener),
    onExit: (listener) => (leave = () => listener({ code: 0, signal: null, complaint: '' })),
    kill: () => undefined,
    post: (message) => {
      if (message.type === 'end') leave();
      if (message.type !== 'job') return;
      if (message.job.kind !== 'script') throw new Error(`no exporter asks for ${message.job.kind}`);
      void writeScript(message.job, addon).then((result) => tell({ type: 'result', result }));
    },
  };
}

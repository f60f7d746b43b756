import path from 'node:path';
import type { NetworkInput, SampleTensor } from '../../core/export/subject.ts';
import type { PlanNode } from '../../core/training/plan.ts';
import type { Addon, EngineSession, TracedOutputs } from '../engine/addon.ts';
import type { ExportJob, ExportedNetworks, ScriptJob, ScriptOutputs, TraceJob } from '../engine/messages.ts';
import { fail } from '../failures.ts';
import { someSamples, together } from './some-samples.ts';

/** The same noise for every export. */
const noiseSeed = 0;
/** Samples that a network gets at a time. */
const batch = 100;

/** In the engine process, as all here: weights of a checkpoint by networks, and what these make of test samples. */
export async function exportNetworks(job: ExportJob, addon: Addon, stop: AbortSignal): Promise<ExportedNetworks> {
  const session = await addon.createSession(JSON.stringify(job.plan));
  const interrupt = (): void => session.interrupt();
  stop.addEventListener('abort', interrupt);
  try {
    await session.loadCheckpoint(job.checkpoint);
    if (stop.aborted) fail('unavailable', 'The export was stopped.');
    return await networksOf(session, job, addon);
  } finally {
    stop.removeEventListener('abort', interrupt);
    await session.close();
  }
}

async function networksOf(session: EngineSession, job: ExportJob, addon: Addon): Promise<ExportedNetworks> {
  const { scale, offset } = session.describe();
  const { plan } = job;
  const { labels, ...tested } = await session.samples('test', job.samples);
  const count = tested.shape[0]!;
  const bytes = await session.images(
    'test',
    Int32Array.from({ length: count }, (_, index) => index),
  );
  const images = { samples: tested, bytes: bytes.length > 0 ? bytes : null };
  const run = async (
    node: PlanNode,
    file: string,
    inputs: readonly NetworkInput[],
  ): Promise<readonly SampleTensor[]> => {
    const network = JSON.stringify(node);
    const parts: (readonly SampleTensor[])[] = [];
    for (let from = 0; from < count; from += batch) {
      const given = inputs.map(({ samples }) => someSamples(samples, from, from + batch));
      parts.push((await addon.runNetwork(network, file, given, false)).outputs);
    }
    return parts[0]!.map((_, output) => together(parts.map((made) => made[output]!)));
  };
  const main = path.join(job.folder, 'main.safetensors');
  await session.saveWeights(main, job.weights);
  if (plan.adversarial === null) {
    const inputs = [{ name: 'input', ...images }];
    const outputs = await run(plan.network, main, inputs);
    return { scale, offset, networks: [{ name: 'main', inputs, outputs, labels }] };
  }
  const discriminator = path.join(job.folder, 'discriminator.safetensors');
  await session.saveDiscriminator(discriminator);
  const { conditional } = plan.adversarial;
  const drawn = Array.from({ length: count }, (_, sample) => sample % Math.max(1, plan.data.classes));
  const made = [{ name: 'noise', ...(await noise(session, plan.adversarial.noise, count)) }];
  const real = [{ name: 'image', ...images }];
  const generator = conditional ? [...made, classInput(drawn)] : made;
  const judge = conditional ? [...real, classInput(labels ?? drawn)] : real;
  return {
    scale,
    offset,
    networks: [
      { name: 'main', inputs: generator, outputs: await run(plan.network, main, generator), labels: null },
      {
        name: 'discriminator',
        inputs: judge,
        outputs: await run(plan.adversarial.discriminator, discriminator, judge),
        labels: null,
      },
    ],
  };
}

async function noise(
  session: EngineSession,
  shape: readonly number[],
  count: number,
): Promise<Pick<NetworkInput, 'samples' | 'bytes'>> {
  const data = await session.drawNoise(count, noiseSeed);
  return { samples: { shape: [count, ...shape], data }, bytes: null };
}

/** Whole numbers as floats, as the engine hands them on. */
function classInput(classes: readonly number[] | Int32Array): NetworkInput {
  const samples: SampleTensor = { shape: [classes.length], data: Float32Array.from(classes) };
  return { name: 'class', samples, bytes: null };
}

export function traceNetwork({ network, weights, inputs }: TraceJob, addon: Addon): Promise<TracedOutputs> {
  return addon.runNetwork(JSON.stringify(network), weights, inputs, true);
}

export async function writeScript(job: ScriptJob, addon: Addon): Promise<ScriptOutputs> {
  await addon.writeTorchScript(JSON.stringify(job.module), job.weights, job.file, JSON.stringify(job.notes));
  return { ...(await addon.runTorchScript(job.file, job.inputs)), libtorch: addon.versions().libtorch };
}

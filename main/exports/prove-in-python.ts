import { elementCount } from '../../core/catalogue/shape.ts';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { isMismatch } from '../../core/export/difference.ts';
import { firstPartingOf } from '../../core/export/first-parting.ts';
import { prove, refuseMismatch } from '../../core/export/proof.ts';
import type { Proof } from '../../core/export/proof.ts';
import type { ExportNetwork, SampleTensor } from '../../core/export/subject.ts';
import { isWholeInput } from '../../core/export/whole-inputs.ts';
import { fail } from '../failures.ts';
import { resourcesFolder } from '../paths.ts';
import type { ExportContext, ModuleOutputs } from './exporter.ts';
import { withScratch } from './scratch.ts';
import { oneSample } from './some-samples.ts';
import { refuseStopped } from './stoppable.ts';

interface PythonExport extends ExportContext {
  /** Name of the Python module, and of the file of its weights. */
  readonly module: string;
  readonly weights: string;
}

/** The Python that is asked: TORCHWRIGHT_PYTHON, or the system's. */
function python(): string {
  return process.env['TORCHWRIGHT_PYTHON'] ?? 'python3';
}

/** Has Python's PyTorch run the exported source, where there is one; throws where it computes something else. */
export async function proveInPython(network: ExportNetwork, context: PythonExport): Promise<Proof> {
  const missing = await missingPackages(context.weights, context.stop);
  if (missing !== null) return { network: network.name, consumer: 'Python PyTorch', notAsked: missing };
  const given = network.inputs.map(({ samples }, index) => ({ samples, isWhole: isWholeInput(network, index) }));
  const { torch, outputs } = await run(given, [], context);
  const proof = prove(network, `Python PyTorch ${torch}`, outputs);
  if (isMismatch(proof.difference)) {
    const { sample } = proof.difference;
    const traced = await context.traceSample(network, sample);
    const keys = traced.map(({ key }) => key);
    const theirs = await run(
      given.map(({ samples, isWhole }) => ({ samples: oneSample(samples, sample), isWhole })),
      keys,
      context,
    );
    refuseMismatch(proof, firstPartingOf(traced, theirs.modules));
  }
  return proof;
}

async function missingPackages(weights: string, stop: AbortSignal): Promise<string | null> {
  const needed = weights.endsWith('.safetensors') ? 'torch, safetensors' : 'torch';
  try {
    await promisify(execFile)(python(), ['-c', `import ${needed}`], { signal: stop });
    return null;
  } catch {
    refuseStopped(stop);
    return `no ${python()} with ${needed.replace(',', ' and')} here (TORCHWRIGHT_PYTHON names another)`;
  }
}

const answer = z.object({
  torch: z.string(),
  made: z.array(z.tuple([z.string().nullable(), z.array(z.array(z.number()))])),
});

interface PythonInput {
  readonly samples: SampleTensor;
  /** As int64. */
  readonly isWhole: boolean;
}

interface PythonOutputs {
  readonly torch: string;
  readonly outputs: readonly SampleTensor[];
  readonly modules: readonly Pick<ModuleOutputs, 'key' | 'outputs'>[];
}

async function run(
  inputs: readonly PythonInput[],
  keys: readonly string[],
  { folder, module, weights, stop }: PythonExport,
): Promise<PythonOutputs> {
  return withScratch('python', async (scratch) => {
    const entries = inputs.map(({ samples: { shape }, isWhole }, index) => {
      return { shape, file: path.join(scratch, `input-${index}`), whole: isWhole };
    });
    for (const [index, { samples }] of inputs.entries()) {
      const { data } = samples;
      await writeFile(entries[index]!.file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
    const out = path.join(scratch, 'outputs');
    const request = path.join(scratch, 'request.json');
    await writeFile(
      request,
      JSON.stringify({ folder, module, weights: path.join(folder, weights), inputs: entries, keys, out }),
    );
    const script = path.join(resourcesFolder, 'exports', 'prove.py');
    const { stdout } = await promisify(execFile)(python(), [script, request], {
      signal: stop,
      maxBuffer: 2 ** 26,
    }).catch((error: unknown) => failOf(error, stop));
    const { torch, made } = answer.parse(JSON.parse(stdout));
    const floats = new Float32Array(Uint8Array.from(await readFile(out)).buffer);
    let next = 0;
    const tensors = made.map(([key, shapes]) => ({
      key,
      outputs: shapes.map((shape) => {
        const size = elementCount(shape);
        next += size;
        return { shape, data: floats.slice(next - size, next) };
      }),
    }));
    const modules = tensors.flatMap(({ key, outputs }) => (key === null ? [] : [{ key, outputs }]));
    return { torch, outputs: tensors.at(-1)!.outputs, modules };
  });
}

function failOf(error: unknown, stop: AbortSignal): never {
  refuseStopped(stop);
  const words = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : '';
  fail('badNetwork', `Python cannot run the exported source: ${words ?? ''}`);
}

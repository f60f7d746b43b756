import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { PrecisionDecision } from '../../core/training/decide-precision.ts';
import type { Plan } from '../../core/training/plan.ts';
import { makeFolder, readIfThere, replaceFile } from '../files.ts';
import { engineStamp, homeFolder } from '../paths.ts';

/** Decisions that are remembered: the newest. */
const mostKept = 200;

const seconds = z.number().positive();

const file = z.object({
  version: z.literal(1),
  decisions: z.record(
    z.string(),
    z.object({
      precision: z.literal(['float32', 'bfloat16']),
      reason: z.string(),
      stepSeconds: z.object({ float32: seconds, bfloat16: seconds }).nullable(),
    }),
  ),
});

type Decisions = Readonly<Record<string, PrecisionDecision>>;

function precisionsFile(): string {
  return path.join(homeFolder(), 'precisions.json');
}

/** The same for plans whose steps compute the same on the same machine by the same engine, whatever seed and data they have. */
export async function precisionKey(plan: Plan, device: string): Promise<string> {
  const { network, inputShape, threads } = plan;
  const { augment, classes, targets } = plan.data;
  const training = { ...plan.training, precision: null };
  const [processor] = cpus();
  const computed = { network, inputShape, augment, classes, targets, training, threads };
  const machine = { device, processor: processor?.model, engine: await engineStamp() };
  return createHash('sha256')
    .update(JSON.stringify([computed, machine]))
    .digest('hex');
}

export async function rememberedPrecision(key: string): Promise<PrecisionDecision | null> {
  return (await readDecisions())[key] ?? null;
}

/** Where two processes remember something at once, one of them measures again next time. */
export async function rememberPrecision(key: string, decision: PrecisionDecision): Promise<void> {
  const others = Object.entries(await readDecisions()).filter(([other]) => other !== key);
  const decisions = Object.fromEntries([...others.slice(1 - mostKept), [key, decision]]);
  await makeFolder(homeFolder());
  await replaceFile(precisionsFile(), `${JSON.stringify({ version: 1, decisions }, null, 2)}\n`);
}

/** None of a file that cannot be read or understood. */
async function readDecisions(): Promise<Decisions> {
  try {
    return file.parse(JSON.parse((await readIfThere(precisionsFile())) ?? '')).decisions;
  } catch {
    return {};
  }
}

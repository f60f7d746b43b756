import { milliseconds } from '../format.ts';
import type { Project, Recipe } from '../project/project.ts';

/** bfloat16 loses digits. It is only taken where its steps are at least so many times as fast. */
export const leastSpeedup = 1.3;

/** Seconds of one training step. */
export interface PrecisionTimes {
  readonly float32: number;
  readonly bfloat16: number;
}

/** What a recipe whose precision is `auto` is trained in on this machine, and why. */
export interface PrecisionDecision {
  readonly precision: keyof PrecisionTimes;
  readonly reason: string;
  /** Null: nothing was measured. */
  readonly stepSeconds: PrecisionTimes | null;
}

/** What an engine process found out about both precisions. */
export type ComparedPrecisions =
  | { readonly kind: 'measured'; readonly stepSeconds: PrecisionTimes }
  /** The processor computes bfloat16 by converting. */
  | { readonly kind: 'noInstructions' }
  | { readonly kind: 'failed'; readonly message: string };

/** Of libtorch's names (cpuinfo's) of instructions those that multiply matrices in bfloat16. */
const ofBfloat16: readonly string[] = ['amx_bf16', 'avx512_bf16', 'bf16', 'sve_bf16'];

export function hasBfloat16(instructions: readonly string[]): boolean {
  return ofBfloat16.some((name) => instructions.includes(name));
}

export function isPrecisionOpen({ recipe }: Project): boolean {
  return recipe.kind === 'supervised' && recipe.precision === 'auto';
}

/** Null: that must be measured. */
export function decideByRecipe({ optimizer }: Recipe): PrecisionDecision | null {
  if (optimizer.type !== 'LBFGS') return null;
  return inFloat32('LBFGS compares losses of one batch with each other, which bfloat16 rounds too coarsely.');
}

export function decidePrecision(compared: ComparedPrecisions): PrecisionDecision {
  switch (compared.kind) {
    case 'noInstructions':
      return inFloat32('The processor has no instructions for bfloat16, which would be slower.');
    case 'failed':
      return inFloat32(`The two precisions could not be compared: ${compared.message}`);
    case 'measured':
      return decideByTimes(compared.stepSeconds);
  }
}

/** How many times as fast bfloat16 is, in hundredths, as it is told. */
export function speedupOf({ float32, bfloat16 }: PrecisionTimes): number {
  return Math.round((100 * float32) / bfloat16) / 100;
}

function decideByTimes(stepSeconds: PrecisionTimes): PrecisionDecision {
  const speedup = speedupOf(stepSeconds);
  const [float32, bfloat16] = [milliseconds(stepSeconds.float32), milliseconds(stepSeconds.bfloat16)];
  const measured = `A step takes ${float32} ms in float32 and ${bfloat16} ms in bfloat16, which is ${speedup.toFixed(2)} times as fast`;
  return speedup >= leastSpeedup
    ? { precision: 'bfloat16', reason: `${measured}.`, stepSeconds }
    : { precision: 'float32', reason: `${measured}; bfloat16 is taken from ${leastSpeedup} times on.`, stepSeconds };
}

/** With what was decided written out; null: the recipe decides. */
export function withPrecision(project: Project, decision: PrecisionDecision | null): Project {
  if (decision === null) return project;
  const { recipe } = project;
  const { precision } = decision;
  if (recipe.kind !== 'supervised') throw new Error('adversarial training has no precision');
  return { ...project, recipe: { ...recipe, precision } };
}

/** As it was given to a training, before `withPrecision`. */
export function withOpenPrecision(project: Project, decision: PrecisionDecision | null): Project {
  const { recipe } = project;
  if (decision === null || recipe.kind !== 'supervised') return project;
  return { ...project, recipe: { ...recipe, precision: 'auto' } };
}

function inFloat32(reason: string): PrecisionDecision {
  return { precision: 'float32', reason, stepSeconds: null };
}

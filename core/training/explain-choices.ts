import { counted, shortCount } from '../format.ts';
import type { Project } from '../project/project.ts';
import { costFactsOf } from './cost-facts.ts';
import { hasBfloat16 } from './decide-precision.ts';
import type { PrecisionDecision, PrecisionTimes } from './decide-precision.ts';
import { ownKernels } from './step-profile.ts';
import type { OwnKernel, StepMachine, StepProfile } from './step-profile.ts';

export const choiceTitles = {
  processor: 'Processor',
  threads: 'Threads',
  precision: 'Precision',
  memoryFormat: 'Memory format',
  kernels: 'Kernels of the engine',
} as const;

export const choiceSubjects = Object.keys(choiceTitles) as readonly (keyof typeof choiceTitles)[];

/** Something that was chosen for a training on this machine, and why. */
export interface Choice {
  readonly about: keyof typeof choiceTitles;
  readonly chosen: string;
  readonly reason: string;
  /** The recipe leaves it to the machine: its value is `auto`. */
  readonly isAutomatic?: true;
  /** Of a precision that was decided by it. */
  readonly stepSeconds?: PrecisionTimes;
}

export interface ExplainedProfile extends StepProfile {
  readonly choices: readonly Choice[];
}

/** What nobody can see from the profile: how many threads were asked for, and how many there could be. */
export interface ChoiceFacts {
  /** Null: nobody asked. */
  readonly threadsAsked: number | null;
  readonly threadsByDefault: number;
  /** Of the forward pass of one batch. */
  readonly multiplyAdds: number;
  /** Of a recipe whose precision is `auto`; null: the recipe decides, or nothing was measured yet. */
  readonly precision: PrecisionDecision | null;
}

/** Of libtorch's names (cpuinfo's) those that a training can gain from, in the order in which they are listed. */
const instructionTitles: Readonly<Record<string, string>> = {
  avx2: 'AVX2',
  avx512_f: 'AVX-512',
  avx512_vnni: 'AVX-512 VNNI',
  avx512_bf16: 'AVX-512 BF16',
  amx_tile: 'AMX',
  amx_bf16: 'AMX BF16',
  neon: 'NEON',
  bf16: 'NEON BF16',
  sve: 'SVE',
  sve2: 'SVE2',
  sve_bf16: 'SVE BF16',
  sme: 'SME',
};

/** What is known before the first step. */
export function explainMachine(project: Project, machine: StepMachine, facts: ChoiceFacts): readonly Choice[] {
  return [
    processorOf(machine),
    threadsOf(machine, facts),
    facts.precision === null ? precisionOf(project, machine) : automaticPrecision(facts.precision),
    memoryFormatOf(project, machine),
  ];
}

/** With the kernels that ran. */
export function explainProfile(project: Project, profile: StepProfile, facts: ChoiceFacts): readonly Choice[] {
  return [...explainMachine(project, profile, facts), kernelsOf(profile)];
}

/** `threadsAsked`: null where nobody asked. */
export function choiceFacts(
  project: Project,
  inputShape: readonly number[],
  known: Omit<ChoiceFacts, 'multiplyAdds'>,
): ChoiceFacts {
  const samples = { inputShape, trainSamples: 0, testSamples: 0, bytesPerValue: 1 };
  const multiplyAdds = costFactsOf(project, samples)?.totals.multiplyAdds ?? 0;
  return { ...known, multiplyAdds: multiplyAdds * project.recipe.batchSize };
}

/** AVX2, AVX-512: of libtorch's names those that a training can gain from. Empty: none. */
export function instructionsInWords(instructions: readonly string[]): string {
  const found = Object.entries(instructionTitles).filter(([name]) => instructions.includes(name));
  return found.map(([, title]) => title).join(', ');
}

function processorOf({ deviceName, instructions, cpuCapability }: StepMachine): Choice {
  const found = instructionsInWords(instructions);
  const reason = `The processor has ${found || 'no vector instructions that libtorch reports'}; libtorch uses its kernels for ${cpuCapability}.`;
  return { about: 'processor', chosen: deviceName, reason };
}

function threadsOf({ threads }: StepMachine, { threadsAsked, threadsByDefault, multiplyAdds }: ChoiceFacts): Choice {
  const most = threadsAsked ?? threadsByDefault;
  const reason =
    threads < most
      ? `A batch has too little work for ${counted(most, 'thread')}: ${shortCount(multiplyAdds)} multiply-adds in the forward pass.`
      : threadsAsked === null
        ? 'This is what the machine computes fastest with.'
        : 'They were asked for.';
  return { about: 'threads', chosen: String(threads), reason };
}

function precisionOf({ recipe }: Project, { precision, instructions }: StepMachine): Choice {
  if (recipe.kind === 'adversarial')
    return { about: 'precision', chosen: precision, reason: 'Adversarial training computes in float32.' };
  if (recipe.precision === 'auto') {
    const reason = 'The recipe leaves it to the machine, which measures it when a run begins.';
    return { about: 'precision', chosen: precision, reason };
  }
  const isSet = recipe.precision !== undefined;
  const hardware = hasBfloat16(instructions)
    ? 'The processor has instructions for bfloat16: set recipe.precision to auto, which measures whether that is faster.'
    : 'The processor has no instructions for bfloat16, which would be slower.';
  const origin = isSet ? 'The recipe sets it.' : 'The recipe sets none, which means float32.';
  return { about: 'precision', chosen: precision, reason: precision === 'float32' ? `${origin} ${hardware}` : origin };
}

export function automaticPrecision({ precision, reason, stepSeconds }: PrecisionDecision): Choice {
  const measured = stepSeconds === null ? {} : { stepSeconds };
  return { about: 'precision', chosen: precision, reason, isAutomatic: true, ...measured };
}

/** What was decided when the run began, of the choices stored with it; null: the recipe decides. */
export function decisionOf(choices: readonly Choice[]): PrecisionDecision | null {
  const {
    chosen,
    reason,
    stepSeconds = null,
  } = choices.find(({ about, isAutomatic }) => about === 'precision' && isAutomatic === true) ?? {};
  if (reason === undefined || (chosen !== 'float32' && chosen !== 'bfloat16')) return null;
  return { precision: chosen, reason, stepSeconds };
}

function memoryFormatOf({ recipe }: Project, { channelsLast }: StepMachine): Choice {
  const isSet = recipe.kind === 'supervised' && recipe.channelsLast !== undefined;
  const found = channelsLast
    ? 'The network has a two-dimensional convolution.'
    : 'The network has no two-dimensional convolution.';
  const reason = isSet ? 'The recipe sets it.' : found;
  return { about: 'memoryFormat', chosen: channelsLast ? 'channels-last' : 'contiguous', reason };
}

/** Of each kernel, in how many layers it runs. */
function kernelsOf({ modules }: StepProfile): Choice {
  const layers = modules.filter(({ own }) => own === null);
  const used = (Object.keys(ownKernels) as OwnKernel[]).flatMap((kernel) => {
    const names = layers.filter(({ kernels }) => kernels.includes(kernel)).map(({ name }) => name);
    return names.length === 0 ? [] : [`${ownKernels[kernel]} in ${names.length} of ${layers.length} layers`];
  });
  const chosen = used.join(', ') || "libtorch's own";
  const reason =
    used.length === 0 ? 'No layer suits a kernel of the engine.' : 'They are faster or more accurate there.';
  return { about: 'kernels', chosen, reason };
}

import { innerModules } from '../drawing/inner.ts';
import type { InnerModule } from '../drawing/inner.ts';
import { treeOf } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import { isContainer } from '../network/containers.ts';
import type { NetworkFacts } from '../network/facts.ts';
import { ownName } from '../network/module-name.ts';
import type { Blocks, NetworkName } from '../network/tree.ts';
import type { Precision, Project } from '../project/project.ts';

/** Parts of a training step beside its modules, in the order in which they are shown. `other` is the rest. */
export const stepParts = {
  data: 'Batch gathering',
  augmentation: 'Augmentation',
  loss: 'Loss',
  optimizer: 'Optimizer',
  figures: 'Metrics',
  other: 'Other',
} as const;

/** Kernels of the engine in the place of libtorch's, by their names there. */
export const ownKernels = {
  winograd: 'Winograd convolution',
  batchNorm: 'channels-last batch norm',
  dropout: 'parallel dropout',
  linearOfFew: 'linear layer with few outputs',
  maxPool: 'max pooling of separate windows',
  weightGradient: 'weight gradient of small images',
} as const;

export type OwnKernel = keyof typeof ownKernels;

export type StepPart = keyof typeof stepParts;

/** Steps that a profile takes. */
export interface ProfiledSteps {
  /** Not measured: memory is taken and code is made ready in them. */
  readonly warmUp: number;
  readonly steps: number;
  /** Those of slow networks, where the others would take longer than `maxSeconds`. */
  readonly leastSteps: number;
  readonly maxSeconds: number;
}

export const standardSteps: ProfiledSteps = { warmUp: 3, steps: 20, leastSteps: 3, maxSeconds: 20 };

/** What the engine measured: seconds, one number a profiled step. At every moment of a step exactly one row is charged. */
export interface StepTimes {
  readonly rows: readonly {
    /** A module's address, or a StepPart. */
    readonly name: string;
    readonly isPart: boolean;
    readonly forward: Float64Array;
    readonly backward: Float64Array;
    /** Of all its outputs in one step that lie in memory of their own. */
    readonly outputBytes: number;
    /** Of our own, those that ran in it. */
    readonly kernels: readonly OwnKernel[];
  }[];
  /** Of whole steps that were profiled, and of as many between them that were not. */
  readonly profiledSeconds: Float64Array;
  readonly plainSeconds: Float64Array;
  readonly state: 'finished' | 'interrupted' | 'diverged';
}

/** What computed a step, and how. */
export interface StepMachine {
  readonly deviceName: string;
  readonly threads: number;
  readonly precision: Precision;
  /** How images lie in memory. */
  readonly channelsLast: boolean;
  /** Of the processor, by libtorch's names. */
  readonly instructions: readonly string[];
  /** The kernels that libtorch chose by them: AVX2, AVX512 … */
  readonly cpuCapability: string;
}

export interface MeasuredSteps extends StepMachine {
  readonly times: StepTimes;
}

/** Seconds of one step. */
export interface PassTimes {
  readonly forward: number;
  readonly backward: number;
}

export interface ModuleTimes extends PassTimes {
  readonly address: Address;
  /** As the canvas names it within the container around: `Conv2d 0`. */
  readonly name: string;
  /** Of containers in one another. */
  readonly depth: number;
  /** A container's times are the sums of everything in it. This is what it does itself, such as the addition of a Residual; null of a layer. */
  readonly own: PassTimes | null;
  /** In it, containers' parts included. */
  readonly kernels: readonly OwnKernel[];
  /** Bytes. */
  readonly activations: number;
  readonly parameters: number;
}

/** Where the time of a training step goes: modules and parts add up to `seconds`. */
export interface StepProfile extends StepMachine {
  readonly modules: readonly ModuleTimes[];
  readonly parts: readonly (PassTimes & { readonly part: StepPart })[];
  /** Mean over the middle half of the profiled steps, in order of their length. */
  readonly seconds: number;
  /** The same of steps that were not profiled. */
  readonly plainSeconds: number;
  /** Profiled. */
  readonly steps: number;
  readonly batchSize: number;
}

const bytesPerParameter = 4;

/** `factsOf` for each network of the project. Null without a profiled step. */
export function stepProfile(
  project: Project,
  facts: ReadonlyMap<NetworkName, NetworkFacts>,
  { times, ...machine }: MeasuredSteps,
): StepProfile | null {
  const steps = times.profiledSeconds.length;
  if (steps === 0) return null;
  const chosen = middleHalf(times.profiledSeconds);
  const meanOf = (values: Float64Array): number => chosen.reduce((sum, step) => sum + values[step]!, 0) / chosen.length;
  const rows = times.rows.map((row) => ({ ...row, forward: meanOf(row.forward), backward: meanOf(row.backward) }));
  const measured = rows.filter(({ isPart }) => !isPart);
  const modules = [...facts.keys()].flatMap((name) =>
    [...modulesUnder(rootOf(project, name), project.blocks ?? {})].map(
      ({ node, address, depth, isBody }): ModuleTimes => {
        const within = measured.filter((row) => isWithin(row.name, address));
        const sum = (of: (row: (typeof measured)[number]) => number): number =>
          within.reduce((total, row) => total + of(row), 0);
        return {
          address,
          name: isBody ? node.type : ownName(project, address),
          depth,
          forward: sum(({ forward }) => forward),
          backward: sum(({ backward }) => backward),
          own: isContainer(node) ? ownOf(within, address) : null,
          kernels: [...new Set(within.flatMap(({ kernels }) => kernels))],
          activations: sum(({ outputBytes }) => outputBytes),
          parameters: (facts.get(name)?.modules.get(address)?.parameters ?? 0) * bytesPerParameter,
        };
      },
    ),
  );
  const parts = (Object.keys(stepParts) as StepPart[]).flatMap((part) => {
    const row = rows.find(({ isPart, name }) => isPart && name === part);
    return row === undefined ? [] : [{ part, forward: row.forward, backward: row.backward }];
  });
  const plain = middleHalf(times.plainSeconds);
  return {
    modules,
    parts,
    seconds: meanOf(times.profiledSeconds),
    plainSeconds: plain.reduce((sum, step) => sum + times.plainSeconds[step]!, 0) / plain.length,
    steps,
    batchSize: project.recipe.batchSize,
    ...machine,
  };
}

/** Whether a module is the one at `address`, or lies in it. */
function isWithin(module: Address, address: Address): boolean {
  return (
    module.startsWith(address) && (module.length === address.length || /^[./[]/.test(module.slice(address.length)))
  );
}

function ownOf(rows: readonly (PassTimes & { readonly name: string })[], address: Address): PassTimes {
  const own = rows.find(({ name }) => name === address);
  return { forward: own?.forward ?? 0, backward: own?.backward ?? 0 };
}

interface NestedModule extends InnerModule {
  readonly depth: number;
  /** Of a Block, which is named by its instance. */
  readonly isBody: boolean;
}

function rootOf(project: Project, name: NetworkName): NestedModule {
  const address = `networks.${name}`;
  return { node: treeOf(project, address), address, depth: 0, isBody: false };
}

/** Containers before what they hold. An instance of a Block stands for the Sequential that is its body. */
function* modulesUnder(module: NestedModule, blocks: Blocks): Generator<NestedModule> {
  yield module;
  const isBody = isContainer(module.node) && module.node.type === 'Block';
  const inner = innerModules(module.node, module.address, blocks);
  const shown =
    isBody && inner[0]?.node.type === 'Sequential' ? innerModules(inner[0].node, inner[0].address, blocks) : inner;
  for (const part of shown) {
    yield* modulesUnder({ ...part, depth: module.depth + 1, isBody: isBody && shown === inner }, blocks);
  }
}

/** Numbers of the steps that are neither among the shortest nor among the longest quarter: what else ran meanwhile counts less. */
function middleHalf(seconds: Float64Array): readonly number[] {
  const order = [...seconds.keys()].sort((one, other) => seconds[one]! - seconds[other]!);
  const quarter = Math.floor(order.length / 4);
  return order.slice(quarter, order.length - quarter);
}

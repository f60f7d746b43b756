import type { LookAnswer, LookQuestion } from '../../core/contract/look.ts';
import type { ScriptModule } from '../../core/export/torchscript/script-module.ts';
import type { ExportNetwork, SampleTensor } from '../../core/export/subject.ts';
import type { Failure } from '../../core/failure.ts';
import type { Averaging, EarlyStopping, Schedule } from '../../core/project/project.ts';
import type {
  EpochFinished,
  TrainingChanges,
  TrainingEvent,
  WeightReport,
  WeightSource,
} from '../../core/training/events.ts';
import type { MeasuredCost } from '../../core/training/cost.ts';
import type { ComparedPrecisions, PrecisionDecision } from '../../core/training/decide-precision.ts';
import type { Plan, PlanNode } from '../../core/training/plan.ts';
import type { RateFinding, RateSweep } from '../../core/training/rate-finder.ts';
import type { MeasuredSteps, ProfiledSteps, StepMachine } from '../../core/training/step-profile.ts';
import type { TestView } from '../../core/training/test-views.ts';
import type { AlikeImages, InspectedSamples } from '../../core/contract/inspection.ts';
import type { AugmentQuestion } from '../datasets/inspect/augment-images.ts';
import type { InspectedFiles } from '../datasets/inspect/inspect-dataset.ts';
import type { Progress } from '../datasets/progress.ts';
import type { FoundMismatches } from '../evaluation/find-mismatches.ts';
import type { KeptPredictions } from '../evaluation/stored-predictions.ts';
import type { SampleJob } from '../generation/make-samples.ts';
import type { Addon, EngineDevice, TracedOutputs, Weights } from './addon.ts';
import type { NumberedQuestion } from './questions.ts';

/** What the engine process is asked for. One process does one job and ends. */
export type EngineJob =
  | InspectJob
  | InspectDataJob
  | FindAlikeJob
  | AugmentJob
  | TrainingJob
  | FindRateJob
  | PredictionJob
  | LookJob
  | SampleJob
  | FirstStepJob
  | MeasureCostJob
  | ComparePrecisionsJob
  | ProfileJob
  | ExportJob
  | TraceJob
  | ScriptJob;

export interface InspectJob {
  readonly kind: 'inspect';
}

/** Reads every sample of a data set. Needs no libtorch, but a processor of its own. */
export interface InspectDataJob {
  readonly kind: 'inspectData';
  readonly files: InspectedFiles;
}

/** Compares all images of a data set with each other; likewise. */
export interface FindAlikeJob {
  readonly kind: 'findAlike';
  readonly files: InspectedFiles;
}

/** Stays open and does to images what a training does, until it is stopped. */
export interface AugmentJob {
  readonly kind: 'augment';
}

/** Jobs whose process answers questions. */
export type StayingJob = LookJob | AugmentJob;

export type AskedQuestion = LookQuestion | AugmentQuestion;

export interface TrainingJob {
  readonly kind: 'train';
  readonly run: string;
  readonly project: string;
  /** Its device is not looked at: `device` is. */
  readonly plan: Plan;
  /** `auto`, `cpu`, `cuda`, `cuda:1`. */
  readonly device: string;
  readonly schedule: Schedule;
  readonly epochs: number;
  /** How many epochs a resumed run was to have before it got another number; null: as many. */
  readonly epochsBefore: number | null;
  /** A resumed run gets other data than it was trained on. */
  readonly isDataChanged: boolean;
  /** Where the data of a resumed run were, if it is trained on the samples kept with it as nothing is there; else null. */
  readonly missingSource: string | null;
  /** The run's folder of checkpoints. Training goes on from the last one in it, if there is any. */
  readonly checkpoints: string;
  /** Folder for what a generator makes after each epoch. */
  readonly pictures: string;
  /** Folders for what the network predicts for the test set: with each checkpoint, and in short after each epoch. */
  readonly predictions: string;
  readonly predictedClasses: string;
  /** Of adversarial training, where it has one of its own. */
  readonly discriminatorSchedule: Schedule | null;
  readonly earlyStopping: EarlyStopping | null;
  readonly averaging: Averaging | null;
  /** Of a recipe whose precision is `auto`: what the plan has, and why. */
  readonly precision: PrecisionDecision | null;
  /** What a run that has no checkpoint yet begins with in the place of fresh weights. */
  readonly initialWeights: {
    readonly file: string;
    readonly from: WeightSource;
    /** Of the source, of which the file holds only what the network asks for. */
    readonly given?: Pick<WeightReport, 'unused' | 'prefix'>;
  } | null;
}

export interface FindRateJob {
  readonly kind: 'findRate';
  readonly plan: Plan;
  readonly device: string;
  /** Directory of the checkpoint to begin from; null: from fresh weights. */
  readonly checkpoint: string | null;
  readonly sweep: RateSweep;
}

export interface PredictionJob {
  readonly kind: 'predict';
  readonly plan: Plan;
  readonly device: string;
  /** Directory of one checkpoint. */
  readonly checkpoint: string;
  readonly weights: Weights;
  readonly split: 'train' | 'test';
  /** To average over; empty: each image is seen once, as it is. */
  readonly views: readonly TestView[];
  /** Leave the processor to whoever else wants it. */
  readonly isInBackground: boolean;
}

/** Stays open and answers questions about single pictures until it is stopped. */
export interface LookJob {
  readonly kind: 'look';
  readonly plan: Plan;
  /** That of the session; the network itself is looked at on the CPU. */
  readonly device: string;
  /** Directory of one checkpoint. */
  readonly checkpoint: string;
  readonly weights: Weights;
  /** For the weights while it is open. */
  readonly folder: string;
  /** Leave the processor to whoever else wants it. */
  readonly isInBackground: boolean;
}

/** Some steps of training from fresh weights and a part of an evaluation, with their time and memory. */
export interface MeasureCostJob {
  readonly kind: 'measureCost';
  readonly plan: Plan;
  readonly device: string;
  readonly schedule: Schedule;
  readonly epochs: number;
}

/** Some steps of training from fresh weights in float32 and in bfloat16. The plan's own precision is not looked at. */
export interface ComparePrecisionsJob {
  readonly kind: 'comparePrecisions';
  readonly plan: Plan;
  readonly device: string;
  readonly schedule: Schedule;
  readonly epochs: number;
}

/** Some steps of training from fresh weights, with the time of each module. */
export interface ProfileJob {
  readonly kind: 'profile';
  readonly plan: Plan;
  readonly device: string;
  /** Rates of the first step. */
  readonly learningRate: number;
  readonly discriminatorRate: number;
  readonly take: ProfiledSteps;
}

/** One step of training from fresh weights. */
export interface FirstStepJob {
  readonly kind: 'firstStep';
  readonly plan: Plan;
  readonly device: string;
  readonly schedule: Schedule;
  readonly epochs: number;
}

/** Writes the weights of a checkpoint by networks, and runs these on test samples. */
export interface ExportJob {
  readonly kind: 'export';
  readonly plan: Plan;
  readonly device: string;
  /** Directory of one checkpoint. */
  readonly checkpoint: string;
  readonly weights: Weights;
  /** Where the weights are written: main.safetensors, discriminator.safetensors. */
  readonly folder: string;
  /** At most. */
  readonly samples: number;
}

export interface ExportedNetworks {
  /** Normalisation in use. */
  readonly scale: readonly number[];
  readonly offset: readonly number[];
  readonly networks: readonly Pick<ExportNetwork, 'name' | 'inputs' | 'outputs' | 'labels'>[];
}

/** What each module of a network makes of inputs. */
export interface TraceJob {
  readonly kind: 'trace';
  readonly network: PlanNode;
  readonly weights: string;
  readonly inputs: readonly SampleTensor[];
}

/** Writes a TorchScript file and has libtorch's own loader run it. */
export interface ScriptJob {
  readonly kind: 'script';
  readonly module: ScriptModule;
  readonly weights: string;
  readonly file: string;
  readonly notes: Readonly<Record<string, string>>;
  readonly inputs: readonly SampleTensor[];
}

export interface ScriptOutputs extends TracedOutputs {
  /** Version of the loader. */
  readonly libtorch: string;
}

export interface FirstStep {
  /** Of the network; of adversarial training the generator's. */
  readonly parameters: number;
  readonly loss: number;
  /** Of adversarial training; else null. */
  readonly generatorLoss: number | null;
}

export interface EngineInspection {
  readonly versions: ReturnType<Addon['versions']>;
  readonly devices: readonly EngineDevice[];
}

export interface EngineResults {
  readonly inspect: EngineInspection;
  readonly inspectData: InspectedSamples;
  readonly findAlike: AlikeImages;
  readonly augment: null;
  readonly train: { readonly state: 'finished' | 'interrupted' };
  readonly findRate: RateFinding;
  readonly predict: KeptPredictions;
  readonly look: null;
  /** See MadeSamples.pixels. */
  readonly samples: Uint8Array;
  readonly firstStep: FirstStep;
  readonly measureCost: MeasuredCost;
  readonly comparePrecisions: ComparedPrecisions;
  readonly profile: MeasuredSteps;
  readonly export: ExportedNetworks;
  readonly trace: TracedOutputs;
  readonly script: ScriptOutputs;
}

/** Host to engine. */
export type ToEngine =
  | { readonly type: 'job'; readonly job: EngineJob }
  /** Finish the step, save, end. */
  | { readonly type: 'stop' }
  /** Finish the step, save, wait for `continue` or `stop`. */
  | { readonly type: 'pause' }
  | { readonly type: 'continue'; readonly changes: TrainingChanges }
  /** After each epoch, at most this many; 0: none. */
  | { readonly type: 'watchMismatches'; readonly limit: number }
  /** Of a job that stays open. */
  | ({ readonly type: 'ask' } & NumberedQuestion<AskedQuestion>)
  /** The answer has arrived: the process may end. */
  | { readonly type: 'end' };

/** What a training tells beside its events. */
export type TrainingReport =
  | { readonly type: 'event'; readonly event: TrainingEvent }
  | { readonly type: 'versions'; readonly versions: EngineInspection['versions'] }
  /** What computes it, and how. */
  | { readonly type: 'computedBy'; readonly machine: Omit<StepMachine, 'instructions' | 'cpuCapability'> }
  /** The epochs that the checkpoint gone on from has behind it: what the index should hold. */
  | { readonly type: 'restored'; readonly epochs: readonly EpochFinished[] }
  | { readonly type: 'batchLosses'; readonly epoch: number; readonly losses: Float32Array }
  /** Of a findRate job: what has been found so far. */
  | { readonly type: 'rateFinding'; readonly finding: RateFinding }
  | { readonly type: 'mismatches'; readonly epoch: number; readonly mismatches: FoundMismatches };

/** To a question of a look. */
export type LookReport =
  | { readonly type: 'answered'; readonly id: number; readonly answer: LookAnswer<LookQuestion> }
  | { readonly type: 'refused'; readonly id: number; readonly failure: Failure };

/** To a question about images: what training makes of them, images × channels × height × width. */
export type AugmentReport =
  | { readonly type: 'answered'; readonly id: number; readonly answer: Float32Array }
  | { readonly type: 'refused'; readonly id: number; readonly failure: Failure };

export type StayingReport = LookReport | AugmentReport;

/** Of jobs that read data. */
export interface DataReport {
  readonly type: 'dataProgress';
  readonly progress: Progress;
}

/** What a job tells before its result. */
export type JobReport = TrainingReport | StayingReport | DataReport;

export type { EpochFinished } from '../../core/training/events.ts';

export type FromEngine =
  | JobReport
  /** Every few seconds: the process still answers. */
  | { readonly type: 'alive' }
  | { readonly type: 'result'; readonly result: EngineResults[EngineJob['kind']] }
  | { readonly type: 'failed'; readonly failure: Failure };

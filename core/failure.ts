/** Why something could not be done: a value, with an address and what to do. */
export interface Failure {
  readonly code: FailureCode;
  /** One sentence that a user can act on. It names the place. */
  readonly message: string;
  /** The file, or the path within the project (`networks.main.children[3].options.kernel_size`). */
  readonly at?: string;
  /** What to do, where it is evident. It names settings by their path, which windows replace by the labels of the forms. */
  readonly advice?: string;
  /** What does it on the command line; windows have buttons for it. */
  readonly command?: string;
  /** What the advice proposes for settings, each instead of the others: the command line writes them as `--set`. */
  readonly settings?: readonly ProposedSetting[];
  /** What may be asked for instead, by the names of the argument. */
  readonly choices?: readonly string[];
}

export interface ProposedSetting {
  /** Path within the project. */
  readonly at: string;
  /** As a project file has it. */
  readonly value: unknown;
}

export const failureCodes = [
  'badUsage',
  'badProject',
  'badNetwork',
  'badData',
  /** The data are not those that a run was trained on. */
  'dataChanged',
  'notFound',
  'noDevice',
  'noSpace',
  'notWritable',
  'inUse',
  'diverged',
  'outOfMemory',
  'engineCrashed',
  'engineMissing',
  'unavailable',
  'cancelled',
  'internal',
] as const;

export type FailureCode = (typeof failureCodes)[number];

/** Codes that are the user's input, not our running: the command line ends with 2 for these, 1 for the rest. */
export const inputFailures: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'badUsage',
  'badProject',
  'badNetwork',
  'badData',
  'dataChanged',
  'notFound',
  'noDevice',
  'noSpace',
  'notWritable',
  'inUse',
]);

/** Carries a Failure through code that throws; boundaries turn it into the value again. */
export class FailureError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'FailureError';
    this.failure = failure;
  }
}

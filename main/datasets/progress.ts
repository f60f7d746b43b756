/** Told about ten times a second. */
export type OnProgress = (progress: Progress) => void;

export interface Progress {
  /** What is being done, in words: `fetching cifar-10-binary.tar.gz`. */
  readonly stage: string;
  readonly done: number;
  /** Null where it is not known. */
  readonly total: number | null;
  /** What is counted, where that is not things. */
  readonly unit?: 'bytes';
}

/** Whom long work tells how far it is, and who may end it: `signal` is aborted with the Failure to end with. */
export interface Follower {
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal | undefined;
}

const millisecondsBetween = 100;

/** Hands on about ten reports a second, and the first and last of each stage. */
export function tenASecond(onProgress: OnProgress): OnProgress {
  let last = 0;
  let stage = '';
  return (progress) => {
    const isEdge = progress.stage !== stage || progress.done === progress.total;
    if (!isEdge && Date.now() - last < millisecondsBetween) return;
    last = Date.now();
    stage = progress.stage;
    onProgress(progress);
  };
}

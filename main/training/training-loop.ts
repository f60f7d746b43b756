import { bestFigures, isBetter } from '../../core/training/compare-figures.ts';
import { FailureError } from '../../core/failure.ts';
import { stepFigures } from '../../core/figures/of-steps.ts';
import { ratesOfEpoch } from '../../core/schedule/rates.ts';
import type { Span } from '../../core/schedule/rates.ts';
import type { Schedule } from '../../core/project/project.ts';
import { bestEpoch, improves, isPatienceOver } from '../../core/training/early-stopping.ts';
import { hasAverage, heldRate, lookAheadSharesOf, weightsJoin } from '../../core/training/averaging.ts';
import { explainDivergence } from '../../core/training/explain-divergence.ts';
import { measuredIn } from '../../core/figures/measured.ts';
import type { Measured } from '../../core/figures/measured.ts';
import type { TrainingChanges, TrainingEvent } from '../../core/training/events.ts';
import { groupRatesOfEpoch } from '../../core/training/group-rates.ts';
import { newRates } from '../../core/training/new-rates.ts';
import type {
  Addon,
  EngineSession,
  EpochProgress,
  SessionDescription,
  TrainRequest,
  Weights,
} from '../engine/addon.ts';
import { fail } from '../failures.ts';
import { makeFolder } from '../files.ts';
import { findMismatches } from '../evaluation/find-mismatches.ts';
import { writePredictedClasses } from '../evaluation/predicted-by-epoch.ts';
import type { EpochFinished, TrainingJob, TrainingReport } from '../engine/messages.ts';
import { openSession } from '../engine/open-session.ts';
import type { CheckpointMetadata } from './checkpoint-metadata.ts';
import { divergenceFailure } from './divergence.ts';
import { figuresOfEpoch, keptFigures } from './figures-of-epoch.ts';
import { saveGeneratedGrid, saveGridAnimation } from './generated-pictures.ts';
import { checkpointDirectory, forEachWeights, KeptCheckpoints } from './kept-checkpoints.ts';
import type { TestPredictionsByWeights } from './kept-checkpoints.ts';
import { passStepGate } from './step-gate.ts';
import type { TrainingControl } from './training-control.ts';
import { earlyStopEvent, finishedEvent, startedEvent, stepEvent } from './training-events.ts';

export type TrainingResult = { readonly state: 'finished' | 'interrupted' };

/** Inside a long epoch a checkpoint is saved this often. */
const fiveMinutes = 300;

/** Trains from the run's last checkpoint, or from the beginning, to the end, to the control's stop, or to a Failure. */
export async function train(
  job: TrainingJob,
  addon: Addon,
  report: (report: TrainingReport) => void,
  control: TrainingControl,
  secondsBetweenCheckpoints = fiveMinutes,
): Promise<TrainingResult> {
  const session = await openSession(addon, job.plan);
  const release = control.onInterrupt(() => session.interrupt());
  try {
    return await new TrainingRun(job, session, report, control, secondsBetweenCheckpoints).train();
  } finally {
    release();
    await session.close();
  }
}

const beginning: CheckpointMetadata = { epoch: 0, step: 0, unevaluated: null, seconds: 0, history: [], best: null };

type Trained = NonNullable<CheckpointMetadata['unevaluated']>;

/** An epoch's weights on the test set, and their average where there is one. */
interface Judged {
  readonly test: Measured;
  readonly averaged: Measured | null;
  readonly seconds: number;
}

class TrainingRun {
  readonly #job: TrainingJob;
  readonly #session: EngineSession;
  readonly #report: (report: TrainingReport) => void;
  readonly #control: TrainingControl;
  readonly #secondsBetweenCheckpoints: number;
  readonly #description: SessionDescription;
  readonly #checkpoints: KeptCheckpoints;
  readonly #began = performance.now();
  /** These two may change in a pause. */
  #schedule: Schedule;
  #epochs: number;
  #position = beginning;
  #predictions: TestPredictionsByWeights = {};
  /** Seconds and steps of the run before this process. */
  #secondsBefore = 0;
  #stepsBefore = 0;
  #secondsPaused = 0;

  constructor(
    job: TrainingJob,
    session: EngineSession,
    report: (report: TrainingReport) => void,
    control: TrainingControl,
    secondsBetweenCheckpoints: number,
  ) {
    this.#job = job;
    this.#session = session;
    this.#report = report;
    this.#control = control;
    this.#schedule = job.schedule;
    this.#epochs = job.epochs;
    this.#secondsBetweenCheckpoints = secondsBetweenCheckpoints;
    this.#description = session.describe();
    this.#checkpoints = new KeptCheckpoints(job, session);
  }

  async train(): Promise<TrainingResult> {
    await this.#restore();
    if (this.#job.plan.adversarial === null) {
      for (const folder of [this.#job.predictions, this.#job.predictedClasses]) await makeFolder(folder);
    }
    const taken = this.#checkpoints.last === null ? await this.#takeInitialWeights() : null;
    this.#tell(startedEvent(this.#job, this.#description, this.#epochs, this.#position));
    const { deviceName, threads, channelsLast } = this.#description;
    const { precision } = this.#job.plan.training;
    this.#report({ type: 'computedBy', machine: { deviceName, threads, channelsLast, precision } });
    const { precision: decision } = this.#job;
    if (decision !== null) this.#tell({ event: 'precisionDecided', run: this.#job.run, ...decision });
    if (taken !== null) this.#tell(taken);
    await this.#lengthen();
    while (this.#position.epoch < this.#epochs && !this.#isPatienceOver()) {
      if (this.#control.isPauseWanted) await this.#pause();
      if (this.#control.stop.aborted) return this.#interrupted();
      const rates = ratesOfEpoch(this.#schedule, this.#position.epoch, this.#span());
      // Null from either: interrupted, to stop or to pause.
      const trained = this.#position.unevaluated ?? (await this.#trainEpoch(rates));
      const judged = trained && (await this.#evaluate(trained, rates));
      if (trained === null || judged === null) continue;
      const finished = this.#finishEpoch(trained, judged, rates);
      // Before the epoch is told: whoever hears of it finds its picture, and what was predicted.
      if (this.#job.plan.adversarial !== null) await this.#savePictures(finished.epoch);
      await forEachWeights(this.#predictions, (weights, predictions) =>
        writePredictedClasses(this.#job.predictedClasses, finished.epoch, weights, predictions),
      );
      this.#tell(finished);
      await this.#saveCheckpoint();
      if (this.#control.mismatchesWanted > 0) await this.#reportMismatches();
    }
    if (this.#position.epoch < this.#epochs) this.#tell(earlyStopEvent(this.#job, this.#position));
    this.#tell(finishedEvent(this.#job.run, this.#position.history, this.#seconds()));
    return { state: 'finished' };
  }

  async #restore(): Promise<void> {
    const restored = await this.#checkpoints.restore(this.#job.isDataChanged);
    if (restored === null) return;
    this.#position = restored;
    this.#secondsBefore = this.#position.seconds;
    this.#stepsBefore = this.#stepsDone();
    this.#report({ type: 'restored', epochs: this.#position.history });
  }

  /** Of a resumed run that gets another number of epochs. */
  async #lengthen(): Promise<void> {
    const { epochsBefore } = this.#job;
    if (epochsBefore === null) return;
    // What stopped early would stop again at once, also when it is killed before its next checkpoint and resumed.
    if (this.#isPatienceOver()) {
      const patienceFrom = this.#position.epoch;
      this.#position = { ...this.#position, patienceFrom };
      await this.#checkpoints.note({ patienceFrom });
    }
    this.#tellChanges({ epochs: this.#epochs }, { ...this.#span(), epochs: epochsBefore });
  }

  /** `before`: the span that held so far. */
  #tellChanges(changes: TrainingChanges, before: Span): void {
    const { epoch, step } = this.#position;
    const moved =
      changes.schedule === undefined ? newRates(this.#schedule, this.#position, before, this.#span()) : null;
    const place = { run: this.#job.run, epoch: epoch + 1, step };
    this.#tell({ event: 'settingsChanged', ...place, changes, ...(moved === null ? {} : { newRates: moved }) });
  }

  /** What to tell of it; null: it begins with fresh weights. */
  async #takeInitialWeights(): Promise<TrainingEvent | null> {
    const { run, initialWeights } = this.#job;
    if (initialWeights === null) return null;
    const { file, from, given } = initialWeights;
    const report = await this.#session.loadMatchingWeights(file);
    if (report.matched.length === 0) {
      const where = 'file' in from ? from.file : `the run ${from.run}`;
      fail('badUsage', `No parameter of ${where} matches a parameter of this network by name and shape.`, {
        at: 'file' in from ? from.file : from.run,
      });
    }
    return { event: 'weightsTaken', run, from, ...report, ...given };
  }

  #isPatienceOver(): boolean {
    const { earlyStopping } = this.#job;
    const { history, patienceFrom = 0 } = this.#position;
    return earlyStopping !== null && isPatienceOver(history.slice(patienceFrom), earlyStopping);
  }

  /** Null: interrupted. */
  async #trainEpoch(rates: Float64Array): Promise<Trained | null> {
    this.#predictions = {};
    let reported = this.#position.step;
    const report = (progress: EpochProgress): void => {
      reported = progress.step;
      this.#reportStep(progress, rates);
    };
    for (;;) {
      const maxSteps = await passStepGate(this.#stepsDone(), () => this.#control.isInterrupted);
      if (this.#control.isInterrupted) return null;
      const { step } = this.#position;
      const outcome = await this.#session.train(
        {
          learningRates: rates,
          ...this.#discriminatorRates(),
          ...this.#ofGroups(),
          ...this.#lookAhead(),
          maxSeconds: this.#secondsBetweenCheckpoints,
          ...(maxSteps === null ? {} : { maxSteps }),
          average: weightsJoin(this.#job.averaging, this.#position.epoch + 1),
        },
        report,
      );
      this.#position = { ...this.#position, step: outcome.step };
      // The engine reports some times a second. Where an epoch ends or is left, the last step would be missing. The
      // gradient's norm is of that step only at the end.
      if (outcome.state !== 'diverged' && outcome.step > reported) {
        report(outcome.state === 'finished' ? outcome : withoutStepFigures(outcome));
      }
      switch (outcome.state) {
        case 'diverged':
          throw await this.#diverged('train', outcome.step + 1, rates, outcome.batchLosses);
        case 'interrupted':
          return null;
        case 'paused':
          // At the gate nothing is saved, as if it were not there.
          if (maxSteps === null || outcome.step < step + maxSteps) await this.#saveCheckpoint();
          break;
        case 'finished':
          this.#report({ type: 'batchLosses', epoch: this.#position.epoch + 1, losses: outcome.batchLosses });
          return { ...figuresOfEpoch(outcome), seconds: outcome.seconds };
      }
    }
  }

  #discriminatorRates(): Pick<TrainRequest, 'discriminatorRates'> {
    const { discriminatorSchedule } = this.#job;
    if (discriminatorSchedule === null) return {};
    return { discriminatorRates: ratesOfEpoch(discriminatorSchedule, this.#position.epoch, this.#span()) };
  }

  #ofGroups(): Pick<TrainRequest, 'groupRates' | 'discriminatorGroupRates'> {
    const { plan, discriminatorSchedule } = this.#job;
    const [{ epoch }, span] = [this.#position, this.#span()];
    const groupRates = groupRatesOfEpoch(plan.training.optimizer, this.#schedule, epoch, span);
    if (plan.adversarial === null) return { groupRates };
    const schedule = discriminatorSchedule ?? this.#schedule;
    return {
      groupRates,
      discriminatorGroupRates: groupRatesOfEpoch(plan.adversarial.optimizer, schedule, epoch, span),
    };
  }

  #lookAhead(): Pick<TrainRequest, 'lookAheadShares'> {
    const lookAheadShares = lookAheadSharesOf(this.#job.averaging, this.#position.epoch, this.#span());
    return lookAheadShares === null ? {} : { lookAheadShares };
  }

  /** Null: interrupted; the trained epoch is then kept to be evaluated later. */
  async #evaluate(trained: Trained, rates: Float64Array): Promise<Judged | null> {
    this.#position = { ...this.#position, unevaluated: trained };
    if (this.#control.isInterrupted) return null;
    const began = performance.now();
    const test = await this.#judge('last', rates);
    if (test === null) return null;
    const isAveraged = hasAverage(this.#job.averaging, this.#position.epoch + 1);
    const averaged = isAveraged ? await this.#judge('averaged', rates) : null;
    if (isAveraged && averaged === null) return null;
    return { test, averaged, seconds: (performance.now() - began) / 1000 };
  }

  /** Null: interrupted. */
  async #judge(weights: Weights, rates: Float64Array): Promise<Measured | null> {
    const outcome = await this.#session.evaluate('test', weights);
    if (outcome.interrupted) return null;
    if (!Number.isFinite(outcome.loss)) throw await this.#diverged('test', rates.length, rates, [], weights);
    if (outcome.predictions !== null) this.#predictions = { ...this.#predictions, [weights]: outcome.predictions };
    return measuredIn(outcome);
  }

  #finishEpoch(trained: Trained, { test, averaged, seconds }: Judged, rates: Float64Array): EpochFinished {
    const epoch = this.#position.epoch + 1;
    const finished: EpochFinished = {
      event: 'epochFinished',
      run: this.#job.run,
      epoch,
      epochs: this.#epochs,
      learningRate: rates.at(-1) ?? 0,
      train: measuredIn(trained),
      test,
      ...(averaged === null ? {} : { averaged }),
      seconds: trained.seconds + seconds,
      imagesPerSecond: this.#imagesOfEpoch() / trained.seconds,
    };
    const { best } = this.#position;
    const isBest = this.#isBest(finished);
    this.#position = {
      ...this.#position,
      epoch,
      step: 0,
      unevaluated: null,
      history: [...this.#position.history, finished],
      best: isBest ? { directory: checkpointDirectory(epoch, 0), epoch, step: 0, ...keptFigures(finished) } : best,
    };
    return finished;
  }

  /** Of adversarial training the real ones. */
  #imagesOfEpoch(): number {
    const { adversarial, training } = this.#job.plan;
    const iterations = adversarial?.iterations ?? null;
    const { trainSamples } = this.#description;
    if (iterations !== null) return iterations * training.batchSize;
    return training.dropLast ? trainSamples - (trainSamples % training.batchSize) : trainSamples;
  }

  /** By what early stopping looks at, if there is one. */
  #isBest(finished: EpochFinished): boolean {
    const { best, comparableFrom = 0 } = this.#position;
    if (best !== null && best.epoch <= comparableFrom) return true;
    const history = this.#position.history.filter(({ epoch }) => epoch > comparableFrom);
    const { earlyStopping } = this.#job;
    if (earlyStopping !== null) return improves(finished, bestEpoch(history, earlyStopping), earlyStopping);
    const before = history.find(({ epoch }) => epoch === best?.epoch);
    return before === undefined || isBetter(bestFigures(finished), bestFigures(before));
  }

  async #saveCheckpoint(): Promise<void> {
    const position = { ...this.#position, seconds: this.#seconds() };
    for (const kind of await this.#checkpoints.save(position, this.#predictions)) {
      const { epoch, step } = position;
      this.#tell({ event: 'checkpointSaved', run: this.#job.run, epoch, step, kind });
    }
  }

  /** Saves, and waits with everything in memory. */
  async #pause(): Promise<void> {
    const began = performance.now();
    await this.#saveCheckpoint();
    const { epoch, step } = this.#position;
    const place = { run: this.#job.run, epoch: epoch + 1, step };
    this.#tell({ event: 'runPaused', ...place });
    const changes = await this.#control.waitToContinue();
    this.#secondsPaused += (performance.now() - began) / 1000;
    if (changes === null) return;
    const before = this.#span();
    this.#schedule = changes.schedule ?? this.#schedule;
    this.#epochs = Math.max(changes.epochs ?? this.#epochs, epoch + 1);
    if (Object.keys(changes).length > 0) this.#tellChanges(changes, before);
    this.#tell({ event: 'runContinued', ...place });
  }

  async #savePictures(epoch: number): Promise<void> {
    const { plan, pictures } = this.#job;
    await saveGeneratedGrid(this.#session, plan, pictures, epoch);
    if (epoch >= this.#epochs) await saveGridAnimation(pictures);
  }

  async #reportMismatches(): Promise<void> {
    const { last } = this.#predictions;
    if (last === undefined) return;
    const mismatches = await findMismatches(this.#session, last, this.#control.mismatchesWanted);
    this.#report({ type: 'mismatches', epoch: this.#position.epoch, mismatches });
  }

  async #interrupted(): Promise<TrainingResult> {
    await this.#saveCheckpoint();
    const { epoch, step } = this.#position;
    this.#tell({ event: 'runInterrupted', run: this.#job.run, epoch: epoch + 1, step, seconds: this.#seconds() });
    return { state: 'interrupted' };
  }

  /** `losses`: of the batches before in this epoch; `weights`: those evaluated. */
  async #diverged(
    where: 'train' | 'test',
    step: number,
    rates: Float64Array,
    losses: ArrayLike<number>,
    weights: Weights = 'last',
  ): Promise<FailureError> {
    const { plan, initialWeights } = this.#job;
    const epoch = this.#position.epoch + 1;
    const isFirst = where === 'train' && epoch === 1 && step === 1;
    const found = await this.#session.findDivergence(where, weights);
    const cause = explainDivergence(found, {
      plan,
      where,
      losses: Array.from(losses).filter(Number.isFinite),
      rateBefore: isFirst ? null : (rates[Math.max(0, step - 2)] ?? null),
      beganWith: initialWeights?.from ?? null,
    });
    const learningRate = rates[step - 1] ?? 0;
    const kept = this.#checkpoints.last;
    return new FailureError(
      divergenceFailure({ where, epoch, step, learningRate, kept, cause }, this.#schedule, plan.training),
    );
  }

  #tell(event: TrainingEvent): void {
    this.#report({ type: 'event', event });
  }

  #reportStep(progress: EpochProgress, rates: Float64Array): void {
    const done = this.#position.epoch * progress.steps + progress.step;
    const seconds = this.#secondsHere();
    const pace = { here: done - this.#stepsBefore, left: this.#epochs * progress.steps - done, seconds };
    this.#tell(stepEvent(this.#job.run, this.#position.epoch + 1, this.#epochs, progress, rates, pace));
  }

  #span(): Span {
    const { stepsPerEpoch } = this.#description;
    const past = this.#position.history;
    return { epochs: this.#epochs, stepsPerEpoch, past, ...heldRate(this.#job.averaging) };
  }

  #stepsDone(): number {
    return this.#position.epoch * this.#description.stepsPerEpoch + this.#position.step;
  }

  #seconds(): number {
    return this.#secondsBefore + this.#secondsHere();
  }

  /** Without pauses. */
  #secondsHere(): number {
    return (performance.now() - this.#began) / 1000 - this.#secondsPaused;
  }
}

function withoutStepFigures(progress: EpochProgress): EpochProgress {
  const names: readonly string[] = stepFigures.map(({ name }) => name);
  return Object.fromEntries(Object.entries(progress).filter(([name]) => !names.includes(name))) as EpochProgress;
}

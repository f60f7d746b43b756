import colours from 'picocolors';
import type { LossAndAccuracy, TrainingEvent } from '../../core/training/events.ts';
import { weightSourceWords } from '../../core/training/weight-source.ts';
import { count, duration, figure, percent, rate } from './format.ts';
import type { Output } from './output.ts';
import { bar, ProgressLine } from './progress-line.ts';

type Step = Extract<TrainingEvent, { event: 'step' }>;
type EpochFinished = Extract<TrainingEvent, { event: 'epochFinished' }>;

/** Draws a training's events: one JSON value a line, or a progress line and a line an epoch. */
export function trainingView(output: Output): (event: TrainingEvent) => void {
  if (output.isJson) return (event) => output.event(event);
  const progress = new ProgressLine(process.stderr);
  let hasHeading = false;
  return (event) => {
    if (event.event === 'step') {
      progress.show(stepLine(event));
      return;
    }
    progress.clear();
    if (event.event === 'epochFinished' && !hasHeading) {
      output.line(colours.dim(epochHeading(event.test)));
      hasHeading = true;
    }
    for (const line of linesOf(event)) output.line(line);
  };
}

function linesOf(event: Exclude<TrainingEvent, Step>): string[] {
  switch (event.event) {
    case 'runStarted':
      return [
        colours.bold(event.run),
        `${event.project}, ${count(event.parameters)} parameters, on ${event.deviceName} (${event.device}), ` +
          `${event.threads} ${event.threads === 1 ? 'thread' : 'threads'}, seed ${event.seed}`,
        `${count(event.trainSamples)} training samples, ${count(event.testSamples)} test samples, ` +
          `${count(event.stepsPerEpoch)} steps an epoch${startingPoint(event)}`,
      ];
    case 'epochFinished':
      return [epochLine(event)];
    case 'weightsTaken':
      return weightLines(event);
    case 'stoppedEarly': {
      const { epoch, best, settings } = event;
      const figureName = best.test.accuracy === null ? 'test error' : 'test accuracy';
      const what = settings.metric === 'testLoss' ? 'test loss' : figureName;
      const waited = epoch - best.epoch === 1 ? 'one epoch' : `${epoch - best.epoch} epochs`;
      return [
        `Stopped early after epoch ${epoch}: the ${what} has not improved for ${waited}. The weights of ` +
          `epoch ${best.epoch} (test loss ${figure(best.test.loss)}, ${scoreWords(best.test)}) are kept as the best checkpoint`,
      ];
    }
    case 'runFinished':
      return [
        `Finished ${event.epochs} ${event.epochs === 1 ? 'epoch' : 'epochs'} in ${duration(event.seconds)}: test loss ` +
          `${figure(event.test.loss)}, test ${scoreWords(event.test)}`,
        ...averagedLines(event.averaged),
      ];
    case 'runInterrupted':
      return [
        `Interrupted in epoch ${event.epoch} after ${count(event.step)} steps, and saved. To go on:`,
        `  torchwright resume ${event.run}`,
      ];
    case 'runPaused':
      return [`Paused in epoch ${event.epoch} after ${count(event.step)} steps`];
    case 'runContinued':
      return [`Going on in epoch ${event.epoch} after ${count(event.step)} steps`];
    case 'settingsChanged':
      return [`From there on: ${JSON.stringify(event.changes)}`];
    default:
      return [];
  }
}

type WeightsTaken = Extract<TrainingEvent, { event: 'weightsTaken' }>;

/** Names of this many tensors are printed; `--json` gives all. */
const namesShown = 8;

export function weightLines({
  from,
  matched,
  missing,
  otherShape,
  unused,
}: Omit<WeightsTaken, 'event' | 'run'>): string[] {
  const size = (shape: readonly number[]): string => `[${shape.join(', ')}]`;
  const shapes = otherShape.map(({ name, found, expected }) => `${name} ${size(found)} for ${size(expected)}`);
  const list = (title: string, names: readonly string[]): string[] => {
    const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : '';
    return names.length === 0 ? [] : [`  ${title}: ${names.slice(0, namesShown).join(', ')}${more}`];
  };
  return [
    `Begins with weights of ${weightSourceWords(from)}: ${matched.length} of ` +
      `${matched.length + missing.length + otherShape.length} tensors have the same name and shape`,
    ...list('not there, left as initialised', missing),
    ...list('of another shape, left as initialised', shapes),
    ...list('there, but not in this network', unused),
  ];
}

function startingPoint(event: Extract<TrainingEvent, { event: 'runStarted' }>): string {
  if (event.fromEpoch === 0 && event.fromStep === 0) return '';
  const steps = event.fromStep > 0 ? `, step ${count(event.fromStep)}` : '';
  return `; going on after epoch ${event.fromEpoch}${steps}`;
}

function averagedLines(averaged: LossAndAccuracy | undefined): string[] {
  if (averaged === undefined) return [];
  return [`By the averaged weights: test loss ${figure(averaged.loss)}, test ${scoreWords(averaged)}`];
}

function scoreWords({ accuracy, errors, generatorLoss }: LossAndAccuracy): string {
  if (generatorLoss !== undefined) return `loss of the generator ${colours.bold(figure(generatorLoss))}`;
  if (errors === undefined) return `accuracy ${colours.bold(percent(accuracy))}`;
  const { meanAbsolute, rootMeanSquare } = errors;
  return `mean absolute error ${figure(meanAbsolute)}, root mean square error ${colours.bold(figure(rootMeanSquare))}`;
}

/** Above the lines of epochs that are told as this one. */
export function epochHeading({ accuracy, generatorLoss }: LossAndAccuracy): string {
  if (generatorLoss !== undefined) {
    return '  epoch        rate  discriminator   generator  the same on test images        time';
  }
  const test = accuracy === null ? 'mean absolute  root mean square' : 'test accuracy';
  return `  epoch        rate  train loss   test loss  ${test}        time`;
}

export function epochLine(event: EpochFinished): string {
  if (event.train.generatorLoss !== undefined) return adversarialLine(event);
  return [
    `${event.epoch}/${event.epochs}`.padStart(7),
    rate(event.learningRate).padStart(10),
    figure(event.train.loss).padStart(10),
    figure(event.test.loss).padStart(10),
    scoreColumns(event.test),
    duration(event.seconds).padStart(10),
    ...(event.averaged === undefined
      ? []
      : [
          `averaged ${event.averaged.errors === undefined ? percent(event.averaged.accuracy) : scoreOf(event.averaged)}`,
        ]),
  ].join('  ');
}

function adversarialLine({ epoch, epochs, learningRate, train, test, seconds }: EpochFinished): string {
  return [
    `${epoch}/${epochs}`.padStart(7),
    rate(learningRate).padStart(10),
    figure(train.loss).padStart(13),
    figure(train.generatorLoss ?? NaN).padStart(10),
    `${figure(test.loss)} and ${figure(test.generatorLoss ?? NaN)}`.padStart(23),
    duration(seconds).padStart(10),
  ].join('  ');
}

function scoreColumns({ accuracy, errors }: LossAndAccuracy): string {
  if (errors === undefined) return percent(accuracy).padStart(13);
  return `${figure(errors.meanAbsolute).padStart(13)}  ${figure(errors.rootMeanSquare).padStart(16)}`;
}

/** What matters most stands first: a narrow terminal cuts the end off. */
function stepLine(event: Step): string {
  const left = event.secondsLeft === null ? '' : `, ${duration(event.secondsLeft)} left`;
  return (
    `epoch ${event.epoch}/${event.epochs} ${bar(event.step / event.steps, 10)} ` +
    `loss ${event.train.loss.toFixed(3)}, ${scoreOf(event.train)}${left}, ` +
    `${count(event.imagesPerSecond)} images/s`
  );
}

function scoreOf({ accuracy, errors, generatorLoss }: LossAndAccuracy): string {
  if (generatorLoss !== undefined) return `generator ${generatorLoss.toFixed(3)}`;
  if (errors === undefined) return `accuracy ${((accuracy ?? 0) * 100).toFixed(1)} %`;
  return `error ${figure(errors.rootMeanSquare)}`;
}

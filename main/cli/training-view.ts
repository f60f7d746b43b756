import colours from 'picocolors';
import type { LossAndAccuracy, TrainingEvent } from '../../core/training/events.ts';
import { count, duration, figure, percent, rate } from './format.ts';
import type { Output } from './output.ts';
import { bar, ProgressLine } from './progress-line.ts';

type Step = Extract<TrainingEvent, { event: 'step' }>;
type EpochFinished = Extract<TrainingEvent, { event: 'epochFinished' }>;

/** Draws a training's events: one JSON value a line, or a progress line and a line an epoch. */
export function trainingView(output: Output): (event: TrainingEvent) => void {
  if (output.isJson) return (event) => output.event(event);
  const progress = new ProgressLine(process.stderr);
  return (event) => {
    if (event.event === 'step') {
      progress.show(stepLine(event));
      return;
    }
    progress.clear();
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
        `${count(event.trainSamples)} training images, ${count(event.testSamples)} test images, ` +
          `${count(event.stepsPerEpoch)} steps an epoch${startingPoint(event)}`,
        colours.dim(epochHeading),
      ];
    case 'epochFinished':
      return [epochLine(event)];
    case 'weightsTaken':
      return weightLines(event);
    case 'stoppedEarly': {
      const { epoch, best, settings } = event;
      const what = settings.metric === 'testLoss' ? 'test loss' : 'test accuracy';
      return [
        `Stopped early after epoch ${epoch}: the ${what} has not improved for ${epoch - best.epoch} epochs. The weights of ` +
          `epoch ${best.epoch} (test loss ${figure(best.test.loss)}, accuracy ${percent(best.test.accuracy)}) are kept as the best checkpoint`,
      ];
    }
    case 'runFinished':
      return [
        `Finished ${event.epochs} ${event.epochs === 1 ? 'epoch' : 'epochs'} in ${duration(event.seconds)}: test loss ` +
          `${figure(event.test.loss)}, test accuracy ${colours.bold(percent(event.test.accuracy))}`,
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
    `Begins with weights of ${from.run}, epoch ${from.epoch}: ${matched.length} of ` +
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
  const { loss, accuracy } = averaged;
  return [`By the averaged weights: test loss ${figure(loss)}, test accuracy ${colours.bold(percent(accuracy))}`];
}

export const epochHeading = '  epoch        rate  train loss   test loss  test accuracy        time';

export function epochLine(event: EpochFinished): string {
  return [
    `${event.epoch}/${event.epochs}`.padStart(7),
    rate(event.learningRate).padStart(10),
    figure(event.train.loss).padStart(10),
    figure(event.test.loss).padStart(10),
    percent(event.test.accuracy).padStart(13),
    duration(event.seconds).padStart(10),
    ...(event.averaged === undefined ? [] : [`averaged ${percent(event.averaged.accuracy)}`]),
  ].join('  ');
}

/** What matters most stands first: a narrow terminal cuts the end off. */
function stepLine(event: Step): string {
  const left = event.secondsLeft === null ? '' : `, ${duration(event.secondsLeft)} left`;
  return (
    `epoch ${event.epoch}/${event.epochs} ${bar(event.step / event.steps, 10)} ` +
    `loss ${event.train.loss.toFixed(3)}, accuracy ${(event.train.accuracy * 100).toFixed(1)} %${left}, ` +
    `${count(event.imagesPerSecond)} images/s`
  );
}

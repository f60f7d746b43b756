import colours from 'picocolors';
import { viewsInWords } from '../../core/catalogue/evaluate-views.ts';
import type { EvaluateViews } from '../../core/catalogue/evaluate-views.ts';
import { splits } from '../../core/figures/figure.ts';
import type { EpochFigure, Split } from '../../core/figures/figure.ts';
import { scoreOf, testScoreName } from '../../core/figures/measured.ts';
import type { Measured } from '../../core/figures/measured.ts';
import { epochFigures } from '../../core/figures/of-epochs.ts';
import type { EpochFigureName } from '../../core/figures/of-epochs.ts';
import type { TargetUnits, TrainingEvent } from '../../core/training/events.ts';
import { fold, startingRun } from '../../core/training/run-state.ts';
import type { RunState } from '../../core/training/run-state.ts';
import { missingSourceWords } from '../../core/training/run-data.ts';
import { weightSourceWords } from '../../core/training/weight-source.ts';
import { figureText } from './figure-text.ts';
import { count, counted, duration, figure, percent, rate, significant } from './format.ts';
import type { Output } from './output.ts';
import { bar, ProgressLine } from './progress-line.ts';

type Step = Extract<TrainingEvent, { event: 'step' }>;
type EpochFinished = Extract<TrainingEvent, { event: 'epochFinished' }>;

/** Draws a training's events: one JSON value a line, or a progress line and a line an epoch. */
export function trainingView(output: Output): (event: TrainingEvent) => void {
  if (output.isJson) return (event) => output.event(event);
  const progress = new ProgressLine(process.stderr);
  let state: RunState | null = null;
  return (event) => {
    const before = state ?? startingRun(event.run, '', null);
    state = fold(before, event, Date.now());
    if (event.event === 'step') {
      progress.show(stepLine(event));
      return;
    }
    progress.clear();
    if (event.event === 'epochFinished' && before.epochs.length === 0) output.line(colours.dim(epochHeading(event)));
    for (const line of linesOf(event)) output.line(line);
  };
}

function linesOf(event: Exclude<TrainingEvent, Step>): readonly string[] {
  switch (event.event) {
    case 'runStarted':
      return [
        colours.bold(event.run),
        `${event.project}, ${count(event.parameters)} parameters, on ${event.deviceName} (${event.device}), ` +
          `${counted(event.threads, 'thread')}, seed ${event.seed}`,
        `${count(event.trainSamples)} training samples, ${count(event.testSamples)} test samples, ` +
          `${counted(event.stepsPerEpoch, 'step')} per epoch${startingPoint(event)}`,
        ...missingSourceLines(event),
        ...(event.targets === undefined ? [] : [unitsLine(event.targets)]),
        ...viewLines(event),
      ];
    case 'epochFinished':
      return [epochLine(event)];
    case 'weightsTaken':
      return weightLines(event);
    case 'precisionDecided':
      return [`Computes in ${event.precision}, chosen automatically. ${event.reason}`];
    case 'stoppedEarly': {
      const { epoch, best, settings } = event;
      const what = settings.metric === 'testLoss' ? 'test loss' : testScoreName(best.test);
      const waited = counted(epoch - best.epoch, 'epoch');
      return [
        `Stopped early after epoch ${epoch}: the ${what} has not improved for ${waited}. The weights of ` +
          `epoch ${best.epoch} (test loss ${figure(best.test.loss)}, ${scoreWords(best.test)}) are kept as the best checkpoint`,
      ];
    }
    case 'runFinished':
      return [
        `Finished ${counted(event.epochs, 'epoch')} in ${duration(event.seconds)}: test loss ` +
          `${figure(event.test.loss)}, test ${scoreWords(event.test)}`,
        ...averagedLines(event.averaged),
      ];
    case 'runInterrupted':
      return [
        `Interrupted in epoch ${event.epoch} after ${counted(event.step, 'step')} and saved. Resume with:`,
        `  torchwright resume ${event.run}`,
      ];
    case 'runPaused':
      return [`Paused in epoch ${event.epoch} after ${counted(event.step, 'step')}`];
    case 'runContinued':
      return [`Resumed in epoch ${event.epoch} after ${counted(event.step, 'step')}`];
    case 'settingsChanged':
      return changeLines(event);
    default:
      return [];
  }
}

type RunStarted = Extract<TrainingEvent, { event: 'runStarted' }>;

function missingSourceLines({ missingSource }: RunStarted): readonly string[] {
  return missingSource === undefined ? [] : [missingSourceWords(missingSource)];
}

function changeLines({
  epoch,
  changes,
  newRates,
}: Extract<TrainingEvent, { event: 'settingsChanged' }>): readonly string[] {
  const { epochs, schedule } = changes;
  return [
    ...(epochs === undefined ? [] : [`The run now has ${counted(epochs, 'epoch')} in total`]),
    ...(schedule === undefined ? [] : [`The schedule from epoch ${epoch} on: ${JSON.stringify(schedule)}`]),
    ...(newRates === undefined
      ? []
      : [
          'The schedule depends on the number of epochs and is recomputed: the learning rate was ' +
            `${rate(newRates.before)} and continues at ${rate(newRates.after)}`,
        ]),
  ];
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
  prefix,
}: Omit<WeightsTaken, 'event' | 'run'>): string[] {
  const size = (shape: readonly number[]): string => `[${shape.join(', ')}]`;
  const shapes = otherShape.map(({ name, found, expected }) => `${name} ${size(found)} for ${size(expected)}`);
  const list = (title: string, names: readonly string[]): string[] => {
    const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : '';
    return names.length === 0 ? [] : [`  ${title}: ${names.slice(0, namesShown).join(', ')}${more}`];
  };
  return [
    `Starts from weights of ${weightSourceWords(from)}: ${matched.length} of ` +
      `${matched.length + missing.length + otherShape.length} tensors have the same name and shape`,
    ...(prefix === undefined ? [] : [`  prefix removed from the names of the file: ${prefix}`]),
    ...list('missing, left as initialised', missing),
    ...list('shape mismatch, left as initialised', shapes),
    ...list('not used by this network', unused),
  ];
}

function viewLines(settings: { readonly evaluateViews?: EvaluateViews }): string[] {
  const words = viewsInWords(settings);
  return words === null ? [] : [`Test figures: ${words}`];
}

/** What the figures of a regression are measured in. */
function unitsLine({ count: targets, areStandardised }: TargetUnits): string {
  if (!areStandardised) return 'Losses and errors are in units of the targets';
  return targets === 1
    ? 'Losses are of the standardised target, errors are in its unit'
    : 'Losses and errors are in standard deviations of the targets';
}

function startingPoint(event: Extract<TrainingEvent, { event: 'runStarted' }>): string {
  if (event.fromEpoch === 0 && event.fromStep === 0) return '';
  const steps = event.fromStep > 0 ? `, step ${count(event.fromStep)}` : '';
  return `; resumes after epoch ${event.fromEpoch}${steps}`;
}

function averagedLines(averaged: Measured | undefined): string[] {
  if (averaged === undefined) return [];
  return [`With the averaged weights: test loss ${figure(averaged.loss)}, test ${scoreWords(averaged)}`];
}

function scoreWords({ accuracy, meanAbsolute, rootMeanSquare, generatorLoss }: Measured): string {
  if (generatorLoss !== undefined) return `generator loss ${colours.bold(figure(generatorLoss))}`;
  if (rootMeanSquare === undefined) return `accuracy ${colours.bold(percent(accuracy ?? null))}`;
  return (
    `mean absolute error ${significant(meanAbsolute ?? NaN)}, ` +
    `root mean square error ${colours.bold(significant(rootMeanSquare))}`
  );
}

interface EpochColumn {
  readonly title: string;
  readonly text: (epoch: EpochFinished) => string;
  /** Least width; the title may take more. */
  readonly width: number;
}

/** Those that lines of epochs as this one have. */
function epochColumns(epoch: EpochFinished): readonly EpochColumn[] {
  return [
    { title: 'epoch', text: ({ epoch: number, epochs }) => `${number}/${epochs}`, width: 7 },
    { title: 'rate', text: ({ learningRate }) => rate(learningRate), width: 10 },
    ...(epoch.train.generatorLoss === undefined ? columnsOfOne(epoch) : columnsOfTwo),
    { title: 'time', text: ({ seconds }) => duration(seconds), width: 10 },
  ];
}

function columnsOfOne(epoch: EpochFinished): readonly EpochColumn[] {
  return splits.flatMap((split) =>
    epochFigures.flatMap((each): EpochColumn[] => {
      const title = terminalTitle(each, split);
      if (title === undefined || epoch[split]?.[each.name] === undefined) return [];
      return [{ title, text: (of) => textOf(each, of[split]), width: 10 }];
    }),
  );
}

function terminalTitle({ short, terminalColumns }: EpochFigure, split: Split): string | undefined {
  return (terminalColumns ?? { test: `test ${short}` })[split];
}

function textOf(each: EpochFigure<EpochFigureName>, measured: Measured | undefined): string {
  const value = measured?.[each.name];
  return value === undefined ? '–' : figureText(each, value);
}

const columnsOfTwo: readonly EpochColumn[] = [
  { title: 'discriminator', text: ({ train }) => figure(train.loss), width: 10 },
  { title: 'generator', text: ({ train }) => figure(train.generatorLoss ?? NaN), width: 10 },
  {
    title: 'test losses',
    text: ({ test }) => `${figure(test.loss)} and ${figure(test.generatorLoss ?? NaN)}`,
    width: 10,
  },
];

/** Above the lines of epochs that have the figures of this one. */
export function epochHeading(epoch: EpochFinished): string {
  return epochColumns(epoch)
    .map(({ title, width }) => title.padStart(width))
    .join('  ');
}

export function epochLine(epoch: EpochFinished): string {
  const cells = epochColumns(epoch).map(({ title, text, width }) =>
    text(epoch).padStart(Math.max(width, title.length)),
  );
  const averaged = epoch.averaged && scoreOf(epoch.averaged);
  if (averaged == null) return cells.join('  ');
  const word = averaged.figure.abbreviation === undefined ? '' : `${averaged.figure.abbreviation} `;
  return [...cells, `averaged ${word}${figureText(averaged.figure, averaged.value)}`].join('  ');
}

/** What matters most stands first: a narrow terminal cuts the end off. */
function stepLine(event: Step): string {
  const left = event.secondsLeft === null ? '' : `, ${duration(event.secondsLeft)} left`;
  const evaluating = event.step === event.steps ? ', evaluating' : '';
  return (
    `epoch ${event.epoch}/${event.epochs} ${bar(event.step / event.steps, 10)} ` +
    `loss ${event.train.loss.toFixed(3)}, ${scoreSoFar(event.train)}${evaluating}${left}, ` +
    `${count(event.imagesPerSecond)} samples/s`
  );
}

function scoreSoFar({ accuracy, rootMeanSquare, generatorLoss }: Measured): string {
  if (generatorLoss !== undefined) return `generator ${generatorLoss.toFixed(3)}`;
  if (rootMeanSquare !== undefined) return `RMSE ${significant(rootMeanSquare)}`;
  return `accuracy ${((accuracy ?? 0) * 100).toFixed(1)} %`;
}

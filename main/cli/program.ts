import { Command, InvalidArgumentError, Option } from 'commander';
import type { Weights } from '../../core/contract/runs.ts';
import { exportFormats } from '../../core/export/subject.ts';
import type { CheckpointChoice } from '../exports/choose-checkpoint.ts';
import type { Assignment } from '../projects/open-project.ts';
import { dataInfo, getData, listData } from './commands/data.ts';
import { standardSweep } from '../../core/training/rate-finder.ts';
import { evaluate } from './commands/evaluate.ts';
import { mismatches } from './commands/mismatches.ts';
import type { MismatchSettings } from './commands/mismatches.ts';
import { sampleSorts } from '../../core/evaluation/sample-order.ts';
import { exportModel } from './commands/export.ts';
import type { ExportSettings } from './commands/export.ts';
import { findRate } from './commands/find-rate.ts';
import { devices, doctor } from './commands/machine.ts';
import { checkRecipes } from './commands/check-recipes.ts';
import { predict } from './commands/predict.ts';
import type { PredictOptions } from './commands/predict.ts';
import { plan, recipes, summary } from './commands/projects.ts';
import { removeRun, showRun, showRuns } from './commands/runs.ts';
import { samples } from './commands/samples.ts';
import type { SampleOptions } from './commands/samples.ts';
import { serveBrowsers } from './commands/serve.ts';
import type { ServeOptions } from './commands/serve.ts';
import { resume, train } from './commands/train.ts';
import { inspectData } from './commands/inspect-data.ts';
import { importData } from './commands/import.ts';
import type { ImportOptions } from './commands/import.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';

interface ProjectOptions {
  readonly set?: readonly Assignment[];
}

interface MachineOptions {
  readonly device?: string;
  readonly threads?: number;
}

interface TrainOptions extends ProjectOptions, MachineOptions {
  readonly epochs?: number;
  readonly seed?: number;
  readonly from?: string;
  readonly data?: string;
}

interface FindRateOptions extends ProjectOptions, MachineOptions {
  readonly run?: string;
  readonly seed?: number;
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly cutOff: number;
}

interface JudgeOptions {
  readonly checkpoint: 'last' | 'best';
  readonly weights?: Weights;
  readonly device?: string;
}

/** The whole command line. `output` knows of `--json` already; `end` is told the exit code of the command that was given. */
export function makeProgram(output: Output, end: (code: ExitCode) => void): Command {
  const program = new Command('torchwright');
  program
    .description('Designs, trains and judges neural networks.')
    .exitOverride()
    .showHelpAfterError('  --help shows what there is');
  const command = (usage: string, description: string, parent = program): Command =>
    parent.command(usage).description(description).option('--json', 'one JSON value a line');

  command('recipes', 'the built-in examples')
    .option('--check', 'train one step of each and compare it with Python PyTorch')
    .action(async ({ check }: { readonly check?: true }) =>
      end(await (check === true ? checkRecipes(output) : recipes(output))),
    );
  command('summary <recipe|file>', 'layers, shapes, parameters and multiply-adds')
    .addOption(set())
    .action(async (name: string, options: ProjectOptions) => end(await summary(output, name, options.set ?? [])));
  command('plan <recipe|file>', 'what the engine is given, for the executable without Node')
    .addOption(set())
    .addOption(seed())
    .addOption(device())
    .addOption(threads())
    .action(async (name: string, options: ProjectOptions & MachineOptions & { seed?: number }) =>
      end(await plan(output, name, assignments(options), { device: 'cpu', ...machine(options) })),
    );
  command('devices', 'what can compute here').action(async () => end(await devices(output)));
  command('doctor', 'what is installed, where, and what is wrong').action(async () => end(await doctor(output)));

  const data = program.command('data').description('data sets');
  command('list', 'the known data sets', data).action(async () => end(await listData(output)));
  command('get <name>', 'fetch a data set, and check it', data).action(async (name: string) =>
    end(await getData(output, name)),
  );
  command('import <path>', 'read a folder of images, a table or NumPy’s arrays, and say what was found', data)
    .addOption(new Option('--task <kind>', 'what the target is').choices(['classification', 'regression']))
    .option('--target <column...>', 'of a table: the column to tell, or several')
    .addOption(new Option('--size <h>x<w>', 'what images are resized to').argParser(imageSize))
    .addOption(new Option('--channels <n>', 'of images: 1 for grey').choices(['1', '3']))
    .addOption(new Option('--test-fraction <f>', 'kept for testing').argParser(openFraction))
    .addOption(new Option('--seed <n>', 'of that choice').argParser(wholeNumber(0)))
    .action(async (place: string, options: ImportOptions) => end(await importData(output, place, options)));
  command(
    'inspect <name|path>',
    'counts of classes, mean and deviation, and samples that are there twice, by reading all of them once',
    data,
  )
    .option('--alike', 'also find images that are alike though not equal; takes minutes')
    .action(async (name: string, { alike = false }: { readonly alike?: boolean }) =>
      end(await inspectData(output, name, alike)),
    );
  command('info <name>', 'what a data set is, and whether its files are right', data).action(async (name: string) =>
    end(await dataInfo(output, name)),
  );

  command('train <recipe|file>', 'train; Ctrl+C saves and stops')
    .addOption(device())
    .addOption(new Option('--epochs <n>', 'instead of the recipe’s').argParser(wholeNumber(1)))
    .addOption(seed())
    .addOption(set())
    .addOption(threads())
    .option('--data <path>', 'train on these data instead: a folder of images, a table, arrays, or a known name')
    .option(
      '--from <run|file>',
      'begin with that run’s best weights or those of a .safetensors or .pt file, by names and shapes',
    )
    .action(async (name: string, options: TrainOptions) => {
      const from = options.from === undefined ? {} : { from: options.from };
      end(await train(output, name, assignments(options), { device: 'auto', ...machine(options), ...from }));
    });
  command('find-rate [recipe|file]', 'try ever higher learning rates, and see where the loss falls fastest')
    .option('--run <run>', 'instead of a recipe: from that run’s last checkpoint')
    .addOption(rateOption('--from <rate>', 'the lowest', standardSweep.lowest))
    .addOption(rateOption('--to <rate>', 'the highest', standardSweep.highest))
    .addOption(new Option('--steps <n>', 'one rate each').argParser(wholeNumber(2)).default(standardSweep.steps))
    .addOption(rateOption('--cut-off <times>', 'end where the loss is so many times its least', standardSweep.cutOff))
    .addOption(device())
    .addOption(seed())
    .addOption(set())
    .addOption(threads())
    .action(async (name: string | undefined, options: FindRateOptions) => {
      const { from, to, steps, cutOff } = options;
      const sweep = { lowest: from, highest: to, steps, cutOff };
      end(await findRate(output, { name, run: options.run }, assignments(options), { sweep, ...machine(options) }));
    });
  command('resume <run>', 'go on with a run from its last checkpoint')
    .addOption(device())
    .addOption(threads())
    .action(async (run: string, options: MachineOptions) => end(await resume(output, run, machine(options))));

  const runs = command('runs', 'all runs, newest first');
  runs.action(async () => end(await showRuns(output)));
  command('show <run>', 'one run with its epochs', runs).action(async (run: string) => end(await showRun(output, run)));
  command('delete <run>', 'remove a run and its checkpoints', runs).action(async (run: string) =>
    end(await removeRun(output, run)),
  );

  command('evaluate <run>', 'accuracy, precision and recall per class, calibration, and the largest confusions')
    .addOption(checkpoint())
    .addOption(weights())
    .addOption(device())
    .addOption(
      new Option('--augment [n]', 'also average over n views of each image, as the recipe crops and flips (10)')
        .argParser(wholeNumber(2))
        .preset(10),
    )
    .option('--against <run>', 'another run to compare with on the same samples')
    .option('--csv <folder>', 'write all figures as tables')
    .action(
      async (
        run: string,
        { augment, ...options }: JudgeOptions & { augment?: number; against?: string; csv?: string },
      ) => end(await evaluate(output, run, { ...options, ...(augment === undefined ? {} : { views: augment }) })),
    );
  command('mismatches <run>', 'draw the misclassified test images')
    .requiredOption('--out <file>', 'the PNG to write, or the table where it ends in .csv')
    .addOption(new Option('--sort <by>', 'the order within each class').choices(sampleSorts).default('confidence'))
    .option('--class <name>', 'only images of this class')
    .option('--said <name>', 'only images taken for this class')
    .addOption(checkpoint())
    .addOption(weights())
    .addOption(device())
    .action(async (run: string, options: MismatchSettings) => end(await mismatches(output, run, options)));
  command('samples <run>', 'images that a generator makes')
    .requiredOption('--out <file>', 'the PNG to write, or of a walk the GIF')
    .addOption(new Option('--count <n>', 'of each class where it knows classes').argParser(wholeNumber(1)))
    .addOption(new Option('--seed <n>', 'of the noise (default: drawn)').argParser(wholeNumber(0)))
    .addOption(new Option('--class <n>', 'only of this class, counted from 0').argParser(wholeNumber(0)))
    .addOption(new Option('--walk-to <seed>', 'walk to the noise of this seed and back').argParser(wholeNumber(0)))
    .addOption(new Option('--frames <n>', 'of the way there').argParser(wholeNumber(2)).default(33))
    .addOption(
      new Option('--way <which>', 'over the sphere or along the line')
        .choices(['spherical', 'straight'])
        .default('spherical'),
    )
    .addOption(device())
    .action(async (run: string, options: SampleOptions) => end(await samples(output, run, options)));
  command(
    'predict <run> <files...>',
    'what the network says of pictures: scaled to fill its input, cropped in the middle',
  )
    .option('--drawing', 'drawn digits: centred and scaled as the digits of MNIST are, dark on light turned round')
    .addOption(new Option('--top <n>', 'so many of the likeliest classes').argParser(wholeNumber(1)).default(3))
    .addOption(checkpoint())
    .addOption(weights())
    .action(async (run: string, files: readonly string[], options: PredictOptions) =>
      end(await predict(output, run, files, options)),
    );
  command('export <run>', 'the trained network for others, run by them on test samples')
    .addOption(new Option('--format <format>', 'what is written').choices(exportFormats).makeOptionMandatory())
    .addOption(
      new Option('--checkpoint <which>', 'best, last, averaged or the number of an epoch')
        .argParser(checkpointChoice)
        .default('best'),
    )
    .requiredOption('--out <folder>', 'the folder to make')
    .option('--preprocess', 'ONNX: the graph takes pixels 0…255 and normalises them itself')
    .addOption(
      new Option('--precision <type>', 'ONNX: of the weights')
        .choices(['float32', 'float16', 'int8'])
        .default('float32'),
    )
    .action(async (run: string, options: ExportSettings) => end(await exportModel(output, run, options)));
  command('serve', 'the whole workbench in a browser; Ctrl+C saves and ends')
    .option('--host <name>', 'where to listen; others than this machine need --token', '127.0.0.1')
    .addOption(new Option('--port <n>', '0: any that is free').argParser(wholeNumber(0)).default(8765))
    .option('--token <text>', 'instead of one that is drawn')
    .option('--open', 'show it in the browser of this machine')
    .action(async (options: ServeOptions) => end(await serveBrowsers(output, options)));
  return program;
}

function set(): Option {
  return new Option('--set <path=value>', 'change one place of the project; may be given again').argParser(
    (text, previous: readonly Assignment[] | undefined) => {
      const equals = text.indexOf('=');
      if (equals < 1) throw new InvalidArgumentError('Expected something like recipe.batchSize=50.');
      return [...(previous ?? []), { path: text.slice(0, equals), value: text.slice(equals + 1) }];
    },
  );
}

/** `--epochs`, `--seed` and `--data` are short for assignments; `--set` has the last word. */
function assignments(
  options: ProjectOptions & { readonly epochs?: number; readonly seed?: number; readonly data?: string },
): Assignment[] {
  const short = (['epochs', 'seed'] as const).flatMap((name) =>
    options[name] === undefined ? [] : [{ path: `recipe.${name}`, value: String(options[name]) }],
  );
  const data = options.data === undefined ? [] : [{ path: 'data.source', value: JSON.stringify(options.data) }];
  return [...short, ...data, ...(options.set ?? [])];
}

function checkpointChoice(text: string): CheckpointChoice {
  if (text === 'best' || text === 'last' || text === 'averaged') return text;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected best, last, averaged or the number of an epoch.');
}

function machine({ device, threads }: MachineOptions): { readonly device?: string; readonly threads?: number } {
  return { ...(device === undefined ? {} : { device }), ...(threads === undefined ? {} : { threads }) };
}

function device(): Option {
  return new Option('--device <name>', 'auto, cpu, cuda or cuda:1').argParser((text: string) => {
    if (/^(auto|cpu|cuda(:\d{1,3})?)$/.test(text)) return text;
    throw new InvalidArgumentError('Expected auto, cpu, cuda or cuda:N.');
  });
}

function seed(): Option {
  return new Option('--seed <n>', 'of weights, order and dropout').argParser(wholeNumber(0));
}

function threads(): Option {
  return new Option('--threads <n>', 'to compute with on the CPU').argParser(wholeNumber(1));
}

function checkpoint(): Option {
  return new Option('--checkpoint <which>', 'of the end or of the best test accuracy')
    .choices(['last', 'best'])
    .default('last');
}

function weights(): Option {
  return new Option('--weights <which>', 'of a run with averaging (default: averaged where there are such)').choices([
    'averaged',
    'last',
  ]);
}

function rateOption(flags: string, description: string, standard: number): Option {
  return new Option(flags, description).default(standard).argParser((text: string) => {
    const value = Number(text);
    if (value > 0 && Number.isFinite(value)) return value;
    throw new InvalidArgumentError('Expected a number above 0.');
  });
}

function imageSize(text: string): readonly [number, number] {
  const match = /^(\d{1,4})[x×](\d{1,4})$/.exec(text);
  if (match === null || Number(match[1]) < 1 || Number(match[2]) < 1) {
    throw new InvalidArgumentError('Expected height and width, such as 64x64.');
  }
  return [Number(match[1]), Number(match[2])];
}

function openFraction(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('Expected a number between 0 and 1.');
  return value;
}

function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || !Number.isSafeInteger(value)) {
      throw new InvalidArgumentError(`Expected a whole number from ${least}.`);
    }
    return value;
  };
}

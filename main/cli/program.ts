import { Command, Option } from 'commander';
import type { ResumeSettings, TrainSettings } from '../training/train-project.ts';
import type { Weights } from '../../core/contract/runs.ts';
import { exportFormats } from '../../core/export/subject.ts';
import type { Assignment } from '../projects/open-project.ts';
import { dataInfo, getData, listData } from './commands/data.ts';
import { standardSweep } from '../../core/training/rate-finder.ts';
import { standardSteps } from '../../core/training/step-profile.ts';
import { evaluate } from './commands/evaluate.ts';
import { mismatches } from './commands/mismatches.ts';
import type { MismatchSettings } from './commands/mismatches.ts';
import { sampleSorts } from '../../core/evaluation/sample-order.ts';
import { exportModel } from './commands/export.ts';
import type { ExportSettings } from './commands/export.ts';
import { showCost } from './commands/cost.ts';
import { showProfile } from './commands/profile.ts';
import { findRate } from './commands/find-rate.ts';
import { devices, doctor } from './commands/machine.ts';
import { checkRecipes } from './commands/check-recipes.ts';
import { predict } from './commands/predict.ts';
import type { PredictOptions } from './commands/predict.ts';
import { plan, recipes, summary } from './commands/projects.ts';
import { removeRun, renameRunNamed, showRun, showRuns } from './commands/runs.ts';
import { samples } from './commands/samples.ts';
import type { SampleOptions } from './commands/samples.ts';
import { serveBrowsers } from './commands/serve.ts';
import type { ServeOptions } from './commands/serve.ts';
import { resume, train } from './commands/train.ts';
import { inspectData } from './commands/inspect-data.ts';
import { importData } from './commands/import.ts';
import type { ImportOptions } from './commands/import.ts';
import { examplesOf } from './examples.ts';
import type { ExitCode } from './exit-codes.ts';
import {
  set,
  checkpointChoice,
  opsetNumber,
  device,
  explainOption,
  seed,
  threads,
  checkpoint,
  weights,
  rateOption,
  imageSize,
  hexColour,
  openFraction,
  wholeNumber,
} from './options.ts';
import { openedProject } from './opened-project.ts';
import type { Output } from './output.ts';

interface ProjectOptions {
  readonly set?: readonly Assignment[];
}

interface MachineOptions {
  readonly device?: string;
  readonly threads?: number;
}

interface ResumeOptions extends MachineOptions {
  readonly epochs?: number;
  readonly explain?: true;
  readonly storedData?: true;
  readonly dataChangedAnyway?: true;
}

interface TrainOptions extends ProjectOptions, MachineOptions {
  readonly explain?: true;
  readonly epochs?: number;
  readonly seed?: number;
  readonly from?: string;
  readonly fromEntry?: string;
  readonly allowFreshFrozen?: boolean;
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

interface ProfileOptions extends ProjectOptions, MachineOptions {
  readonly steps: number;
  readonly explain?: true;
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
    .description('Design, train and evaluate neural networks.')
    .exitOverride()
    .showHelpAfterError('  Run with --help for usage.');
  const command = (usage: string, description: string, parent = program): Command =>
    parent
      .command(usage)
      .description(description)
      .option('--json', 'Output as JSON, one value per line')
      .addHelpText('after', examplesOf(usage.split(' ')[0]!));

  command('recipes', 'List the built-in recipes.')
    .option('--check', 'Train one step of each recipe and compare it with Python PyTorch')
    .action(async ({ check }: { readonly check?: true }) =>
      end(await (check === true ? checkRecipes(output) : recipes(output))),
    );
  command('summary <recipe|file>', 'Print the layers of a network with shapes, parameters and multiply-adds.')
    .addOption(set())
    .action(async (name: string, options: ProjectOptions) => end(await summary(output, name, options.set ?? [])));
  command('plan <recipe|file>', 'Print the plan that the engine executes, for use without Node.')
    .addOption(set())
    .addOption(seed())
    .addOption(device())
    .addOption(threads())
    .action(async (name: string, options: ProjectOptions & MachineOptions & { seed?: number }) =>
      end(await plan(output, name, assignments(options), { device: 'cpu', ...machine(options) })),
    );
  command('devices', 'List the available devices.').action(async () => end(await devices(output)));
  command('doctor', 'Check the installation and report problems.').action(async () => end(await doctor(output)));

  const data = program.command('data').description('List, download, import and inspect data sets.');
  command('list', 'List the known data sets.', data).action(async () => end(await listData(output)));
  command('get <name>', 'Download a data set and verify its files.', data).action(async (name: string) =>
    end(await getData(output, name)),
  );
  command('import <path>', 'Import a folder of images, a table or NumPy arrays.', data)
    .addOption(
      new Option('--task <kind>', 'Kind of target (default: detected)').choices(['classification', 'regression']),
    )
    .option('--target <column...>', 'Target columns of a table (default: the last column)')
    .addOption(
      new Option(
        '--size <h>x<w>',
        'Image size, such as 64x64 (default: the most common size, or the median if none is common)',
      ).argParser(imageSize),
    )
    .addOption(
      new Option(
        '--fit <way>',
        'How images with a different aspect ratio are fitted to the size (default: cover)',
      ).choices(['contain', 'cover', 'stretch']),
    )
    .addOption(
      new Option(
        '--background <colour>',
        'Colour under transparent pixels and in padding, as #rrggbb (default: #ffffff)',
      ).argParser(hexColour),
    )
    .addOption(
      new Option('--channels <n>', 'Number of image channels: 1 for grayscale, 3 for colour').choices(['1', '3']),
    )
    .addOption(new Option('--test-fraction <f>', 'Fraction of the samples kept for testing').argParser(openFraction))
    .addOption(new Option('--seed <n>', 'Random seed of the split').argParser(wholeNumber(0)))
    .action(async (place: string, options: ImportOptions) => end(await importData(output, place, options)));
  command('inspect <name|path>', 'Print class counts, means, standard deviations and duplicate samples.', data)
    .option('--alike', 'Also find similar images, which takes minutes')
    .action(async (name: string, { alike = false }: { readonly alike?: boolean }) =>
      end(await inspectData(output, name, alike)),
    );
  command('info <name>', 'Print the details of a data set and verify its files.', data).action(async (name: string) =>
    end(await dataInfo(output, name)),
  );

  command('train <recipe|file>', 'Train a network from a recipe or project file. Ctrl+C saves and stops.')
    .addOption(device())
    .addOption(new Option('--epochs <n>', 'Number of epochs (default: that of the recipe)').argParser(wholeNumber(1)))
    .addOption(seed())
    .addOption(set())
    .addOption(threads())
    .option('--data <path>', 'Data to train on: a known data set, a folder of images, a table or arrays')
    .option(
      '--from <run|file>',
      'Initial weights: a run (its best checkpoint) or a weights file (.safetensors, .pt, .ckpt …), matched by name and shape',
    )
    .option('--from-entry <name>', 'State dict to use from a file with several, such as "ema"')
    .option('--allow-fresh-frozen', 'Allow frozen modules without matching weights to keep random values')
    .addOption(explainOption())
    .action(async (name: string, options: TrainOptions) => {
      const isExplained = options.explain === true;
      const settings = { device: 'auto', isExplained, ...machine(options), ...startingWeights(options) };
      end(await train(output, name, assignments(options), settings));
    });
  command('find-rate [recipe|file]', 'Find a learning rate by training a few steps at increasing rates.')
    .option('--run <run>', 'Run whose last checkpoint to start from, instead of a recipe')
    .addOption(rateOption('--from <rate>', 'Lowest learning rate', standardSweep.lowest))
    .addOption(rateOption('--to <rate>', 'Highest learning rate', standardSweep.highest))
    .addOption(
      new Option('--steps <n>', 'Number of steps, each at its own learning rate')
        .argParser(wholeNumber(2))
        .default(standardSweep.steps),
    )
    .addOption(rateOption('--cut-off <times>', 'Multiple of the lowest loss at which to stop', standardSweep.cutOff))
    .addOption(device())
    .addOption(seed())
    .addOption(set())
    .addOption(threads())
    .action(async (name: string | undefined, options: FindRateOptions) => {
      const { from, to, steps, cutOff } = options;
      const sweep = { lowest: from, highest: to, steps, cutOff };
      end(await findRate(output, { name, run: options.run }, assignments(options), { sweep, ...machine(options) }));
    });
  command('cost <recipe|file>', 'Estimate training time and memory from a few measured steps.')
    .addOption(device())
    .addOption(set())
    .addOption(threads())
    .action(async (name: string, options: MachineOptions & ProjectOptions) =>
      end(
        await showCost(output, await openedProject(output, name, assignments(options)), {
          device: 'auto',
          ...machine(options),
        }),
      ),
    );
  command('profile <recipe|file>', 'Show where the time of a training step goes, module by module.')
    .addOption(
      new Option('--steps <n>', 'Number of profiled steps; slow networks get fewer')
        .argParser(wholeNumber(1))
        .default(standardSteps.steps),
    )
    .addOption(explainOption())
    .addOption(device())
    .addOption(set())
    .addOption(threads())
    .action(async (name: string, { steps, explain, ...options }: ProfileOptions) => {
      const take = { ...standardSteps, steps };
      const settings = { device: 'auto', ...machine(options), take, isExplained: explain === true };
      end(await showProfile(output, name, assignments(options), settings));
    });
  command('resume <run>', 'Resume a run from its last checkpoint, or train a finished run further.')
    .addOption(
      new Option('--epochs <n>', 'Total number of epochs, including those already trained') //
        .argParser(wholeNumber(1)),
    )
    .addOption(device())
    .addOption(threads())
    .addOption(
      new Option('--stored-data', 'Resume on the samples stored with the run if its data have changed') //
        .conflicts('dataChangedAnyway'),
    )
    .option('--data-changed-anyway', 'Resume on the changed data if the data have changed since the run was trained')
    .addOption(explainOption())
    .action(async (run: string, { epochs, storedData, dataChangedAnyway, explain, ...options }: ResumeOptions) => {
      const settings: ResumeSettings & { readonly isExplained: boolean } = {
        isExplained: explain === true,
        ...machine(options),
        ...(epochs === undefined ? {} : { epochs }),
        ...(storedData && { resumedData: 'stored' }),
        ...(dataChangedAnyway && { resumedData: 'changed' }),
      };
      end(await resume(output, run, settings));
    });

  const runs = command('runs', 'List all runs, newest first.');
  runs.action(async () => end(await showRuns(output)));
  command('show <run>', 'Show a run and its epochs.', runs).action(async (run: string) =>
    end(await showRun(output, run)),
  );
  command('rename <run> <name>', 'Rename a run. Its id stays the same.', runs).action(
    async (run: string, name: string) => end(await renameRunNamed(output, run, name)),
  );
  command('delete <run>', 'Delete a run and its checkpoints.', runs).action(async (run: string) =>
    end(await removeRun(output, run)),
  );

  command(
    'evaluate <run>',
    'Evaluate a run on the test set: accuracy, precision and recall per class, calibration and confusions.',
  )
    .addOption(checkpoint())
    .addOption(weights())
    .addOption(device())
    .addOption(
      new Option(
        '--augment [n]',
        'Also evaluate with test-time augmentation, averaged over n views of each image (default: 10)',
      )
        .argParser(wholeNumber(2))
        .preset(10),
    )
    .option('--against <run>', 'Run to compare with on the same samples')
    .option('--csv <folder>', 'Folder to write all metrics to, as CSV')
    .action(
      async (
        run: string,
        { augment, ...options }: JudgeOptions & { augment?: number; against?: string; csv?: string },
      ) => end(await evaluate(output, run, { ...options, ...(augment === undefined ? {} : { views: augment }) })),
    );
  command('mismatches <run>', 'Draw the misclassified test images of a run.')
    .requiredOption('--out <file>', 'PNG file to write, or .csv for a table')
    .addOption(new Option('--sort <by>', 'Order within each class').choices(sampleSorts).default('confidence'))
    .option('--class <name>', 'Only images of this class')
    .option('--predicted <name>', 'Only images predicted as this class')
    // Its former name.
    .addOption(new Option('--said <name>').hideHelp())
    .addOption(checkpoint())
    .addOption(weights())
    .addOption(device())
    .action(async (run: string, options: MismatchSettings) => end(await mismatches(output, run, options)));
  command('samples <run>', 'Generate images with the generator of a run.')
    .requiredOption('--out <file>', 'PNG file to write, or GIF for an interpolation')
    .addOption(
      new Option('--count <n>', 'Number of images, per class if the generator is conditional').argParser(
        wholeNumber(1),
      ),
    )
    .addOption(new Option('--seed <n>', 'Random seed of the latents (default: drawn)').argParser(wholeNumber(0)))
    .addOption(new Option('--class <n>', 'Only images of this class, counted from 0').argParser(wholeNumber(0)))
    .addOption(
      new Option('--walk-to <seed>', 'Interpolate to the latents of this seed and back').argParser(wholeNumber(0)),
    )
    .addOption(
      new Option('--frames <n>', 'Number of frames of the interpolation').argParser(wholeNumber(2)).default(33),
    )
    .addOption(
      new Option('--way <which>', 'Path of the interpolation').choices(['spherical', 'straight']).default('spherical'),
    )
    .addOption(device())
    .action(async (run: string, options: SampleOptions) => end(await samples(output, run, options)));
  command(
    'predict <run> <files...>',
    'Predict classes or numbers for images, the rows of a table (.csv, columns by name) or arrays (.npy).',
  )
    .option('--drawing', 'Treat images as drawn digits: centre and scale them as in MNIST, and invert dark on light')
    .addOption(new Option('--top <n>', 'Number of most probable classes to print').argParser(wholeNumber(1)).default(3))
    .addOption(checkpoint())
    .addOption(weights())
    .action(async (run: string, files: readonly string[], options: PredictOptions) =>
      end(await predict(output, run, files, options)),
    );
  command('export <run>', 'Export a trained network and verify the export on test samples.')
    .addOption(new Option('--format <format>', 'Export format').choices(exportFormats).makeOptionMandatory())
    .addOption(
      new Option('--checkpoint <which>', 'Checkpoint to export: best, last, averaged or an epoch number')
        .argParser(checkpointChoice)
        .default('best'),
    )
    .requiredOption('--out <folder>', 'Folder to create')
    .option('--preprocess', 'Include the normalisation in an ONNX graph, so that it takes pixels 0…255')
    .addOption(
      new Option('--opset <n>', 'ONNX operator set, 13 to 26 (default: the lowest compatible)').argParser(opsetNumber),
    )
    .addOption(
      new Option('--precision <type>', 'Number format of ONNX weights')
        .choices(['float32', 'float16', 'int8'])
        .default('float32'),
    )
    .action(async (run: string, options: ExportSettings) => end(await exportModel(output, run, options)));
  command('serve', 'Serve the workbench to browsers. Ctrl+C saves and stops.')
    .option('--host <name>', 'Address to listen on; any other than this machine requires --token', '127.0.0.1')
    .addOption(
      new Option('--port <n>', 'Port to listen on; 0 chooses a free one')
        .argParser(wholeNumber(0, 65_535))
        .default(8765),
    )
    .option('--token <text>', 'Access token (default: drawn)')
    .addOption(
      new Option(
        '--data-folder <folder>',
        'Folder that browsers may read data and weights from; repeatable (default: the whole machine)',
      ).argParser((text, previous: readonly string[] | undefined) => [...(previous ?? []), text]),
    )
    .option('--open', 'Open the page in the browser of this machine')
    .action(async (options: ServeOptions) => end(await serveBrowsers(output, options)));
  return program;
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

function startingWeights({
  from,
  fromEntry: entry,
  allowFreshFrozen = false,
}: TrainOptions): Partial<Pick<TrainSettings, 'weights' | 'allowFreshFrozen'>> {
  const weights = from === undefined ? {} : { weights: { from, ...(entry === undefined ? {} : { entry }) } };
  return { ...weights, allowFreshFrozen };
}

function machine({ device, threads }: MachineOptions): { readonly device?: string; readonly threads?: number } {
  return { ...(device === undefined ? {} : { device }), ...(threads === undefined ? {} : { threads }) };
}

import { scoreOf } from '../../../core/figures/measured.ts';
import type { Score } from '../../../core/figures/measured.ts';
import { measuredOfRun, runFiguresIn } from '../../../core/figures/of-runs.ts';
import { publishedEvent } from '../../../core/figures/published.ts';
import { readCheckpointIndex } from '../../runs/checkpoint-index.ts';
import { readInitialWeights } from '../../runs/initial-weights.ts';
import { checkpointsFolder, readRunRecord, runFolder } from '../../runs/run-folder.ts';
import { runStateWords } from '../../../core/training/run-states.ts';
import { RunIndex } from '../../runs/run-index.ts';
import type { RunRow } from '../../runs/run-index.ts';
import { renameRun } from '../../runs/run-names.ts';
import { deleteRun, findRun, listRuns } from '../../runs/runs.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { count, counted, duration, percent, significant, table } from '../format.ts';
import type { Output } from '../output.ts';
import { epochHeading, epochLine, weightLines } from '../training-view.ts';

export async function showRuns(output: Output): Promise<ExitCode> {
  const index = await RunIndex.open();
  try {
    const runs = await listRuns(index);
    if (output.isJson) for (const run of runs) output.json(publicRow(run));
    else if (runs.length === 0) output.line('There are no runs yet: torchwright train mnist-logit');
    else for (const line of table(runColumns, runs.map(runCells))) output.line(line);
    return exitCodes.done;
  } finally {
    index.close();
  }
}

const runColumns = [
  { title: 'run', align: 'left' },
  { title: 'status', align: 'left' },
  { title: 'epochs', align: 'right' },
  { title: 'test accuracy', align: 'right' },
  { title: 'averaged', align: 'right' },
  { title: 'best', align: 'right' },
  { title: 'device', align: 'left' },
  { title: 'started', align: 'left' },
  { title: 'id', align: 'left' },
] as const;

function runCells(run: RunRow): string[] {
  const epochs = `${run.epochsDone}/${run.epochs}`;
  const begun = new Date(run.created).toLocaleString('sv-SE');
  const figures = (['test', 'averaged', 'best'] as const).map((of) => scoreCell(scoreOf(measuredOfRun(run, of))));
  return [run.name, runStateWords[run.status], epochs, ...figures, run.device, begun, run.id];
}

function scoreCell(score: Score | null): string {
  return score?.figure.better === 'lower'
    ? `${score.figure.abbreviation ?? score.figure.short} ${significant(score.value)}`
    : percent(score?.value ?? null);
}

export async function showRun(output: Output, name: string): Promise<ExitCode> {
  const index = await RunIndex.open();
  try {
    const run = await findRun(index, name);
    const epochs = index.epochs.of(run.id);
    const record = await readRunRecord(run.id);
    const initialWeights = await readInitialWeights(run.id);
    const checkpoints = await readCheckpointIndex(checkpointsFolder(run.id));
    if (output.isJson) {
      output.json({
        ...publicRow(run),
        folder: runFolder(run.id),
        versions: record?.versions ?? {},
        initialWeights,
        checkpoints,
        epochs: epochs.map(publishedEvent),
      });
      return exitCodes.done;
    }
    output.line(run.name);
    output.line(`id           ${run.id}`);
    const isEarly = run.status === 'finished' && run.epochsDone < run.epochs;
    const early = isEarly ? `, stopped early after ${run.epochsDone} of ${counted(run.epochs, 'epoch')}` : '';
    output.line(`status       ${runStateWords[run.status]}${early}${run.failure ? `: ${run.failure.message}` : ''}`);
    output.line(`project      ${run.project}${run.parameters === null ? '' : `, ${count(run.parameters)} parameters`}`);
    output.line(
      `device       ${run.deviceName ?? run.device} (${run.device}), ${counted(run.threads, 'thread')}, seed ${run.seed}`,
    );
    output.line(`folder       ${runFolder(run.id)}`);
    if (initialWeights?.report) {
      for (const line of weightLines({ from: initialWeights.from, ...initialWeights.report })) output.line(line);
    }
    if (run.seconds !== null) output.line(`time         ${duration(run.seconds)}`);
    if (checkpoints)
      output.line(`checkpoints  last ${checkpoints.last.directory}, best ${checkpoints.best?.directory ?? '–'}`);
    if (epochs[0] !== undefined) output.line(epochHeading(epochs[0]));
    for (const epoch of epochs) output.line(epochLine(epoch));
    return exitCodes.done;
  } finally {
    index.close();
  }
}

export async function renameRunNamed(output: Output, run: string, name: string): Promise<ExitCode> {
  const index = await RunIndex.open();
  try {
    const row = await findRun(index, run);
    const stored = await renameRun(index, row, name);
    const { id } = row;
    if (output.isJson) output.json({ event: 'runRenamed', run: id, name: stored });
    else output.line(`Renamed ${id} to ${stored}`);
    return exitCodes.done;
  } finally {
    index.close();
  }
}

export async function removeRun(output: Output, name: string): Promise<ExitCode> {
  const index = await RunIndex.open();
  try {
    const run = await findRun(index, name);
    await deleteRun(index, run);
    if (output.isJson) output.json({ event: 'runDeleted', run: run.id });
    else output.line(`Deleted ${run.id}`);
    return exitCodes.done;
  } finally {
    index.close();
  }
}

function publicRow(run: RunRow): object {
  const { id, name, project, status, seed, epochs, epochsDone, threads, device, parameters } = run;
  const created = new Date(run.created).toISOString();
  return {
    run: id,
    name,
    project,
    status,
    created,
    seed,
    threads,
    device,
    parameters,
    epochs,
    epochsDone,
    ...runFiguresIn(run),
    seconds: run.seconds,
    failure: run.failure,
  };
}

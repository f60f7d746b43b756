import type { Project } from '../../../core/project/project.ts';
import type { RateFinding, RateSweep } from '../../../core/training/rate-finder.ts';
import { fail } from '../../failures.ts';
import { fitToData } from '../../projects/fit-to-data.ts';
import type { Assignment } from '../../projects/open-project.ts';
import { RunIndex } from '../../runs/run-index.ts';
import { findRun } from '../../runs/runs.ts';
import { startFindingRate } from '../../training/start-finding-rate.ts';
import type { RateSearch } from '../../training/start-finding-rate.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { figure, rate, table } from '../format.ts';
import { onInterrupt } from '../interrupts.ts';
import { openedProject } from '../opened-project.ts';
import type { Output } from '../output.ts';
import { bar, ProgressLine } from '../progress-line.ts';

/** Lines of the printed table; `--json` gives every step. */
const linesShown = 20;

export async function findRate(
  output: Output,
  what: { readonly name: string | undefined; readonly run: string | undefined },
  assignments: readonly Assignment[],
  settings: { readonly sweep: RateSweep; readonly device?: string; readonly threads?: number },
): Promise<ExitCode> {
  const { sweep } = settings;
  if (sweep.highest <= sweep.lowest) fail('badUsage', `--to ${sweep.highest} must be above --from ${sweep.lowest}.`);
  const progress = new ProgressLine(process.stderr);
  const engine = await startFindingRate(
    { subject: await subject(what, assignments, output), ...settings },
    (finding) => {
      const { losses, smoothed, rates } = finding;
      const [loss, reached] = [smoothed.at(-1) ?? NaN, rates.at(-1) ?? NaN];
      if (!output.isJson) {
        progress.show(`${bar(losses.length / sweep.steps, 20)} rate ${rate(reached)}, smoothed loss ${figure(loss)}`);
      }
    },
  );
  const release = onInterrupt({ first: () => engine.post({ type: 'stop' }), second: () => engine.kill() });
  try {
    const finding = await engine.result;
    progress.clear();
    tell(output, finding, sweep);
    return finding.state === 'interrupted' ? exitCodes.interrupted : exitCodes.done;
  } finally {
    release();
  }
}

async function fitted(name: string, assignments: readonly Assignment[], output: Output): Promise<Project> {
  const { project, notes } = await fitToData(await openedProject(output, name, assignments), assignments);
  for (const note of notes) output.note(note);
  return project;
}

async function subject(
  { name, run }: { readonly name: string | undefined; readonly run: string | undefined },
  assignments: readonly Assignment[],
  output: Output,
): Promise<RateSearch['subject']> {
  if ((name === undefined) === (run === undefined)) {
    fail('badUsage', 'find-rate needs either a recipe or project file, or --run with a run.');
  }
  if (run === undefined) return { project: await fitted(name!, assignments, output) };
  const index = await RunIndex.open();
  try {
    return { run: await findRun(index, run) };
  } finally {
    index.close();
  }
}

function tell(output: Output, finding: RateFinding, sweep: RateSweep): void {
  const { losses, smoothed, rates, state, suggestion } = finding;
  if (output.isJson) {
    const columns = { rates: [...rates], losses: [...losses], smoothed: [...smoothed] };
    output.json({ event: 'rateFound', state, suggestion, ...columns });
    return;
  }
  const every = Math.max(1, Math.ceil(losses.length / linesShown));
  const columns = (['rate', 'loss', 'smoothed'] as const).map((title) => ({ title, align: 'right' as const }));
  const rows = [...losses.keys()]
    .filter((step) => step % every === 0 || step === losses.length - 1)
    .map((step) => [rate(rates[step]!), figure(losses[step]!), figure(smoothed[step]!)]);
  for (const line of table(columns, rows)) output.line(line);
  output.line(`${losses.length} of ${sweep.steps} steps: ${ends[state](sweep)}`);
  output.line(
    suggestion === null
      ? 'The loss did not fall clearly, so there is no suggestion. Search with more steps.'
      : `The loss has fallen halfway to its minimum near ${rate(suggestion)}. Use this as a starting point.`,
  );
}

const ends: Readonly<Record<RateFinding['state'], (sweep: RateSweep) => string>> = {
  finished: ({ highest }) => `the search reached the rate ${rate(highest)}.`,
  cutOff: ({ cutOff }) => `the search ended because the smoothed loss had reached ${cutOff} times its lowest value.`,
  diverged: () => 'the search ended because the loss was infinite or NaN.',
  interrupted: () => 'the search was stopped.',
};

import type { ExplainedProfile } from '../../../core/training/explain-choices.ts';
import { stepParts } from '../../../core/training/step-profile.ts';
import type { ModuleTimes, PassTimes, ProfiledSteps } from '../../../core/training/step-profile.ts';
import { fitToData } from '../../projects/fit-to-data.ts';
import type { Assignment } from '../../projects/open-project.ts';
import { startProfile } from '../../training/start-profile.ts';
import { choiceLines } from '../choice-lines.ts';
import { dataProgress } from '../data-progress.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { bytes, counted, milliseconds, table } from '../format.ts';
import { onInterrupt } from '../interrupts.ts';
import { openedProject } from '../opened-project.ts';
import type { Output } from '../output.ts';

/** Trains a few steps and tells where their time goes, module by module. */
export async function showProfile(
  output: Output,
  name: string,
  assignments: readonly Assignment[],
  settings: {
    readonly device: string;
    readonly threads?: number;
    readonly take: ProfiledSteps;
    readonly isExplained: boolean;
  },
): Promise<ExitCode> {
  const reading = dataProgress(output);
  const { project, notes } = await fitToData(
    await openedProject(output, name, assignments),
    assignments,
    reading.show,
  ).finally(reading.end);
  for (const note of notes) output.note(note);
  const { engine, result } = await startProfile({ project, ...settings, onProgress: reading.show }).finally(
    reading.end,
  );
  const release = onInterrupt({ first: () => engine.post({ type: 'stop' }), second: () => engine.kill() });
  try {
    const profile = await result;
    if (output.isJson) tellAsJson(output, profile);
    else tell(output, profile, settings.isExplained);
    return exitCodes.done;
  } finally {
    release();
  }
}

function tellAsJson(output: Output, profile: ExplainedProfile): void {
  const { modules, parts, ...step } = profile;
  for (const module of modules) output.json({ event: 'moduleProfiled', ...module });
  for (const part of parts) output.json({ event: 'partProfiled', ...part });
  output.json({ event: 'profiled', ...step });
}

function tell(output: Output, profile: ExplainedProfile, isExplained: boolean): void {
  const { modules, parts, seconds, plainSeconds, steps, batchSize, threads, deviceName, precision } = profile;
  const columns = [
    { title: 'module', align: 'left' },
    { title: 'forward ms', align: 'right' },
    { title: 'backward ms', align: 'right' },
    { title: 'of the step', align: 'right' },
    { title: 'activations', align: 'right' },
    { title: 'parameters', align: 'right' },
  ] as const;
  const times = (own: PassTimes): readonly string[] => [
    milliseconds(own.forward),
    milliseconds(own.backward),
    share((own.forward + own.backward) / seconds),
  ];
  const rowsOf = (module: ModuleTimes): readonly (readonly string[])[] => {
    const { name, depth, own, activations, parameters } = module;
    const row = [indented(name, depth), ...times(module), size(activations), size(parameters)];
    if (own === null || own.forward + own.backward === 0) return [row];
    return [row, [indented('(itself)', depth + 1), ...times(own), '', '']];
  };
  const networks = modules.filter(({ depth }) => depth === 0);
  const rest = sumOf(parts);
  const rows = [
    ...modules.flatMap(rowsOf),
    ['Rest of the step', ...times(rest), '', ''],
    ...parts.map((part) => [indented(stepParts[part.part], 1), ...times(part), '', '']),
    ['Step', ...times(sumOf([...networks, rest])), '', ''],
  ];
  for (const line of table(columns, rows)) output.line(line);
  output.line();
  output.line(
    `A step of ${counted(batchSize, 'sample')} took ${milliseconds(seconds)} ms with the profile and ` +
      `${milliseconds(plainSeconds)} ms without it (${counted(steps, 'step')} of each; mean of the middle half).`,
  );
  output.line(`${deviceName}, ${counted(threads, 'thread')}, ${precision}`);
  if (!isExplained) return;
  output.line();
  for (const line of choiceLines(profile.choices)) output.line(line);
}

function sumOf(all: readonly PassTimes[]): PassTimes {
  return {
    forward: all.reduce((sum, { forward }) => sum + forward, 0),
    backward: all.reduce((sum, { backward }) => sum + backward, 0),
  };
}

function indented(text: string, depth: number): string {
  return `${'  '.repeat(depth)}${text}`;
}

function share(fraction: number): string {
  return `${(fraction * 100).toFixed(1)} %`;
}

function size(value: number): string {
  return value === 0 ? '–' : bytes(value);
}

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Project } from '../../../core/project/project.ts';
import type { StepTaken, TrainingEvent } from '../../../core/training/events.ts';
import { leaveProject } from './prepared.ts';

export interface Report {
  /** Milliseconds. */
  readonly at: number;
  readonly epoch: number;
  /** Since the training began. */
  readonly step: number;
}

export interface PlainTraining {
  /** What was told so far. */
  readonly reports: readonly Report[];
  /** Resolves with the run's id once its first checkpoint is saved. */
  readonly saved: Promise<string>;
  /** Until the span between the first report and the last has so many seconds. */
  lasted(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** A training by the command line, in a home of its own. */
export async function startPlainTraining(home: string, project: Project): Promise<PlainTraining> {
  const file = await leaveProject(home, project);
  const program = fileURLToPath(new URL('../../../main/cli/main.ts', import.meta.url));
  const child = spawn(process.execPath, [program, 'train', file, '--json'], {
    env: { ...process.env, TORCHWRIGHT_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const reports: Report[] = [];
  let tellSaved: (run: string) => void;
  const saved = new Promise<string>((resolve) => (tellSaved = resolve));
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(JSON.parse(line) as TrainingEvent);
  });

  function take(event: TrainingEvent): void {
    if (event.event === 'step') reports.push({ at: performance.now(), epoch: event.epoch, step: stepOfRun(event) });
    if (event.event === 'checkpointSaved') tellSaved(event.run);
  }

  return {
    reports,
    saved,
    async lasted(seconds) {
      while ((reports.at(-1)?.at ?? 0) - (reports[0]?.at ?? 0) < seconds * 1000) {
        await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 50))]);
        if (child.exitCode !== null) throw new Error(`the training ended with ${child.exitCode}`);
      }
    },
    async stop() {
      child.kill('SIGINT');
      await gone;
    },
  };
}

function stepOfRun({ epoch, step, steps }: StepTaken): number {
  return (epoch - 1) * steps + step;
}

import type { RunQuery, RunSummary } from '../../../core/contract/runs.ts';
import { scoreOf } from '../../../core/figures/measured.ts';
import { measuredOfRun, runFigures } from '../../../core/figures/of-runs.ts';
import type { RunSplit } from '../../../core/figures/of-runs.ts';
import { runStateWords } from '../../../core/training/run-states.ts';
import { scoreText } from '../../app/figure-text.ts';
import { duration, moment, shortCount } from '../../app/format.ts';

export interface RunColumn {
  readonly title: string;
  readonly by?: NonNullable<RunQuery['sort']>['by'];
  readonly isNumber?: boolean;
  readonly show: (run: RunSummary) => string;
  /** Class of the cell. */
  readonly kind?: (run: RunSummary) => string;
}

/** What runs are compared by. */
function scoreColumn(title: string, of: RunSplit): RunColumn {
  const by = runFigures.find((each) => each.of === of)!.name;
  return { title, by, isNumber: true, show: (run) => scoreText(scoreOf(measuredOfRun(run, of))) };
}

export const runColumns: readonly RunColumn[] = [
  { title: 'Run', by: 'name', show: ({ name }) => name },
  { title: 'Project', by: 'project', show: ({ project }) => project },
  { title: 'Status', by: 'status', show: ({ status }) => runStateWords[status], kind: ({ status }) => status },
  {
    title: 'Epochs',
    by: 'epochsDone',
    isNumber: true,
    show: ({ epochsDone, epochs }) => `${epochsDone} / ${epochs}`,
  },
  scoreColumn('Test', 'test'),
  scoreColumn('Averaged', 'averaged'),
  scoreColumn('Best', 'best'),
  { title: 'Time', isNumber: true, show: ({ seconds }) => (seconds === null ? '–' : duration(seconds)) },
  {
    title: 'Parameters',
    isNumber: true,
    show: ({ parameters }) => (parameters === null ? '–' : shortCount(parameters)),
  },
  { title: 'Device', show: ({ device }) => device },
  { title: 'Seed', isNumber: true, show: ({ seed }) => String(seed) },
  { title: 'Started', by: 'created', show: ({ created }) => moment(created) },
  { title: 'Tags', show: ({ tags }) => tags.join(', ') },
  { title: 'Note', show: ({ note }) => note },
  { title: 'Id', show: ({ id }) => id },
];

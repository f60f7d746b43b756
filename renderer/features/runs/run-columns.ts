import type { RunQuery, RunSummary } from '../../../core/contract/runs.ts';
import { duration, figure, moment, percent, shortCount } from '../../app/format.ts';

export interface RunColumn {
  readonly title: string;
  readonly by?: NonNullable<RunQuery['sort']>['by'];
  readonly isNumber?: boolean;
  readonly show: (run: RunSummary) => string;
  /** Class of the cell. */
  readonly kind?: (run: RunSummary) => string;
}

/** Of a regression the root mean square error. */
function score(accuracy: number | null, error: number | null): string {
  return error === null ? percent(accuracy) : `${figure(error)} off`;
}

export const runColumns: readonly RunColumn[] = [
  { title: 'Project', by: 'project', show: ({ project }) => project },
  { title: 'Status', by: 'status', show: ({ status }) => status, kind: ({ status }) => status },
  {
    title: 'Epochs',
    by: 'epochsDone',
    isNumber: true,
    show: ({ epochsDone, epochs }) => `${epochsDone} / ${epochs}`,
  },
  {
    title: 'Test',
    by: 'testAccuracy',
    isNumber: true,
    show: ({ testAccuracy, testError }) => score(testAccuracy, testError),
  },
  {
    title: 'Averaged',
    by: 'averagedAccuracy',
    isNumber: true,
    show: ({ averagedAccuracy }) => percent(averagedAccuracy),
  },
  {
    title: 'Best',
    by: 'bestTestAccuracy',
    isNumber: true,
    show: ({ bestTestAccuracy, bestTestError }) => score(bestTestAccuracy, bestTestError),
  },
  { title: 'Time', isNumber: true, show: ({ seconds }) => (seconds === null ? '–' : duration(seconds)) },
  {
    title: 'Parameters',
    isNumber: true,
    show: ({ parameters }) => (parameters === null ? '–' : shortCount(parameters)),
  },
  { title: 'Device', show: ({ device }) => device },
  { title: 'Seed', isNumber: true, show: ({ seed }) => String(seed) },
  { title: 'Begun', by: 'created', show: ({ created }) => moment(created) },
  { title: 'Tags', show: ({ tags }) => tags.join(', ') },
  { title: 'Note', show: ({ note }) => note },
  { title: 'Run', show: ({ id }) => id },
];

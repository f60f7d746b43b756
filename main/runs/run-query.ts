import type { RunQuery } from '../../core/contract/runs.ts';
import { runFigures } from '../../core/figures/of-runs.ts';
import type { RunFigureName } from '../../core/figures/of-runs.ts';
import { snakeCase } from '../../core/snake-case.ts';
import { runStateWords } from '../../core/training/run-states.ts';

/** The status of a row, told from its last marker where the run is under way: `paused` too. */
export const statusNow = `CASE WHEN status = 'running' AND 'paused' =
  (SELECT kind FROM markers WHERE run = runs.id ORDER BY time DESC, markers.rowid DESC LIMIT 1)
  THEN 'paused' ELSE status END`;

const columns: Readonly<Record<Exclude<NonNullable<RunQuery['sort']>['by'], RunFigureName>, string>> = {
  created: 'created',
  name: 'name COLLATE NOCASE',
  project: 'project COLLATE NOCASE',
  status: statusNow,
  epochsDone: 'epochs_done',
};

/** The status by the word that users read. */
const statusWord = `CASE ${statusNow} ${Object.entries(runStateWords)
  .map(([state, word]) => `WHEN '${state}' THEN '${word}'`)
  .join(' ')} END`;

const searched = ['id', 'name', 'project', 'tags', 'note', 'device', "coalesce(device_name, '')", statusWord].join(
  " || ' ' || ",
);

/** The condition of a query on the table of runs, and the values it names. */
export function restriction(query: RunQuery): { readonly condition: string; readonly values: readonly string[] } {
  const words = (query.search ?? '').split(/\s+/).filter((word) => word !== '');
  const conditions = words.map(() => `(${searched}) LIKE ? ESCAPE '\\'`);
  if (query.onlyStarred === true) conditions.push('starred = 1');
  if (query.project !== undefined) conditions.push('project = ?');
  const values = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  return {
    condition: conditions.length > 0 ? conditions.join(' AND ') : 'true',
    values: query.project === undefined ? values : [...values, query.project],
  };
}

/** Runs without the figure come last; of equal ones the newest first. */
export function orderOf({ sort }: RunQuery): string {
  if (sort === undefined) return 'created DESC, id DESC';
  const figure = runFigures.find(({ name }) => name === sort.by);
  const column = figure === undefined ? columns[sort.by as keyof typeof columns] : snakeCase(figure.name);
  return `${column} IS NULL, ${column} ${sort.descending ? 'DESC' : 'ASC'}, created DESC, id DESC`;
}

import type { RunQuery } from '../../core/contract/runs.ts';

const columns: Readonly<Record<NonNullable<RunQuery['sort']>['by'], string>> = {
  created: 'created',
  project: 'project COLLATE NOCASE',
  status: 'status',
  epochsDone: 'epochs_done',
  testAccuracy: 'test_accuracy',
  averagedAccuracy: 'averaged_accuracy',
  bestTestAccuracy: 'best_test_accuracy',
};

const searched = ['id', 'project', 'tags', 'note', 'device', "coalesce(device_name, '')", 'status'].join(" || ' ' || ");

/** The condition of a query on the table of runs, and the values it names. */
export function restriction(query: RunQuery): { readonly condition: string; readonly values: readonly string[] } {
  const words = (query.search ?? '').split(/\s+/).filter((word) => word !== '');
  const conditions = words.map(() => `(${searched}) LIKE ? ESCAPE '\\'`);
  if (query.onlyStarred === true) conditions.push('starred = 1');
  return {
    condition: conditions.length > 0 ? conditions.join(' AND ') : 'true',
    values: words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`),
  };
}

/** Runs without the figure come last; of equal ones the newest first. */
export function orderOf({ sort }: RunQuery): string {
  if (sort === undefined) return 'created DESC, id DESC';
  const column = columns[sort.by];
  return `${column} IS NULL, ${column} ${sort.descending ? 'DESC' : 'ASC'}, created DESC, id DESC`;
}

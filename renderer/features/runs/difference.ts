import { moduleName } from '../../../core/network/module-name.ts';
import type { Project } from '../../../core/project/project.ts';
import { fieldAt } from '../project/field-path.ts';

/** Settings that are not the same in all documents. */
export interface DifferentSetting {
  readonly path: string;
  /** For each run what it began with, and what the setting was changed to; undefined: not written there. */
  readonly values: readonly (readonly unknown[])[];
}

/**
 * Leaves of documents that differ between runs or within one, in the order of the first. Each run has its document as
 * it began, and as it ended where that is another. Lists of plain values count as one leaf.
 */
export function differences(runs: readonly (readonly unknown[])[]): readonly DifferentSetting[] {
  const leaves = runs.map((documents) => documents.map((document) => new Map(leavesOf(document, ''))));
  const paths = new Set(leaves.flatMap((run) => run.flatMap((leaf) => [...leaf.keys()])));
  return [...paths]
    .map((path) => ({ path, values: leaves.map((run) => withoutRepeats(run.map((leaf) => leaf.get(path)))) }))
    .filter(({ values }) => new Set(values.flat().map((value) => JSON.stringify(value))).size > 1);
}

function withoutRepeats(values: readonly unknown[]): readonly unknown[] {
  return values.filter((value, index) => index === 0 || JSON.stringify(value) !== JSON.stringify(values[index - 1]));
}

function* leavesOf(value: unknown, path: string): Generator<[string, unknown]> {
  if (Array.isArray(value)) {
    if (value.every((entry) => typeof entry !== 'object' || entry === null)) yield [path, value];
    else for (const [index, entry] of value.entries()) yield* leavesOf(entry, `${path}[${index}]`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [field, entry] of Object.entries(value))
      yield* leavesOf(entry, path === '' ? field : `${path}.${field}`);
  } else yield [path, value];
}

/** What each of the projects that have the field calls the module and its option; empty for what is of no module. */
export function modulesAt(projects: readonly Project[], path: string): readonly string[] {
  const names = projects
    .filter((project) => fieldAt(project, path) !== undefined)
    .flatMap((project) => moduleName(project, path) ?? []);
  return [...new Set(names)];
}

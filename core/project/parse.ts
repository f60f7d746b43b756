import type { z } from 'zod';
import type { Failure } from '../failure.ts';
import { deepestModule } from '../network/bounds.ts';
import { checkTrees } from '../network/check-trees.ts';
import type { Resolution } from '../network/resolve.ts';
import { failed } from '../result.ts';
import type { Failed } from '../result.ts';
import { checkAgainstData } from '../training/check-against-data.ts';
import { knownData } from './known-data.ts';
import type { DataFacts } from './known-data.ts';
import { isDeeperThan } from '../nesting.ts';
import { formatPath } from './path.ts';
import type { Project } from './project.ts';
import { readJson } from './read-json.ts';
import type { ReadJson } from './read-json.ts';
import { projectSchema } from './schema/project.ts';
import { issuePath, sentenceOf } from './schema/sentence.ts';

export const projectFormat = 'torchwright-project';
export const projectVersion = 1;

/** A module within another one is an object in a list. Beside the modules nothing nests deeper than these few. */
const deepest = 2 * deepestModule + 20;

export type ProjectResult = { readonly ok: true; readonly project: Project } | Failed;

/**
 * Reads a project file: its text, or the document that JSON.parse makes of it. Everything that can be known
 * without the data is checked; where facts of the data are known (`data`, or of a known data set), what has to go with
 * them too. `resolution`: of the network for such data, where that is known already.
 */
export function parseProject(source: unknown, data?: DataFacts | null, resolution?: Resolution): ProjectResult {
  const written = parseForm(source);
  if (!written.ok) return written;
  const { project } = written;
  const treeFailures = checkTrees(project.networks, project.blocks ?? {});
  if (treeFailures.length > 0) return failed(...treeFailures);
  if (project.data.source === '') return failed(withoutData);
  const facts = data ?? knownData.get(project.data.source);
  const dataFailures = facts === undefined ? [] : checkAgainstData(project, facts, resolution);
  return dataFailures.length > 0 ? failed(...dataFailures) : { ok: true, project };
}

/** As `parseProject`, of the form alone: a network that cannot work yet can be opened, mended and saved. */
export function parseForm(source: unknown): ProjectResult {
  const document = typeof source === 'string' ? readJson(source) : { ok: true as const, value: source };
  if (!document.ok) return document;
  if (isDeeperThan(document.value, deepest)) {
    return failed({
      code: 'badProject',
      message: `The project nests lists and objects too deeply: modules can be nested ${deepestModule} deep.`,
    });
  }
  const current = migrate(document.value);
  if (!current.ok) return current;
  const parsed = projectSchema.safeParse(current.value, { error: sentenceOf });
  if (!parsed.success) return failed(...parsed.error.issues.map(issueFailure));
  return { ok: true, project: parsed.data };
}

const withoutData: Failure = {
  code: 'badProject',
  message: 'data.source is empty: the project has no data yet.',
  at: 'data.source',
  advice: 'Name a known data set, or the path of a file or folder.',
};

/** What makes a document of version n + 1 of one of version n; the first is for version 1. */
const migrations: readonly ((document: object) => object)[] = [];

function migrate(document: unknown): ReadJson {
  if (
    typeof document !== 'object' ||
    document === null ||
    !('format' in document) ||
    document.format !== projectFormat
  ) {
    return failed({
      code: 'badProject',
      message: `This is not a Torchwright project: its "format" is not "${projectFormat}".`,
      at: 'format',
    });
  }
  const version = 'version' in document ? document.version : undefined;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return failed({ code: 'badProject', message: 'version must be a whole number of at least 1.', at: 'version' });
  }
  if (version > projectVersion) {
    return failed({
      code: 'badProject',
      message: `This project has version ${version}; this Torchwright reads versions up to ${projectVersion}.`,
      at: 'version',
      advice: 'Open it with a newer Torchwright.',
    });
  }
  return { ok: true, value: migrations.slice(version - 1).reduce<object>((older, step) => step(older), document) };
}

function issueFailure(issue: z.core.$ZodIssue): Failure {
  const at = formatPath(issuePath(issue));
  const isNetwork = issue.path[0] === 'networks' || issue.path[0] === 'blocks';
  const end = /[.?]$/.test(issue.message) ? '' : '.';
  return {
    code: isNetwork ? 'badNetwork' : 'badProject',
    message: `${at === '' ? 'The project' : at} ${issue.message}${end}`,
    at,
  };
}

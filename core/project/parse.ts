import type { z } from 'zod';
import type { Failure } from '../failure.ts';
import { checkTrees } from '../network/check-trees.ts';
import type { Resolution } from '../network/resolve.ts';
import { failed } from '../result.ts';
import type { Failed } from '../result.ts';
import { checkAgainstData } from '../training/check-against-data.ts';
import { knownData } from './known-data.ts';
import { formatPath } from './path.ts';
import type { Project } from './project.ts';
import { projectSchema } from './schema/project.ts';
import { issuePath, sentenceOf } from './schema/sentence.ts';

export const projectFormat = 'torchwright-project';
export const projectVersion = 1;

export type ProjectResult = { readonly ok: true; readonly project: Project } | Failed;

/**
 * Reads a project file: its text, or the document that JSON.parse makes of it. Everything that can be known
 * without the data is checked; where the data set is a known one, shapes too: `resolution` says what is known of them
 * already.
 */
export function parseProject(source: unknown, resolution?: Resolution): ProjectResult {
  const written = parseForm(source);
  if (!written.ok) return written;
  const { project } = written;
  const treeFailures = checkTrees(project.networks, project.blocks ?? {});
  if (treeFailures.length > 0) return failed(...treeFailures);
  const facts = knownData.get(project.data.source);
  const dataFailures = facts === undefined ? [] : checkAgainstData(project, facts, resolution);
  return dataFailures.length > 0 ? failed(...dataFailures) : { ok: true, project };
}

/** As `parseProject`, of the form alone: a network that cannot work yet can be opened, mended and saved. */
export function parseForm(source: unknown): ProjectResult {
  const document = typeof source === 'string' ? readJson(source) : { ok: true as const, value: source };
  if (!document.ok) return document;
  const current = migrate(document.value);
  if (!current.ok) return current;
  const parsed = projectSchema.safeParse(current.value, { error: sentenceOf });
  if (!parsed.success) return failed(...parsed.error.issues.map(issueFailure));
  return { ok: true, project: parsed.data };
}

type Document = { readonly ok: true; readonly value: unknown } | Failed;

function readJson(text: string): Document {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed({ code: 'badProject', message: `The project is not JSON: ${reason}.` });
  }
}

/** What makes a document of version n + 1 of one of version n; the first is for version 1. */
const migrations: readonly ((document: object) => object)[] = [];

function migrate(document: unknown): Document {
  if (
    typeof document !== 'object' ||
    document === null ||
    !('format' in document) ||
    document.format !== projectFormat
  ) {
    return failed({
      code: 'badProject',
      message: `This is no Torchwright project: its "format" is not "${projectFormat}".`,
      at: 'format',
    });
  }
  const version = 'version' in document ? document.version : undefined;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return failed({ code: 'badProject', message: 'version must be a whole number from 1 on.', at: 'version' });
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

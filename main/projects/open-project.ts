import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Failure } from '../../core/failure.ts';
import { importModel, looksLikeModel } from '../../core/export/onnx/import-model.ts';
import { nearestName } from '../../core/nearest-name.ts';
import { knownData } from '../../core/project/known-data.ts';
import { parseForm, parseProject } from '../../core/project/parse.ts';
import type { Project } from '../../core/project/project.ts';
import { readJson } from '../../core/project/read-json.ts';
import { setPath } from '../../core/project/set-path.ts';
import { FailureError } from '../../core/failure.ts';
import { isThere } from '../datasets/check-files.ts';
import { fail } from '../failures.ts';
import { readRegularFile } from '../files.ts';
import { recipesFolder } from '../paths.ts';

/** One assignment of `--set`: a place in the project and its new value, as JSON or text. */
export interface Assignment {
  readonly path: string;
  readonly value: string;
}

/** Reads a project by the name of a built-in recipe or by the path of its file, or of an ONNX file made here, with `assignments` made before it is checked. `onRead` is told of what is a project, though its network may not work. */
export async function openProject(
  recipeOrFile: string,
  assignments: readonly Assignment[] = [],
  onRead?: (project: Project) => void,
): Promise<Project> {
  const file = await findProjectFile(recipeOrFile);
  const bytes = await readRegularFile(file);
  const document = looksLikeModel(bytes) ? projectInModel(bytes, file) : readDocument(decoded(bytes, file), file);
  const read = locateSource(document, path.dirname(file));
  const assigned = locateSource(assignments.reduce(assign, read), process.cwd());
  const form = parseForm(assigned);
  if (form.ok) onRead?.(form.project);
  const result = parseProject(assigned);
  return result.ok ? result.project : refuse(recipeOrFile, result.failures);
}

/** Refuses what is no project; one whose network cannot work yet is one. */
export function refuseForeign(text: string, file: string): void {
  const result = parseForm(readDocument(text, file));
  if (!result.ok) refuse(file, result.failures);
}

/** A project from within a run, as it was written there. */
export function readProject(text: string, file: string): Project {
  const result = parseProject(readDocument(text, file));
  return result.ok ? result.project : refuse(file, result.failures);
}

export async function listRecipes(): Promise<string[]> {
  const files = await readdir(recipesFolder);
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => path.basename(file, '.json'))
    .sort();
}

/** Something with a slash or an ending is a file; a recipe comes before a file of the same bare name. */
async function findProjectFile(recipeOrFile: string): Promise<string> {
  const recipe = path.join(recipesFolder, `${recipeOrFile}.json`);
  const isName = /^[\w-]+$/.test(recipeOrFile);
  if (isName && (await isThere(recipe))) return recipe;
  const file = path.resolve(recipeOrFile);
  if (await isThere(file)) return file;
  if (!isName) fail('notFound', `The project file ${file} does not exist.`, { at: file });
  const near = nearestName(recipeOrFile, await listRecipes());
  fail('notFound', `There is no recipe and no file '${recipeOrFile}'.`, {
    at: recipeOrFile,
    advice: near === undefined ? 'torchwright recipes' : `Did you mean ${near}?`,
  });
}

/** The project that an ONNX file exported here carries. */
function projectInModel(bytes: Uint8Array, file: string): unknown {
  try {
    return importModel(bytes).project;
  } catch (error) {
    if (error instanceof FailureError) refuse(file, [error.failure]);
    throw error;
  }
}

/** Of a file; bytes that are no UTF-8 would otherwise become names with question marks. */
export function decoded(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fail('badProject', `${file} is not text in UTF-8.`, { at: file, advice: 'Save the file as UTF-8.' });
  }
}

function readDocument(text: string, file: string): unknown {
  const read = readJson(text, file);
  return read.ok ? read.value : failAt(read.failures, file);
}

function failAt([failure]: readonly Failure[], file: string): never {
  throw new FailureError({ code: 'badProject', message: `${file} cannot be read.`, ...failure, at: file });
}

function assign(document: unknown, { path: place, value }: Assignment): unknown {
  const result = setPath(document, place, value);
  return result.ok ? result.document : refuse('--set', result.failures);
}

/** A folder as data source is written relative to the project's file, or to where the command is given. */
function locateSource(document: unknown, folder: string): unknown {
  const project = document as { readonly data?: { readonly source?: unknown } } | null;
  const source = project?.data?.source;
  if (typeof source !== 'string' || source === '' || knownData.has(source)) return document;
  return { ...project, data: { ...project?.data, source: path.resolve(folder, source) } };
}

function refuse(name: string, failures: readonly Failure[]): never {
  const [first, ...others] = failures;
  if (first === undefined) throw new Error('refused without a reason');
  const more = others.length > 0 ? ` (${others.length} more: ${others.map(({ message }) => message).join(' ')})` : '';
  throw new FailureError({ ...first, message: `${name}: ${first.message}${more}` });
}

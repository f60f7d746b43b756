import type { Project } from './project.ts';
import { projectSchema } from './schema/project.ts';

/** The project file's text: fields in one order, one line for what fits on one. The same project always gives the same text. */
export function serialiseProject(project: Project): string {
  // Work that no file can hold yet is kept all the same, in the order it has.
  const { data: ordered = project } = projectSchema.safeParse(project);
  return `${print(ordered as unknown as Json, 0, 0)}\n`;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [field: string]: Json };

const lineWidth = 120;

/** `before` characters and a comma share the first line with the value. */
function print(value: Json, depth: number, before: number): string {
  const inline = printInline(value);
  const fits = inline !== undefined && 2 * depth + before + inline.length + 1 <= lineWidth;
  if (inline !== undefined && (fits || typeof value !== 'object' || value === null)) return inline;
  const entries = isList(value)
    ? value.map((entry) => print(entry, depth + 1, 0))
    : Object.entries(value as object).map(([field, entry]) => printField(field, entry as Json, depth + 1));
  const indent = '  '.repeat(depth);
  const lines = entries.map((entry) => `${indent}  ${entry}`).join(',\n');
  return isList(value) ? `[\n${lines}\n${indent}]` : `{\n${lines}\n${indent}}`;
}

function printField(field: string, value: Json, depth: number): string {
  const start = `${JSON.stringify(field)}: `;
  return start + print(value, depth, start.length);
}

/** On one line; undefined for what never stands on one: a list of several objects with several fields. */
function printInline(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) {
    if (value.length > 1 && value.every((entry) => fieldCount(entry) > 1)) return undefined;
    const entries = value.map(printInline);
    return entries.includes(undefined) ? undefined : `[${entries.join(', ')}]`;
  }
  const fields = Object.entries(value).map(([field, entry]) => {
    const inline = printInline(entry);
    return inline === undefined ? undefined : `${JSON.stringify(field)}: ${inline}`;
  });
  if (fields.includes(undefined)) return undefined;
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function fieldCount(value: Json): number {
  return typeof value === 'object' && value !== null && !isList(value) ? Object.keys(value).length : 0;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

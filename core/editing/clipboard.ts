import { z } from 'zod';
import { nodeAt } from '../network/node-path.ts';
import { spotAt, treeOf } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import type { Blocks, NetworkNode } from '../network/tree.ts';
import type { Failure } from '../failure.ts';
import { FailureError } from '../failure.ts';
import { formatPath } from '../project/path.ts';
import type { Project } from '../project/project.ts';
import { blocks as blocksSchema, networkNode } from '../project/schema/network.ts';
import { issuePath, sentenceOf } from '../project/schema/sentence.ts';
import { strict } from '../project/schema/strict.ts';
import { failed } from '../result.ts';
import type { Failed } from '../result.ts';
import type { Edited } from './edited.ts';
import { definitionOf, fitExpressions, scopeAt } from './expressions.ts';
import { freeBlockName, withBlockName } from './block-names.ts';
import { isEqual } from './is-equal.ts';
import { insertModules } from './modules.ts';
import { refusal, selectedIn } from './selected.ts';
import type { Target } from './target.ts';
import { blocksUsed, mapNodes } from './walk.ts';

const format = 'torchwright-modules';

/** Modules as they travel through the clipboard or a mail. */
export interface Copied {
  readonly modules: readonly NetworkNode[];
  /** Definitions of the Blocks that they use. */
  readonly blocks: Blocks;
  /** What the parameters of the Block from which they come were there. */
  readonly values: Readonly<Record<string, number>>;
}

const copiedSchema = strict({
  format: z.literal(format),
  version: z.literal(1),
  modules: z.array(networkNode).min(1),
  blocks: blocksSchema.exactOptional(),
  values: z.record(z.string(), z.number()).exactOptional(),
});

const bareSchema = z.array(networkNode).min(1);

/** The selected modules as readable text, see Copied; `readCopied` reads it. */
export function copyText(project: Project, addresses: readonly Address[]): string {
  const groups = selectedIn(project, addresses);
  if (groups.length === 0) throw refusal('Select a module first.', undefined);
  const modules = groups.flatMap(({ tree, paths }) => paths.map((path) => nodeAt(treeOf(project, tree), path)));
  const known = project.blocks ?? {};
  const used = blocksUsed(modules, known);
  const blocks = Object.fromEntries(Object.entries(known).filter(([name]) => used.has(name)));
  const values = Object.fromEntries(groups.flatMap(({ root }) => [...scopeAt(project, root)]));
  const text = {
    format,
    version: 1,
    modules,
    ...(used.size === 0 ? {} : { blocks }),
    ...(Object.keys(values).length === 0 ? {} : { values }),
  };
  return `${JSON.stringify(text, null, 2)}\n`;
}

export type CopiedResult =
  | {
      readonly ok: true;
      readonly nodes: readonly NetworkNode[];
      readonly blocks: Blocks;
      readonly values: Copied['values'];
    }
  | Failed;

/** Reads what `copyText` writes, and a module or a list of modules as they stand in a project file. */
export function readCopied(text: string): CopiedResult {
  const document = readJson(text);
  if (document === undefined) {
    return failed({
      code: 'badNetwork',
      message: 'The pasted text contains no modules: it is not JSON.',
      advice: 'Copy modules first, or a module from a project file.',
    });
  }
  const value = document.value;
  const isBare = Array.isArray(value) || (typeof value === 'object' && value !== null && 'type' in value);
  if (isBare) {
    const parsed = bareSchema.safeParse(Array.isArray(value) ? value : [value], { error: sentenceOf });
    if (!parsed.success) return failed(...parsed.error.issues.map(issueFailure));
    return { ok: true, nodes: parsed.data, blocks: {}, values: {} };
  }
  const parsed = copiedSchema.safeParse(value, { error: sentenceOf });
  if (!parsed.success) return failed(...parsed.error.issues.map(issueFailure));
  const { modules, blocks = {}, values = {} } = parsed.data;
  return { ok: true, nodes: modules, blocks, values };
}

function readJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function issueFailure(issue: z.core.$ZodIssue): Failure {
  const at = formatPath(issuePath(issue));
  const end = /[.?]$/.test(issue.message) ? '' : '.';
  return { code: 'badNetwork', message: `The pasted text: ${at === '' ? 'it' : at} ${issue.message}${end}` };
}

/**
 * Puts copied modules where `target` says. Definitions that the project lacks come along; one that differs from the
 * project's of the same name comes under another name.
 */
export function pasteModules(project: Project, target: Target, text: string): Edited {
  const copied = readCopied(text);
  if (!copied.ok) throw new FailureError(copied.failures[0]!);
  const names = renamed(project.blocks ?? {}, copied.blocks);
  const withNames = (node: NetworkNode) => mapNodes(node, (part) => withBlockName(part, names));
  const own = project.blocks ?? {};
  const added = Object.entries(copied.blocks)
    .map(
      ([name, definition]) => [names.get(name) ?? name, { ...definition, body: withNames(definition.body) }] as const,
    )
    .filter(([name]) => !Object.hasOwn(own, name));
  const complete = added.length === 0 ? project : { ...project, blocks: { ...own, ...Object.fromEntries(added) } };
  const { tree } = spotAt(target.address);
  const parameters = definitionOf(project, tree)?.parameters.map((parameter) => parameter.name) ?? [];
  const nodes = fitExpressions(copied.nodes.map(withNames), new Map(Object.entries(copied.values)), parameters);
  return insertModules(complete, target, nodes);
}

/** New names of the copied Blocks that differ from the project's own of the same name, and of those that use such. */
function renamed(own: Blocks, copied: Blocks): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set([...Object.keys(own), ...Object.keys(copied)]);
  for (const [name, definition] of Object.entries(copied)) {
    if (!Object.hasOwn(own, name)) continue;
    const used = [...blocksUsed([definition.body], copied)];
    const isSame = [name, ...used].every((one) => !Object.hasOwn(own, one) || isEqual(own[one], copied[one]));
    if (isSame) continue;
    const free = freeBlockName(name, taken);
    taken.add(free);
    names.set(name, free);
  }
  return names;
}

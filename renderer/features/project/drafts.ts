import { followed } from '../../../core/editing/follow.ts';
import { isEqual } from '../../../core/editing/is-equal.ts';
import { FailureError } from '../../../core/failure.ts';
import { blamedModule } from '../../../core/network/facts.ts';
import { parsePath } from '../../../core/project/path.ts';
import type { Project } from '../../../core/project/project.ts';
import { fieldAt } from './field-path.ts';

/** What was typed into a field of the project and cannot be taken: the project keeps the value from before. */
export interface Draft {
  /** Path of the field in the project. */
  readonly at: string;
  /** Which input of the field: 1 for the second number of a pair. */
  readonly part: 0 | 1;
  readonly text: string;
  /** Why it cannot be taken, in a sentence. */
  readonly refusal: string;
}

/**
 * The drafts that still belong to a field after the project changed. A draft moves with its module. It ends when the
 * value of its field changes (by undo, a slider, a suggestion) or when the field itself goes: with its module, its
 * group of settings, or the kind of optimizer, schedule or data that had it.
 */
export function followDrafts(drafts: readonly Draft[], before: Project, after: Project): readonly Draft[] {
  return drafts.flatMap((draft) => {
    const at = movedPath(draft.at, before, after);
    return at === undefined || !isSameField(draft.at, before, at, after) ? [] : [{ ...draft, at }];
  });
}

function movedPath(at: string, before: Project, after: Project): string | undefined {
  if (!at.startsWith('networks.') && !at.startsWith('blocks.')) return at;
  const module = blamedModule(at).replace(/\.initialise\b.*$/, '');
  try {
    const moved = followed(before, after, module);
    return moved === undefined ? undefined : moved + at.slice(module.length);
  } catch (error) {
    // Parameters of a Block are no module: their path stays.
    if (error instanceof FailureError) return at;
    throw error;
  }
}

function isSameField(from: string, before: Project, to: string, after: Project): boolean {
  if (!isEqual(fieldAt(before, from), fieldAt(after, to))) return false;
  if (from.startsWith('data.') && before.data.source !== after.data.source) return false;
  const [then, now] = [objectsAround(before, from), objectsAround(after, to)];
  // Which fields a rule of initialisation shows depends on its other fields.
  if (from.includes('.initialise[') && !isEqual(then.at(-1), now.at(-1))) return false;
  return then.length === now.length && then.every((object, index) => kindOf(object) === kindOf(now[index]));
}

/** From the outermost to the one that has the field. */
function objectsAround(document: unknown, path: string): readonly unknown[] {
  const around: unknown[] = [];
  let object: unknown = document;
  for (const step of parsePath(path) ?? []) {
    around.push(object);
    if (typeof object !== 'object' || object === null) break;
    object = (object as Readonly<Record<string | number, unknown>>)[step];
  }
  return around;
}

function kindOf(object: unknown): unknown {
  if (typeof object !== 'object' || object === null) return typeof object;
  const { type, kind, method } = object as Readonly<Record<'type' | 'kind' | 'method', unknown>>;
  return type ?? kind ?? method;
}

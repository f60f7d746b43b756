import { failed } from '../result.ts';
import type { Failed } from '../result.ts';
import { parsePath } from './path.ts';

export type SetPathResult = { readonly ok: true; readonly document: unknown } | Failed;

/**
 * Sets one place of a project document, as `--set recipe.batchSize=50` does. The value is JSON, or else a text.
 * Missing objects on the way are made; whether the outcome is a project is for parseProject to say.
 */
export function setPath(document: unknown, path: string, value: string): SetPathResult {
  const steps = parsePath(path);
  if (steps === undefined) {
    return failed({
      code: 'badUsage',
      message: `"${path}" is not a path in a project. A path looks like recipe.optimizer.momentum or networks.main.children[3].options.p.`,
      at: path,
    });
  }
  try {
    return { ok: true, document: withValue(document, steps, readValue(value)) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return failed({ code: 'badUsage', message: `${path} cannot be set: ${error.message}.`, at: path });
  }
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function withValue(node: unknown, steps: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    if (!Array.isArray(node)) throw new RangeError(`there is no list at [${step}]`);
    if (step >= node.length) throw new RangeError(`[${step}] is beyond the list's ${node.length} entries`);
    return node.map((entry: unknown, index) => (index === step ? withValue(entry, rest, value) : entry));
  }
  if (node !== undefined && (typeof node !== 'object' || node === null || Array.isArray(node))) {
    throw new RangeError(`"${step}" cannot be set: the value before it has no fields`);
  }
  const fields = (node ?? {}) as Readonly<Record<string, unknown>>;
  const before = Object.hasOwn(fields, step) ? fields[step] : undefined;
  return { ...fields, [step]: withValue(before, rest, value) };
}

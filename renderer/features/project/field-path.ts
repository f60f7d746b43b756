import { parsePath } from '../../../core/project/path.ts';

type Step = string | number;

/** The value at a written place of a document; undefined where there is none. */
export function fieldAt(document: unknown, path: string): unknown {
  return stepsOf(path).reduce<unknown>(inside, document);
}

/** The document with another value there; undefined takes the field away, and objects that are left empty. Objects missing on the way are made. */
export function withField<Document>(document: Document, path: string, value: unknown): Document {
  return replaced(document, stepsOf(path), value) as Document;
}

function stepsOf(path: string): readonly Step[] {
  const steps = parsePath(path);
  if (steps === undefined) throw new Error(`"${path}" is not a path in a project`);
  return steps;
}

function inside(node: unknown, step: Step): unknown {
  if (typeof node !== 'object' || node === null) return undefined;
  return (node as Readonly<Record<Step, unknown>>)[step];
}

function replaced(node: unknown, steps: readonly Step[], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const inner = replaced(inside(node, step), rest, value);
  if (typeof step === 'number') return (node as readonly unknown[]).with(step, inner);
  const next = value === undefined && isEmpty(inner) ? undefined : inner;
  const fields = (node ?? {}) as Readonly<Record<string, unknown>>;
  if (next !== undefined) return { ...fields, [step]: next };
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field !== step));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

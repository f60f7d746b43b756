import { elementCount } from '../catalogue/shape.ts';
import { refuse } from './pickle-values.ts';
import type { Dictionary, Value } from './pickle-values.ts';
import type { TensorInFile, WeightEntry } from './stored-tensor.ts';

/** How deep a state dict may lie within a checkpoint: `checkpoint.model.state_dict` is three. */
const deepest = 4;

/** Entries of checkpoints whose tensors are no weights: states of optimizers, of callbacks, of random generators. */
const besides = /optim|scheduler|scaler|callback|loops|rng|hyper_?param|metric/i;

/**
 * The state dicts of a pickled object: every dict that has tensors directly in it. Of a dict that holds others, tensors
 * of one number (a loss, a count) make no state dict. Throws a FailureError where there is none.
 */
export function stateDictsIn(value: Value): readonly WeightEntry[] {
  if (!isDictionary(value)) return refuse('it contains something other than a dict of tensors');
  const entries = [...entriesOf(value, [])];
  const large = entries.filter(({ tensors }) => tensors.some(({ shape }) => elementCount(shape) > 1));
  const found = large.length > 0 ? large : entries.slice(0, 1);
  return found.length > 0 ? found : refuse('it contains no tensors');
}

function* entriesOf({ entries }: Dictionary, keys: readonly string[]): Generator<WeightEntry> {
  const tensors = [...entries].flatMap(([name, entry]): readonly TensorInFile[] => {
    if (entry === null || typeof entry !== 'object' || entry.kind !== 'tensor') return [];
    const { type, shape, read } = entry;
    return [{ name, type, shape, read }];
  });
  if (tensors.length > 0) yield { name: keys.join('.'), tensors };
  if (keys.length >= deepest) return;
  for (const [key, entry] of entries) {
    if (isDictionary(entry) && !besides.test(key)) yield* entriesOf(entry, [...keys, key]);
  }
}

function isDictionary(value: Value): value is Dictionary {
  return value !== null && typeof value === 'object' && value.kind === 'dictionary';
}

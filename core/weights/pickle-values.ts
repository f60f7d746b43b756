import { storageTypes } from './pickle-tensors.ts';
import type { StoredTensor, TensorType } from './stored-tensor.ts';
import { unreadable } from './unreadable.ts';

/** What a pickle of tensors is made of. */
export type Value = null | boolean | number | string | Global | Tuple | Dictionary | Storage | Tensor | Ignored;

export interface Global {
  readonly kind: 'global';
  readonly name: string;
}
export interface Tuple {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
}
export interface Dictionary {
  readonly kind: 'dictionary';
  readonly entries: Map<string, Value>;
}
export interface Storage {
  readonly kind: 'storage';
  readonly type: TensorType;
  readonly data: Uint8Array;
}
export interface Tensor extends Omit<StoredTensor, 'name'> {
  readonly kind: 'tensor';
}
/** What has a place in such files and nothing to say here: lists, floats. */
interface Ignored {
  readonly kind: 'ignored';
}

export const ignored: Ignored = { kind: 'ignored' };

/** The only names that a file may ask for. A pickle can name any function of Python and have it called: nothing is called here. */
export const rebuildTensor = 'torch._utils _rebuild_tensor_v2';
export const rebuildParameter = 'torch._utils _rebuild_parameter';
export const orderedDict = 'collections OrderedDict';

export function allowed(name: string): Global {
  const [module, word = ''] = name.split(' ');
  const isStorage = module === 'torch' && Object.hasOwn(storageTypes, word);
  if (isStorage || name === rebuildTensor || name === rebuildParameter || name === orderedDict) {
    return { kind: 'global', name };
  }
  return refuse(`it asks for ${name.replace(' ', '.')}, which tensors have no need of; nothing of it was run`);
}

export function kindOf(value: Value | undefined): string {
  return value !== null && typeof value === 'object' ? value.kind : typeof value;
}

export function isWhole(value: Value): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function wholeNumbers(value: Value | undefined): readonly number[] | null {
  if (kindOf(value) !== 'tuple') return null;
  const { items } = value as Tuple;
  return items.every(isWhole) ? items : null;
}

export function refuse(why: string): never {
  throw unreadable('file of tensors', why);
}

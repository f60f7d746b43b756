import { storageTypes } from './pickle-tensors.ts';
import type { ZipPart } from './read-zip.ts';
import type { TensorInFile, TensorType } from './stored-tensor.ts';
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
  readonly data: ZipPart;
}
export interface Tensor extends Omit<TensorInFile, 'name'> {
  readonly kind: 'tensor';
}
/** What such files hold beside dicts and tensors: lists, floats, objects of other classes. */
interface Ignored {
  readonly kind: 'ignored';
}

export const ignored: Ignored = { kind: 'ignored' };

/** The only names that a file may ask for. A pickle can name any function of Python and have it called: nothing is called here. */
export const rebuildTensor = 'torch._utils _rebuild_tensor_v2';
export const rebuildParameter = 'torch._utils _rebuild_parameter';
export const orderedDict = 'collections OrderedDict';

/**
 * Packages whose objects stand in checkpoints beside the weights, such as a Lightning module's options. Objects of them
 * are passed over: they are neither imported nor called.
 */
const besideWeights = new Set(['argparse', 'datetime', 'decimal', 'enum', 'lightning', 'lightning_fabric', 'numpy']);
for (const name of ['omegaconf', 'pathlib', 'pytorch_lightning', 'torchmetrics', 'uuid', '_codecs']) {
  besideWeights.add(name);
}
const plainTypes = ['set', 'frozenset', 'int', 'float', 'bool', 'str', 'bytes', 'bytearray', 'complex', 'list', 'dict'];
const besideWeightsNames = new Set([
  ...plainTypes.flatMap((name) => [`builtins ${name}`, `__builtin__ ${name}`]),
  ...['defaultdict', 'deque', 'Counter'].map((name) => `collections ${name}`),
  ...['Size', 'device', 'dtype', 'Generator'].map((name) => `torch ${name}`),
  'torch.serialization _get_layout',
]);

const torchTypes = /^torch (?:(?:q?u?int|float|bfloat|complex)\d+\w*|bool)$/;

/** Whether objects of a class are passed over. */
export function isPassedOver(name: string): boolean {
  const [module] = name.split(' ') as [string];
  return (
    besideWeights.has(module.split('.')[0]!) ||
    besideWeightsNames.has(name) ||
    torchTypes.test(name) ||
    module.startsWith('torch.optim')
  );
}

export function allowed(name: string): Global {
  const [module, word = ''] = name.split(' ');
  const isStorage = module === 'torch' && Object.hasOwn(storageTypes, word);
  if (isStorage || name === rebuildTensor || name === rebuildParameter || name === orderedDict || isPassedOver(name)) {
    return { kind: 'global', name };
  }
  return refuse(`it asks for ${name.replace(' ', '.')}, which tensors do not need; none of its code was run`);
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

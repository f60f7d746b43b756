import {
  allowed,
  ignored,
  isPassedOver,
  kindOf,
  orderedDict,
  rebuildParameter,
  rebuildTensor,
  refuse,
} from './pickle-values.ts';
import type { Dictionary, Global, Tuple, Value } from './pickle-values.ts';
import type { TensorBuilder } from './rebuild-tensor.ts';

/**
 * What a pickle holds that torch.save wrote, by protocols 2 to 5: dicts, tensors, texts and numbers. Nothing is ever called:
 * objects of the classes that checkpoints hold beside weights are passed over, and all others are refused.
 */
export function unpickle(bytes: Uint8Array, builder: TensorBuilder): Value {
  return new Unpickler(bytes, builder).run();
}

class Unpickler {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #builder: TensorBuilder;
  readonly #memo = new Map<number, Value>();
  readonly #marks: number[] = [];
  readonly #stack: Value[] = [];
  #at = 0;

  constructor(bytes: Uint8Array, builder: TensorBuilder) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#builder = builder;
  }

  run(): Value {
    for (;;) {
      const code = this.#byte();
      if (code === 0x2e) return this.#pop();
      this.#perform(code);
    }
  }

  /** Codes of Python's pickletools. */
  #perform(code: number): void {
    switch (code) {
      case 0x80: // PROTO
        if (this.#byte() > 5) refuse('it was written by a newer Python');
        return;
      case 0x28: // MARK
        this.#marks.push(this.#stack.length);
        return;
      case 0x7d: {
        // EMPTY_DICT
        this.#push({ kind: 'dictionary', entries: new Map() });
        return;
      }
      case 0x5d: // EMPTY_LIST, EMPTY_SET
      case 0x8f:
        this.#push(ignored);
        return;
      case 0x61: // APPEND
        this.#pop();
        return;
      case 0x65: // APPENDS, ADDITEMS
      case 0x90:
        this.#sinceMark();
        return;
      case 0x91: // FROZENSET
        this.#sinceMark();
        this.#push(ignored);
        return;
      case 0x95: // FRAME: a hint for readers of streams
        this.#take(8);
        return;
      case 0x29: {
        // EMPTY_TUPLE
        this.#push({ kind: 'tuple', items: [] });
        return;
      }
      case 0x74: {
        // TUPLE
        this.#push({ kind: 'tuple', items: this.#sinceMark() });
        return;
      }
      case 0x85: // TUPLE1, TUPLE2, TUPLE3
      case 0x86:
      case 0x87: {
        this.#push({ kind: 'tuple', items: this.#last(code - 0x84) });
        return;
      }
      case 0x4e: {
        // NONE
        this.#push(null);
        return;
      }
      case 0x88: // NEWTRUE, NEWFALSE
      case 0x89: {
        this.#push(code === 0x88);
        return;
      }
      case 0x4b: {
        // BININT1
        this.#push(this.#byte());
        return;
      }
      case 0x4d: {
        // BININT2
        this.#push(this.#view.getUint16(this.#take(2), true));
        return;
      }
      case 0x4a: {
        // BININT
        this.#push(this.#view.getInt32(this.#take(4), true));
        return;
      }
      case 0x8a: {
        // LONG1
        this.#push(this.#long(this.#byte()));
        return;
      }
      case 0x47: // BINFLOAT
        this.#take(8);
        {
          this.#push(ignored);
          return;
        }
      case 0x43: // SHORT_BINBYTES, BINBYTES, BINBYTES8, BYTEARRAY8
      case 0x42:
      case 0x8e:
      case 0x96:
        this.#take(this.#length(code === 0x43 ? 1 : code === 0x42 ? 4 : 8));
        this.#push(ignored);
        return;
      case 0x8d: // BINUNICODE8
        this.#push(this.#text(this.#length(8)));
        return;
      case 0x58: {
        // BINUNICODE
        this.#push(this.#text(this.#view.getUint32(this.#take(4), true)));
        return;
      }
      case 0x8c: {
        // SHORT_BINUNICODE
        this.#push(this.#text(this.#byte()));
        return;
      }
      case 0x63: {
        // GLOBAL
        this.#push(allowed(`${this.#line()} ${this.#line()}`));
        return;
      }
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.#last(2);
        if (typeof module !== 'string' || typeof name !== 'string')
          return refuse('it refers to a global whose name is not text');
        this.#push(allowed(`${module} ${name}`));
        return;
      }
      case 0x94: // MEMOIZE
        return void this.#memo.set(this.#memo.size, this.#top());
      case 0x71: // BINPUT
        return void this.#memo.set(this.#byte(), this.#top());
      case 0x72: // LONG_BINPUT
        return void this.#memo.set(this.#view.getUint32(this.#take(4), true), this.#top());
      case 0x68: {
        // BINGET
        this.#push(this.#remembered(this.#byte()));
        return;
      }
      case 0x6a: {
        // LONG_BINGET
        this.#push(this.#remembered(this.#view.getUint32(this.#take(4), true)));
        return;
      }
      case 0x51: {
        // BINPERSID
        this.#push(this.#builder.storage(this.#pop()));
        return;
      }
      case 0x52: {
        // REDUCE
        this.#reduce();
        return;
      }
      case 0x81: // NEWOBJ
        this.#newObject(2);
        return;
      case 0x92: // NEWOBJ_EX
        this.#newObject(3);
        return;
      case 0x62: // BUILD: attributes of an OrderedDict, such as the versions of its modules
        this.#pop();
        if (!['dictionary', 'ignored'].includes(kindOf(this.#top()))) {
          refuse('it sets attributes of a value that is not a dict');
        }
        return;
      case 0x73: {
        // SETITEM
        this.#setItems(this.#last(2));
        return;
      }
      case 0x75: {
        // SETITEMS
        this.#setItems(this.#sinceMark());
        return;
      }
      default:
        refuse(`it asks for the pickle operation 0x${code.toString(16)}, which tensors do not need`);
    }
  }

  #reduce(): void {
    const [callee, given] = this.#last(2);
    if (kindOf(callee) !== 'global' || kindOf(given) !== 'tuple') refuse('it calls a value that is not a function');
    const { name } = callee as Global;
    const { items } = given as Tuple;
    if (isPassedOver(name)) {
      this.#push(ignored);
      return;
    }
    switch (name) {
      case orderedDict:
        if (items.length > 0) refuse('it fills a dict in an unusual way');
        {
          this.#push({ kind: 'dictionary', entries: new Map() });
          return;
        }
      case rebuildParameter: {
        this.#push(kindOf(items[0]) === 'tensor' ? items[0]! : refuse('one of its parameters is not a tensor'));
        return;
      }
      case rebuildTensor: {
        this.#push(this.#builder.tensor(items));
        return;
      }
      default:
        refuse(`it calls ${name.replace(' ', '.')}`);
    }
  }

  /** A class and what it is made of. */
  #newObject(parts: 2 | 3): void {
    const [type] = this.#last(parts);
    const name = kindOf(type) === 'global' ? (type as Global).name : '';
    if (!isPassedOver(name)) refuse(`it makes ${name === '' ? 'something' : `a ${name.replace(' ', '.')}`}`);
    this.#push(ignored);
  }

  #setItems(items: readonly Value[]): void {
    const target = this.#top();
    if (kindOf(target) === 'ignored') return;
    if (kindOf(target) !== 'dictionary' || items.length % 2 !== 0)
      refuse('it adds items to a value that is not a dict');
    for (let index = 0; index < items.length; index += 2) {
      const key = items[index]!;
      // Other keys are numbers of optimizers' states and the like.
      if (typeof key === 'string') (target as Dictionary).entries.set(key, items[index + 1]!);
    }
  }

  #take(count: number): number {
    if (this.#at + count > this.#bytes.byteLength) refuse('it is truncated');
    this.#at += count;
    return this.#at - count;
  }

  #byte(): number {
    return this.#bytes[this.#take(1)]!;
  }

  #text(length: number): string {
    const at = this.#take(length);
    return new TextDecoder().decode(this.#bytes.subarray(at, at + length));
  }

  /** A count of bytes, which may not be more than there are. */
  #length(bytes: 1 | 4 | 8): number {
    const at = this.#take(bytes);
    if (bytes === 1) return this.#bytes[at]!;
    return bytes === 4 ? this.#view.getUint32(at, true) : Number(this.#view.getBigUint64(at, true));
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) refuse('it is truncated');
    const line = this.#text(end - this.#at);
    this.#at += 1;
    return line;
  }

  #long(length: number): number {
    if (length > 8) refuse('it contains a number that is too large');
    let value = 0n;
    const at = this.#take(length);
    for (let index = 0; index < length; index++) value |= BigInt(this.#bytes[at + index]!) << BigInt(8 * index);
    return Number(BigInt.asIntN(length * 8, value));
  }

  #remembered(place: number): Value {
    return this.#memo.get(place) ?? (this.#memo.has(place) ? null : refuse('it refers to a missing value'));
  }

  #push(value: Value): void {
    this.#stack.push(value);
  }

  #pop(): Value {
    return this.#last(1)[0]!;
  }

  #top(): Value {
    const value = this.#stack.at(-1);
    return value === undefined ? refuse('it takes from an empty stack') : value;
  }

  /** Takes the last values off the stack, none from below the last mark. */
  #last(count: number): Value[] {
    if (this.#stack.length - count < (this.#marks.at(-1) ?? 0)) refuse('it takes from an empty stack');
    return this.#stack.splice(this.#stack.length - count);
  }

  #sinceMark(): Value[] {
    const mark = this.#marks.pop();
    if (mark === undefined) return refuse('it takes from an empty stack');
    return this.#stack.splice(mark);
  }
}

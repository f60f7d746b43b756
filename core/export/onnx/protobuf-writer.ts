/**
 * Writes protobuf's wire format: https://protobuf.dev/programming-guides/encoding. A message is a list of pieces, so
 * that weights go into the file as they lie in memory and are never copied.
 */
export class ProtobufWriter {
  readonly #pieces: Uint8Array[] = [];
  #small: number[] = [];
  #length = 0;

  /** Bytes so far. */
  get length(): number {
    return this.#length + this.#small.length;
  }

  /** A whole number of up to 53 bits; negative ones take ten bytes, as int64 wants them. */
  int(field: number, value: number): this {
    this.#tag(field, 0);
    this.#varint(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  float(field: number, value: number): this {
    this.#tag(field, 5);
    this.#small.push(...floatBytes([value]));
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, 2);
    this.#varint(BigInt(value.length));
    this.#piece(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: ProtobufWriter): this {
    this.#tag(field, 2);
    this.#varint(BigInt(value.length));
    for (const piece of value.pieces()) this.#piece(piece);
    return this;
  }

  /** One after another the bytes of the message. */
  pieces(): readonly Uint8Array[] {
    this.#flush();
    return this.#pieces;
  }

  #tag(field: number, kind: number): void {
    this.#varint(BigInt(field * 8 + kind));
  }

  #varint(value: bigint): void {
    let rest = value;
    while (rest > 127n) {
      this.#small.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    this.#small.push(Number(rest));
  }

  #piece(value: Uint8Array): void {
    if (value.length < 64) {
      this.#small.push(...value);
      return;
    }
    this.#flush();
    this.#pieces.push(value);
    this.#length += value.length;
  }

  #flush(): void {
    if (this.#small.length === 0) return;
    this.#pieces.push(Uint8Array.from(this.#small));
    this.#length += this.#small.length;
    this.#small = [];
  }
}

/** Little-endian. */
export function floatBytes(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (const [index, value] of values.entries()) view.setFloat32(4 * index, value, true);
  return new Uint8Array(view.buffer);
}

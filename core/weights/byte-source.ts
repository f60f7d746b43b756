/** Bytes that are read in ranges, so that a file of many gigabytes is never whole in memory. */
export interface ByteSource {
  readonly size: number;
  /** Bytes from `start` up to, not with, `end`; both lie within the size. */
  readonly read: (start: number, end: number) => Promise<Uint8Array>;
}

/** Bytes in memory as a source; ranges are views of them. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.byteLength, read: (start, end) => Promise.resolve(bytes.subarray(start, end)) };
}

/** The float32 numbers of raw bytes; a view where they lie as they must, else a copy. */
export function floatsIn(data: Uint8Array): Float32Array {
  const bytes = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

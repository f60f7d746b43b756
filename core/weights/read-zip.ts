import { unreadable } from './unreadable.ts';

/** Where the end of the directory is looked for: its record and the longest comment. */
const longestEnd = 22 + 0xffff;

/** What an uncompressed ZIP file holds, by names; views of `bytes`. Throws a FailureError for anything else. */
export function readZip(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const within = (offset: number, length: number): number => {
    if (!(offset >= 0 && length >= 0 && offset + length <= bytes.byteLength)) refuse('a part of it lies outside of it');
    return offset;
  };
  const short = (offset: number): number => view.getUint16(within(offset, 2), true);
  const long = (offset: number): number => view.getUint32(within(offset, 4), true);
  const longest = (offset: number): number => Number(view.getBigUint64(within(offset, 8), true));

  const { count, start } = directory();
  const entries = new Map<string, Uint8Array>();
  let at = start;
  for (let index = 0; index < count; index++) {
    if (long(at) !== 0x02014b50) refuse('its directory is damaged');
    const [nameLength, extraLength, commentLength] = [short(at + 28), short(at + 30), short(at + 32)];
    const name = new TextDecoder().decode(bytes.subarray(within(at + 46, nameLength), at + 46 + nameLength));
    if ((short(at + 8) & 1) === 1 || short(at + 10) !== 0) refuse(`its part '${name}' is compressed or encrypted`);
    const [stored, size, place] = sizes(at, at + 46 + nameLength, extraLength);
    if (stored !== size) refuse(`the sizes of its part '${name}' contradict each other`);
    if (long(place) !== 0x04034b50) refuse(`its part '${name}' does not begin where the directory says`);
    const data = place + 30 + short(place + 26) + short(place + 28);
    if (entries.has(name)) refuse(`it has two parts '${name}'`);
    entries.set(name, bytes.subarray(within(data, size), data + size));
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;

  function directory(): { readonly count: number; readonly start: number } {
    const last = bytes.byteLength - 22;
    for (let end = last; end >= Math.max(0, bytes.byteLength - longestEnd); end--) {
      if (view.getUint32(end, true) !== 0x06054b50) continue;
      const found = { count: short(end + 10), start: long(end + 16) };
      if (found.count !== 0xffff && found.start !== 0xffffffff) return found;
      // ZIP64: a locator stands before the end, and names the place of the longer record.
      if (long(end - 20) !== 0x07064b50) refuse('its directory is damaged');
      const record = longest(end - 12);
      if (long(record) !== 0x06064b50) refuse('its directory is damaged');
      return { count: longest(record + 32), start: longest(record + 48) };
    }
    return refuse('it has no directory: it may be cut off');
  }

  /** Sizes that do not fit into four bytes stand in a field of their own. */
  function sizes(entry: number, extra: number, extraLength: number): readonly [number, number, number] {
    const found = [long(entry + 20), long(entry + 24), long(entry + 42)] as const;
    if (!found.includes(0xffffffff)) return found;
    for (let at = extra; at + 4 <= extra + extraLength; at += 4 + short(at + 2)) {
      if (short(at) !== 1) continue;
      let next = at + 4;
      const take = (value: number): number => {
        if (value !== 0xffffffff) return value;
        next += 8;
        return longest(next - 8);
      };
      // In the order of the specification: uncompressed, compressed, place.
      const size = take(found[1]);
      return [take(found[0]), size, take(found[2])];
    }
    return refuse('its directory is damaged');
  }
}

function refuse(why: string): never {
  throw unreadable('PyTorch file', why);
}

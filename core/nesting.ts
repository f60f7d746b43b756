/** Whether objects and arrays of plain data lie within each other more than `levels` deep. Needs no stack of its own. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  // Sets, since an object that is mentioned twice on every level would be counted 2^levels times.
  let level = new Set<object>(isNested(value) ? [value] : []);
  for (let depth = 0; level.size > 0; depth++) {
    if (depth >= levels) return true;
    const within = new Set<object>();
    for (const entry of level) {
      for (const part of Object.values(entry) as unknown[]) if (isNested(part)) within.add(part);
    }
    level = within;
  }
  return false;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
}

/** Works on up to `size` things at once and hands on the results in the order of the things. */
export async function* inWindow<Thing, Result>(
  things: readonly Thing[],
  size: number,
  work: (thing: Thing) => Promise<Result>,
): AsyncGenerator<readonly [Thing, Result]> {
  const underWay: Promise<Result>[] = [];
  for (const [index, thing] of things.entries()) {
    while (underWay.length < Math.min(size, things.length - index))
      underWay.push(work(things[index + underWay.length]!));
    yield [thing, await underWay.shift()!];
  }
}

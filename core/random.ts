/** Numbers from 0 up to 1 of a generator with 32 bits of state (Steele and others 2014, SplitMix): the same for a seed on every machine. */
export function drawsFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Normally distributed numbers, after Box and Muller 1958. */
export function normalsFrom(draw: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}

/** Puts the elements into a random order, in place (Fisher and Yates). */
export function shuffle(elements: Int32Array, draw: () => number): void {
  for (let end = elements.length - 1; end > 0; end--) {
    const other = Math.floor(draw() * (end + 1));
    const kept = elements[end]!;
    elements[end] = elements[other]!;
    elements[other] = kept;
  }
}

/** Whether numbers are consecutive whole ones, each once, in any order: found without keeping them. */
export class Numbering {
  #count = 0;
  #least = Infinity;
  #greatest = -Infinity;
  /** Of all numbers, whatever their order. */
  #sum = 0;

  add(value: number): void {
    this.#count++;
    this.#least = Math.min(this.#least, value);
    this.#greatest = Math.max(this.#greatest, value);
    this.#sum = (this.#sum + mixed(value)) | 0;
  }

  /** Of exactly so many. Numbers that repeat pass for others with a probability of 2⁻³². */
  isOf(count: number): boolean {
    if (this.#count !== count || this.#greatest - this.#least + 1 !== count) return false;
    // Above these a number plus 1 may be itself.
    if (!Number.isSafeInteger(this.#least) || !Number.isSafeInteger(this.#greatest)) return false;
    let sum = 0;
    for (let value = this.#least; value <= this.#greatest; value++) sum = (sum + mixed(value)) | 0;
    return sum === this.#sum;
  }
}

/** Bits of a number so that sums of different ones differ (the finalisation of MurmurHash3); fractions too. */
function mixed(value: number): number {
  let bits = Math.floor(value) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return Number.isInteger(value) ? bits ^ (bits >>> 16) : ~bits;
}

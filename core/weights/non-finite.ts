import type { TensorType } from './stored-tensor.ts';

/** Bits of the exponent, which are all set in NaN and the infinities, in the upper bytes of a value. */
const exponents: Readonly<Partial<Record<TensorType, { readonly bytes: number; readonly mask: number }>>> = {
  F64: { bytes: 8, mask: 0x7ff0 },
  F32: { bytes: 4, mask: 0x7f80 },
  BF16: { bytes: 2, mask: 0x7f80 },
  F16: { bytes: 2, mask: 0x7c00 },
};

/** How many values of a tensor are NaN or infinite; whole numbers never are. */
export function countNonFinite(type: TensorType, data: Uint8Array): number {
  const exponent = exponents[type];
  if (exponent === undefined) return 0;
  const { bytes, mask } = exponent;
  let count = 0;
  for (let upper = bytes - 1; upper < data.byteLength; upper += bytes) {
    if ((((data[upper]! << 8) | data[upper - 1]!) & mask) === mask) count += 1;
  }
  return count;
}

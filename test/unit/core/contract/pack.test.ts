import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '../../../../core/contract/pack.ts';

/** A message as a client can write it: a text and the bytes behind it. */
function message(text: string, bytes = 0): Uint8Array<ArrayBuffer> {
  const encoded = new TextEncoder().encode(text);
  const whole = new Uint8Array(Math.ceil((4 + encoded.length) / 8) * 8 + bytes);
  new DataView(whole.buffer).setUint32(0, encoded.length, true);
  whole.set(encoded, 4);
  return whole;
}

const arrays = fc.oneof(fc.uint8Array(), fc.int32Array(), fc.float32Array({ noNaN: true }), fc.constant(null));

describe('packed messages', () => {
  it('come back as they were, with several arrays', () => {
    fc.assert(
      fc.property(fc.array(arrays), (values) => {
        expect(unpack(pack({ values }))).toEqual({ values });
      }),
      { numRuns: 200 },
    );
  });

  it('that mention the same bytes again and again are refused', () => {
    const mention = '{"$array":["Uint8Array",0,1000]}';
    expect(unpack(message(`[${mention}]`, 1000))).toEqual([new Uint8Array(1000)]);
    expect(() => unpack(message(`[${Array(200_000).fill(mention).join()}]`, 1000))).toThrow(RangeError);
  });

  it('whose arrays lie outside are refused', () => {
    for (const place of ['0,1001', '993,8', '-8,8', '0,-1', '8,1000', '9007199254740991,1']) {
      expect(() => unpack(message(`[{"$array":["Uint8Array",${place}]}]`, 1000)), place).toThrow(RangeError);
    }
  });

  it('of any bytes are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          unpack(new Uint8Array(bytes));
        } catch (error) {
          expect(error).toSatisfy((thrown) => thrown instanceof RangeError || thrown instanceof SyntaxError);
        }
      }),
    );
  });
});

/**
 * Powers of two that bring a row near 1, so that its squares neither overflow nor underflow.
 *
 * Multiplying by a power of two commits no rounding error unless the product is subnormal (Higham 2002, section 2.1).
 */

const word = new DataView(new ArrayBuffer(8))

/** Exponent field of the largest finite doubles; 2046 − e is the field of the reciprocal power. */
const largest = 2046

/**
 * A normal power of two s with s·size in [1, 4) for any normal `size` > 0.
 *
 * A subnormal `size` gets 2^1023, which brings it to 2^−51 or more; 0 does too. An infinite `size` gets 1, so that
 * infinities and NaN take their course.
 *
 * @param size finite or infinite, >= 0
 */
export function reciprocalPower(size: number): number {
  if (!(size < Infinity)) return 1
  word.setFloat64(0, size)
  const field = word.getUint32(0) >>> 20
  word.setUint32(0, Math.max(1, largest - field) << 20)
  word.setUint32(4, 0)
  return word.getFloat64(0)
}

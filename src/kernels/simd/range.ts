/**
 * Whether products stay in range: decided by exponents, before any arithmetic, from the largest magnitudes of the factors.
 *
 * Where the answer is no, kernels take the reference, which sums float32 in float64, and says what IEEE arithmetic says
 * of overflow in float64.
 */
import type { Lanes } from './module.ts'

/** An exponent e with |x| < 2^e for all of a block, Infinity where it holds NaN or an infinity, −Infinity for zeros. */
export function exponentOf(lanes: Lanes, x: number, count: number): number {
  const top = lanes.size(x, count)
  if (top === 0 && lanes.bytes === 4) return -Infinity
  const field = lanes.bytes === 4 ? top >>> 23 : top >>> 20
  const [largest, bias] = lanes.bytes === 4 ? [255, 126] : [2047, 1022]
  return field === largest ? Infinity : field - bias
}

/** An exponent e with |x| <= 2^e. */
export function exponentOfNumber(x: number): number {
  return Math.ceil(Math.log2(Math.abs(x)))
}

/**
 * Whether sums of d products of factors under 2^e, times `scale`, stay under 2^limit; and so do all their parts.
 *
 * @param limit of float32 or float64 unless given
 */
export function staysFinite(
  lanes: Lanes,
  e: number,
  d: number,
  scale: number,
  limit: number = lanes.bytes === 4 ? 127 : 1023,
): boolean {
  return e + Math.ceil(Math.log2(Math.max(d, 1))) + Math.max(0, exponentOfNumber(scale)) < limit
}

/**
 * Whether what underflows is negligible. A product of float32 below 2^-126 errs by up to 2^-150; where the largest
 * possible product reaches 2^-64 that is 2^-86 of it, and where a factor is zero nothing errs. float64 underflows in the
 * reference just the same.
 */
export function underflowIsNegligible(lanes: Lanes, e: number): boolean {
  return lanes.bytes === 8 || e === -Infinity || e >= -64
}

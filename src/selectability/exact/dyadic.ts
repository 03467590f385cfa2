/**
 * Exact numbers: every finite float is `m·2^e` with integers m and e, and sums and products of such numbers are such numbers.
 *
 * No rounding happens in this file except in `toNumber` and `ratio`, which say how far they are off.
 */

/** The number `m·2^e`. */
export interface Dyadic {
  readonly m: bigint
  readonly e: number
}

export const zero: Dyadic = { m: 0n, e: 0 }

const word = new Float64Array(1)
const halves = new Uint32Array(word.buffer)
const low = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1

/** The exponent of the last set bit of a finite float: x is an odd multiple of 2^(that); Infinity for 0. */
export function lastBit(x: number): number {
  if (x === 0) return Infinity
  word[0] = x
  const lo = halves[low]
  const hi = halves[1 - low]
  const biased = (hi >>> 20) & 0x7ff
  const unit = biased === 0 ? -1074 : biased - 1075
  // A subnormal has no leading bit of its own, but then some lower bit is set.
  const top = (hi & 0xfffff) | 0x100000
  return unit + (lo === 0 ? 32 + trailingZeros(top) : trailingZeros(lo))
}

function trailingZeros(bits: number): number {
  return 31 - Math.clz32(bits & -bits)
}

/** `x·2^shift` in two steps, so that neither power of two leaves the range of floats; exact unless the result underflows. */
export function ldexp(x: number, shift: number): number {
  const clamped = Math.max(-2200, Math.min(2200, shift))
  const half = Math.trunc(clamped / 3)
  return x * 2 ** half * 2 ** half * 2 ** (clamped - 2 * half)
}

/** The integer `x·2^−e`; e must be at most `lastBit(x)`. */
export function toInteger(x: number, e: number): bigint {
  if (x === 0) return 0n
  const own = lastBit(x)
  return BigInt(ldexp(x, -own)) << BigInt(own - e)
}

/** The exact value of a finite float. */
export function dyadic(x: number): Dyadic {
  if (x === 0) return zero
  const e = lastBit(x)
  return { m: BigInt(ldexp(x, -e)), e }
}

export function add(a: Dyadic, b: Dyadic): Dyadic {
  if (a.m === 0n) return b
  if (b.m === 0n) return a
  return a.e <= b.e ? { m: a.m + (b.m << BigInt(b.e - a.e)), e: a.e } : add(b, a)
}

export function negate(a: Dyadic): Dyadic {
  return { m: -a.m, e: a.e }
}

export function subtract(a: Dyadic, b: Dyadic): Dyadic {
  return add(a, negate(b))
}

export function multiply(a: Dyadic, b: Dyadic): Dyadic {
  return { m: a.m * b.m, e: a.e + b.e }
}

/** −1, 0 or 1 as a is below, at or above b. */
export function compare(a: Dyadic, b: Dyadic): number {
  const { m } = subtract(a, b)
  return m > 0n ? 1 : m < 0n ? -1 : 0
}

export function square(a: Dyadic): Dyadic {
  return multiply(a, a)
}

export function bitLength(m: bigint): number {
  return (m < 0n ? -m : m).toString(16).length * 4
}

/** `a/b` for b ≠ 0, rounded to nearest: 69 bits or more and a sticky one decide it. Below 2^−1022 it is rounded once more. */
export function ratio(a: Dyadic, b: Dyadic): number {
  if (a.m === 0n) return 0
  const divisor = b.m < 0n ? -b.m : b.m
  const lift = Math.max(0, 76 + bitLength(divisor) - bitLength(a.m))
  const scaled = (a.m < 0n ? -a.m : a.m) << BigInt(lift)
  const quotient = scaled / divisor
  const drop = Math.max(0, bitLength(quotient) - 72)
  const kept = quotient >> BigInt(drop)
  const sticky = (kept << BigInt(drop)) * divisor === scaled ? 0n : 1n
  const size = ldexp(Number((kept << 1n) | sticky), a.e - b.e - lift + drop - 1)
  return a.m < 0n === b.m < 0n ? size : -size
}

/** Weights in proportion as floats that sum to 1, each rounded to nearest, and never to 0. */
export function roundExact(weights: readonly bigint[]): Float64Array {
  const total = { m: weights.reduce((sum, w) => sum + w, 0n), e: 0 }
  return Float64Array.from(weights, (m) => Math.max(Number.MIN_VALUE, ratio({ m, e: 0 }, total)))
}

/** The nearest float, or below 2^−1022 its neighbour. */
export function toNumber(a: Dyadic): number {
  return ratio(a, { m: 1n, e: 0 })
}

/**
 * `√(a/b)`, also where a/b itself would overflow or underflow: within 3/4 of 2^−52 relative, and 0.86 of a unit in the last place. Half a
 * unit is the root's own rounding, and the rest half of the quotient's.
 */
export function rootRatio(a: Dyadic, b: Dyadic): number {
  const size = bitLength(a.m) + a.e - bitLength(b.m) - b.e
  const half = Math.trunc(size / 2)
  return ldexp(Math.sqrt(ratio({ m: a.m, e: a.e - 2 * half }, b)), half)
}

/** Floats over one common power of two: `x_c = integers_c·2^e`. */
export function commonIntegers(x: ArrayLike<number>): { integers: bigint[]; e: number } {
  let e = Infinity
  for (let c = 0; c < x.length; c++) e = Math.min(e, lastBit(x[c]))
  if (e === Infinity) e = 0
  return { integers: Array.from(x, (value) => toInteger(value, e)), e }
}

/**
 * Real numbers in fixed point, far beyond float64: what the bounds on attainable weights are held against.
 *
 * A number is a bigint in units of 2^−bits. Every function is off by a few units; with 400 bits that is nothing beside a float's rounding.
 */
import { decompose } from './rational.ts'

export const bits = 400
export const one: bigint = 1n << BigInt(bits)

/** A finite float, exactly but for what is below 2^−bits. */
export function fixed(x: number): bigint {
  const { mantissa, exponent } = decompose(x)
  const shift = exponent + bits
  return shift >= 0 ? mantissa << BigInt(shift) : mantissa >> BigInt(-shift)
}

export const times = (a: bigint, b: bigint): bigint => (a * b) >> BigInt(bits)
export const over = (a: bigint, b: bigint): bigint => (a << BigInt(bits)) / b
export const total = (terms: readonly bigint[]): bigint => terms.reduce((sum, x) => sum + x, 0n)

/** Integer square root, rounded down (Newton's method from above). */
function isqrt(x: bigint): bigint {
  if (x < 2n) return x
  let y = 1n << BigInt((x.toString(2).length >> 1) + 1)
  for (;;) {
    const next = (y + x / y) >> 1n
    if (next >= y) return y
    y = next
  }
}

export const root = (x: bigint): bigint => isqrt(x << BigInt(bits))

/** ln 2 = 2·artanh(1/3). */
const ln2 = 2n * artanh(one / 3n)

function artanh(x: bigint): bigint {
  const square = times(x, x)
  let sum = 0n
  let power = x
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k
    power = times(power, square)
  }
  return sum
}

export function exp(x: bigint): bigint {
  const k = x / ln2 - (x < 0n ? 1n : 0n)
  const rest = x - k * ln2
  let sum = 0n
  let term = one
  for (let j = 1n; term !== 0n; j++) {
    sum += term
    term = times(term, rest) / j
  }
  return k >= 0n ? sum << k : sum >> -k
}

/** The natural logarithm of x > 0: x = m·2^k with m near 1, `ln m = 2·artanh((m − 1)/(m + 1))`. */
export function log(x: bigint): bigint {
  if (x <= 0n) throw new RangeError('log: expected a number above 2^-400')
  const k = x.toString(2).length - 1 - bits
  const m = k >= 0 ? x >> BigInt(k) : x << BigInt(-k)
  return 2n * artanh(over(m - one, m + one)) + BigInt(k) * ln2
}

/** Rounded to a float, by way of its leading 64 bits. */
export function toFloat(x: bigint): number {
  const size = x < 0n ? -x : x
  const drop = Math.max(0, size.toString(2).length - 64)
  return Math.sign(Number(x)) * Number(size >> BigInt(drop)) * 2 ** (drop - bits)
}

/**
 * Exponentials and logarithms with proven bounds, whatever the engine's own are worth.
 *
 * `x = k·ln 2 + r` with |r| <= 0.3466, and Taylor's polynomial of degree 13 for exp(r): the remainder is below 2^−57, and Horner's
 * scheme rounds the terms of an alternating or a quickly falling sum, at most 3u in all. ln 2 is held in two parts, of which the
 * first has 32 zero bits at its end, so that k times it is exact (N. J. Higham, *Accuracy and Stability of Numerical Algorithms*,
 * 2nd ed. 2002, §5.1; the split is W. J. Cody and W. Waite's, *Software Manual for the Elementary Functions*, 1980).
 */
import { u } from '../bounds.ts'

const ln2High = 0.6931471803691238
const ln2Low = 1.9082149292705877e-10

/** 1/0!, 1/1!, …, 1/13!. */
const inverseFactorials = ((): Float64Array => {
  const table = new Float64Array(14)
  let factorial = 1
  for (let k = 0; k < 14; k++) {
    if (k > 0) factorial *= k
    table[k] = 1 / factorial
  }
  return table
})()

/** 2^k for k from −`lowestPower` on: a table takes a tenth of the time of the operator, which was most of an exponential's. */
const lowestPower = 540
const powers = Float64Array.from({ length: 2 * lowestPower }, (_, k) => 2 ** (k - lowestPower))

/** The relative error of `exponential` is below this: 3u of Horner's scheme, u of r, the remainder, and as much again to spare. */
export const relativeError: number = 8 * u

/** Below this exp is smaller than every positive float. */
const lowest = -745.2

/** exp(x) for x <= 709, within `relativeError`, and within 2^−1074 where that is more; 0 or more. */
export function exponential(x: number): number {
  if (!(x > lowest)) return 0
  const k = Math.round(x * Math.LOG2E)
  const r = x - k * ln2High - k * ln2Low
  let sum = inverseFactorials[13]
  for (let at = 12; at >= 0; at--) sum = sum * r + inverseFactorials[at]
  const half = Math.trunc(k / 2)
  return sum * powers[lowestPower + half] * powers[lowestPower + k - half]
}

/** A lower bound on exp(x), x <= 709. */
export function exponentialBelow(x: number): number {
  return Math.max(0, exponential(x) * (1 - 2 * relativeError) - 2 ** -1073)
}

/** An upper bound on exp(x), x <= 709. */
export function exponentialAbove(x: number): number {
  return exponential(x) * (1 + 2 * relativeError) + 2 ** -1073
}

/** e to minus the logarithm of less is out of the table's reach. */
const tiny = 2 ** -900

/**
 * An upper bound on log w, 0 < w <= 2, from any proposal y: `log w = y + log(w·e^−y)` and `log(1 + t) <= t`. Tiny weights are first
 * brought up by a power of two.
 */
export function logarithmAbove(w: number): number {
  const lift = w < tiny ? 200 : 0
  const lifted = lift === 0 ? w : w * 2 ** lift
  const y = Math.log(lifted)
  const t = lifted * exponential(-y) * (1 + 2 * relativeError) - 1
  const sum = y + t + 2 * u
  return sum - lift * Math.LN2 + 4 * u * (Math.abs(sum) + lift)
}

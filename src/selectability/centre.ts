/** A point amid the keys, around which the key itself is a good query for most keys. */
import { ldexp } from './exact/dyadic.ts'
import { exponentOf, powersOf } from './keyset.ts'
import type { KeySet } from './keyset.ts'

/** Keys at or above this are not centred: their differences could overflow. */
const hugest = 2 ** 1022

/** Keys whose lengths are equal to this lie on a sphere around the origin. */
const roundness = 1 - 2 ** -10

/**
 * Whether the keys lie on a sphere around the origin and not all on one side of it, so far that the mean would be half as long: then each
 * selects itself around the origin, and need not around the mean. `mean` is in units of 2^exponent.
 */
function isSphere({ data, d, exponent }: KeySet, first: Int32Array, mean: Float64Array): boolean {
  const [p, q, r] = powersOf(-exponent)
  let least = Infinity
  let most = 0
  for (let v = 0; v < first.length; v++) {
    let sum = 0
    for (let c = 0, at = first[v] * d; c < d; c++, at++) {
      const x = data[at] * p * q * r
      sum += x * x
    }
    least = Math.min(least, sum)
    most = Math.max(most, sum)
    if (!(least >= roundness * most)) return false
  }
  return mean.reduce((sum, x) => sum + x * x, 0) <= most / 4
}

/**
 * A point amid the distinct keys: the origin if they lie on a sphere around it, or else their mean, but 0 in coordinates so large that a
 * difference could overflow.
 *
 * Complexity: O(n·d).
 */
export function centreOf(keys: KeySet, first: Int32Array): Float64Array {
  const { data, d, exponent: e } = keys
  const [p, q, r] = powersOf(-e)
  const mean = new Float64Array(d)
  for (let v = 0; v < first.length; v++) {
    for (let c = 0, at = first[v] * d; c < d; c++, at++) mean[c] += data[at] * p * q * r
  }
  for (let c = 0; c < d; c++) mean[c] /= first.length
  const centre = new Float64Array(d)
  if (isSphere(keys, first, mean)) return centre
  for (let c = 0; c < d; c++) centre[c] = ldexp(mean[c], e)
  if (e < 1022) return centre
  for (const j of first) for (let c = 0; c < d; c++) if (!(Math.abs(data[j * d + c]) < hugest)) centre[c] = 0
  return centre
}

/** The exponent of the largest coordinate of the keys around a centre. */
export function spreadOf({ data, d }: KeySet, first: Int32Array, centre: Float64Array): number {
  let top = 0
  for (let v = 0; v < first.length; v++) {
    for (let c = 0, at = first[v] * d; c < d; c++, at++) {
      const size = Math.abs(data[at] - centre[c])
      if (size > top) top = size
    }
  }
  return exponentOf([top])
}

/**
 * A key's rivals as it sees them: the differences of keys, exact, in one scale.
 *
 * They pose the problem behind an attainable weight: with `a_j = k_j − k_i`, `β_j = b_j − b_i` and `p = scale·q`, the weight of key i is
 * `1/(1 + e^f)`, where `f(p) = log Σ_{j≠i} exp(p·a_j + β_j)` is convex and p ranges over a ball.
 *
 * Points are scaled by a power of two, so that the largest coordinate of one is between 1 and 2; p is scaled the other way.
 */
import { twoSum } from './doubled.ts'
import { exponentOf, powersOf } from './keyset.ts'
import type { KeySet } from './keyset.ts'

/** m rivals of one key in d dimensions. */
export interface Rivals {
  readonly key: number
  readonly m: number
  readonly d: number
  /** The rivals' indices in the key set. */
  readonly indices: Uint32Array
  /** `a_j·2^−exponent`, rounded, m × d, and what rounding left out; exact together but for what is below 2^−1074. */
  readonly offsets: Float64Array
  readonly tails: Float64Array
  /** `β_j`, rounded, and what rounding left out. */
  readonly rises: Float64Array
  readonly riseTails: Float64Array
  readonly exponent: number
}

/** Key i's rivals, the keys of `indices`. */
export function rivalsAround({ data, n, d, bias, exponent }: KeySet, i: number, indices: Uint32Array): Rivals {
  const m = indices.length
  const offsets = new Float64Array(m * d)
  const tails = new Float64Array(m * d)
  // Halved first, so that no difference of keys overflows.
  const first = (m === n - 1 ? exponent : exponentOf(rowsOf(data, d, [i, ...indices]))) + 1
  const down = [2 ** -Math.trunc(first / 2), 2 ** -(first - Math.trunc(first / 2))] as const
  const row = data.subarray(i * d, (i + 1) * d).map((x) => x * down[0] * down[1])
  for (let s = 0, at = 0; s < m; s++) {
    for (let c = 0, from = indices[s] * d; c < d; c++, at++, from++) {
      const own = row[c]
      const other = data[from] * down[0] * down[1]
      const difference = other - own
      const back = difference - other
      offsets[at] = difference
      tails[at] = other - (difference - back) - (own + back)
    }
  }
  const second = exponentOf(offsets)
  if (second !== 0) {
    const [p, q, r] = powersOf(-second)
    for (let at = 0; at < m * d; at++) {
      offsets[at] = offsets[at] * p * q * r
      tails[at] = tails[at] * p * q * r
    }
  }
  const rises = new Float64Array(m)
  const riseTails = new Float64Array(m)
  if (bias !== null) {
    for (let s = 0; s < m; s++) {
      const { high, low } = twoSum(bias[indices[s]], -bias[i])
      rises[s] = high
      riseTails[s] = low
    }
  }
  return { key: i, m, d, indices, offsets, tails, rises, riseTails, exponent: first + second }
}

function rowsOf(data: Float64Array, d: number, indices: readonly number[]): Float64Array {
  const rows = new Float64Array(indices.length * d)
  indices.forEach((j, at) => rows.set(data.subarray(j * d, (j + 1) * d), at * d))
  return rows
}

/** All keys but i. */
export function othersThan(n: number, i: number): Uint32Array {
  const others = new Uint32Array(n - 1)
  for (let s = 0; s < n - 1; s++) others[s] = s < i ? s : s + 1
  return others
}

/** Keys as integer vectors over a common power of two. */
import { commonIntegers } from './dyadic.ts'
import type { KeySet } from '../keyset.ts'

/** The integers of a whole key set, computed once and shared by every exact decision on it. */
export interface IntegerKeys {
  /** `k_jc = rows[j][c]·2^keyExponent`; with a bias, `b_j = rows[j][d]·2^biasExponent`. */
  readonly rows: readonly (readonly bigint[])[]
  readonly keyExponent: number
  readonly biasExponent: number
}

/** The keys of `indices` as integers. */
export function integerKeys({ data, d, bias }: KeySet, indices: ArrayLike<number>): IntegerKeys {
  const picked = new Float64Array(indices.length * d)
  for (let at = 0; at < indices.length; at++) {
    const j = indices[at]
    picked.set(data.subarray(j * d, (j + 1) * d), at * d)
  }
  const keys = commonIntegers(picked)
  const biases = bias === null ? null : commonIntegers(Float64Array.from(indices, (j) => bias[j]))
  const rows = Array.from({ length: indices.length }, (_, at) => {
    const row = keys.integers.slice(at * d, (at + 1) * d)
    if (biases !== null) row.push(biases.integers[at])
    return row
  })
  return { rows, keyExponent: keys.e, biasExponent: biases?.e ?? 0 }
}

/** `a − b`, entry by entry. */
export function minus(a: readonly bigint[], b: readonly bigint[]): bigint[] {
  return a.map((x, c) => x - b[c])
}

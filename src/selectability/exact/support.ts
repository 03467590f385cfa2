/**
 * Whether a support alone proves that a key lies in its hull: exact weights > 0 with distance 0.
 *
 * The weights are proposed by `weights.ts` and judged here, so nothing that finds them needs to be trusted. Where the support is
 * affinely independent they are unique, and the certificate's weights must be those, rounded.
 */
import { ratio } from './dyadic.ts'
import { integerKeys, minus } from './integers.ts'
import { dotIntegers, nullspace } from './linear.ts'
import { spansSpace } from './padic.ts'
import { findWeights } from './weights.ts'
import type { KeySet } from '../keyset.ts'

/**
 * Null when exact weights > 0, of which `weights` are roundings, put key i at distance 0 on `support`, with at least its bias;
 * else what is wrong. With `spanning`, the support must also span the affine hull of all keys.
 *
 * Complexity: O(m²·d) exact products for m support keys; with `spanning` on a deficient set, O(n·d·(d − rank)) more.
 */
export function provesHull(
  keys: KeySet,
  i: number,
  support: Uint32Array,
  weights: Float64Array,
  spanning: boolean,
): string | null {
  const { rows } = integerKeys(keys, [i, ...support])
  const points = rows.slice(1).map((row) => minus(row, rows[0] ?? []))
  const sum = (found: readonly bigint[], c: number): bigint =>
    points.reduce((total, point, s) => total + (found[s] ?? 0n) * (point[c] ?? 0n), 0n)
  const { exact, unique } = findWeights(points, keys.d, weights)
  const positive = exact.length === points.length && exact.every((x) => x > 0n)
  const zero = Array.from({ length: keys.d }, (_, c) => c).every((c) => sum(exact, c) === 0n)
  if (!(positive && zero && sum(exact, keys.d) >= 0n)) return 'weights: no weights > 0 on this support give the key'
  const total = exact.reduce((all, x) => all + x, 0n)
  const off = unique ? weights.findIndex((w, at) => !isRounding(w, exact[at] ?? 0n, total)) : -1
  if (off >= 0) return `weights: the weight of support entry ${off} is not the exact one, rounded`
  return spanning ? spansAll(keys, i, points) : null
}

/** Whether a float weight is `exact/total`, rounded; below 2^−1022 rounding it twice may be off by the smallest float. */
function isRounding(weight: number, exact: bigint, total: bigint): boolean {
  const right = Math.max(Number.MIN_VALUE, ratio({ m: exact, e: 0 }, { m: total, e: 0 }))
  return weight === right || (right < 2 ** -1022 && Math.abs(weight - right) <= Number.MIN_VALUE)
}

function spansAll(keys: KeySet, i: number, points: readonly (readonly bigint[])[]): string | null {
  if (spansSpace(points, keys.d)) return null
  const normals = nullspace(points, keys.d)
  for (let j = 0; j < keys.n; j++) {
    if (j === i) continue
    const { rows } = integerKeys(keys, [i, j])
    const point = minus(rows[1] ?? [], rows[0] ?? [])
    if (normals.some((normal) => dotIntegers(normal, point) !== 0n)) {
      return `support: it does not span the affine hull of the keys; key ${j} is outside`
    }
  }
  return null
}

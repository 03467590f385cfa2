/**
 * Whether a support alone proves that a key lies in its hull: exact weights > 0 with distance 0.
 *
 * The weights are proposed by `weights.ts` and judged here, so nothing that finds them needs to be trusted. Where the support is
 * affinely independent they are unique, and the certificate's weights must be those, rounded.
 */
import { roundExact } from './dyadic.ts'
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
  const points = rows.slice(1).map((row) => minus(row, rows[0]))
  const { exact, unique } = findWeights(points, keys.d, weights)
  const flaw = flawOfWeights(points, keys.d, exact, unique ? weights : null)
  return flaw !== null || !spanning ? flaw : spansAll(keys, i, points)
}

/**
 * What is wrong with integer weights: each must be > 0, together they must give 0, with a rise >= 0 where points have one past d,
 * and `rounded`, where given, must be their shares to the nearest float.
 */
export function flawOfWeights(
  points: readonly (readonly bigint[])[],
  d: number,
  exact: readonly bigint[],
  rounded: Float64Array | null,
): string | null {
  const sum = (c: number): bigint => points.reduce((total, point, s) => total + exact[s] * (point[c] ?? 0n), 0n)
  const zero = (): boolean => Array.from({ length: d }, (_, c) => sum(c)).every((x) => x === 0n)
  if (!(exact.length === points.length && exact.every((x) => x > 0n) && zero() && sum(d) >= 0n)) {
    return 'weights: no weights > 0 on this support give the key'
  }
  const shares = roundExact(exact)
  const off = rounded === null ? -1 : rounded.findIndex((w, s) => w !== shares[s])
  return off < 0 ? null : `weights: the weight of support entry ${off} is not the exact one, rounded`
}

function spansAll(keys: KeySet, i: number, points: readonly (readonly bigint[])[]): string | null {
  if (spansSpace(points, keys.d)) return null
  const normals = nullspace(points, keys.d)
  for (let j = 0; j < keys.n; j++) {
    const { rows } = integerKeys(keys, [i, j])
    const point = minus(rows[1], rows[0])
    if (normals.some((normal) => dotIntegers(normal, point) !== 0n)) {
      return `support: it does not span the affine hull of the keys; key ${j} is outside`
    }
  }
  return null
}

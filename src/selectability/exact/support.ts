/**
 * Whether a support alone proves that a key lies in its hull: exact weights > 0 with distance 0, found here by elimination.
 *
 * Where the support is affinely independent the weights are unique. Where it is not, those of the dependent keys are taken as
 * given, and the rest follow; so the given weights choose among the solutions, and the check stays exact.
 */
import { commonIntegers } from './dyadic.ts'
import { integerKeys, minus } from './integers.ts'
import { dotIntegers, nullspace, reduce } from './linear.ts'
import type { KeySet } from '../keyset.ts'

/** How far a given weight may be from the exact one, relative: one rounding of the quotient and one of the result. */
const roundingShift = 51n

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
  const origin = rows[0] ?? []
  const points = rows.slice(1).map((row) => minus(row, origin))
  const flaw = positiveWeights(points, keys.d, weights, keys.bias !== null)
  return flaw !== null || !spanning ? flaw : spansAll(keys, i, points)
}

function positiveWeights(
  points: readonly (readonly bigint[])[],
  d: number,
  weights: Float64Array,
  biased: boolean,
): string | null {
  const m = points.length
  const equations = Array.from({ length: d }, (_, c) => [...points.map((point) => point[c] ?? 0n), 0n])
  equations.push(new Array<bigint>(m + 1).fill(1n))
  const flaw = solvePositive(equations, weights)
  if (!biased) return flaw.reason
  const rises = points.map((point) => point[d] ?? 0n)
  if (flaw.reason === null && dotIntegers(flaw.solution, rises) >= 0n) return null
  return solvePositive([...equations, [...rises, 0n]], weights).reason ?? null
}

/** Exact positive solution of `equations` (last column the right side), the weights of free columns being as given. */
function solvePositive(
  equations: readonly (readonly bigint[])[],
  weights: Float64Array,
): { reason: string | null; solution: bigint[] } {
  const m = weights.length
  const { rows, columns, det } = reduce(equations, m)
  const refuse = (reason: string): { reason: string; solution: bigint[] } => ({ reason, solution: [] })
  const pivots = new Set(columns)
  const given = commonIntegers(weights.map((w, at) => (pivots.has(at) ? 0 : w)))
  const lift = BigInt(Math.max(0, -given.e))
  for (let r = columns.length; r < rows.length; r++) {
    if ((rows[r]?.[m] ?? 0n) !== 0n) return refuse('weights: no weights on this support give the key')
  }
  const sign = det < 0n ? -1n : 1n
  const exact = given.integers.map((x) => x * sign * det)
  for (let r = 0; r < columns.length; r++) {
    const row = rows[r] ?? []
    const known = given.integers.reduce((sum, x, at) => sum + x * (row[at] ?? 0n), 0n)
    exact[columns[r] ?? 0] = sign * (((row[m] ?? 0n) << lift) - known)
  }
  const total = (sign * det) << lift
  if (!exact.every((x) => x > 0n)) return refuse('weights: no weights > 0 on this support give the key')
  const unique = columns.length === m
  for (let at = 0; at < m; at++) {
    const claimed = commonIntegers([weights[at] ?? 0])
    const [left, right] =
      claimed.e < 0
        ? [claimed.integers[0] ?? 0n, 1n << BigInt(-claimed.e)]
        : [(claimed.integers[0] ?? 0n) << BigInt(claimed.e), 1n]
    const off = left * total - (exact[at] ?? 0n) * right
    const size = (exact[at] ?? 0n) * right
    if (unique && (off < 0n ? -off : off) << roundingShift > size) {
      return refuse(`weights: the weight of support entry ${at} is not the exact one, rounded`)
    }
  }
  return { reason: null, solution: exact }
}

function spansAll(keys: KeySet, i: number, points: readonly (readonly bigint[])[]): string | null {
  const normals = nullspace(points, keys.d)
  if (normals.length === 0) return null
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

/**
 * Whether a support alone proves that a key lies in its hull: exact weights > 0 with distance 0, found here by elimination.
 *
 * Where the support is affinely independent the weights are unique. Where it is not, those of the dependent keys are taken as
 * given, and the rest follow; so the given weights choose among the solutions, and the check stays exact.
 */
import { commonIntegers, ratio } from './dyadic.ts'
import { decideExactly } from './decide.ts'
import { integerKeys, minus } from './integers.ts'
import { dotIntegers, nullspace, reduce } from './linear.ts'
import { solveUnique } from './padic.ts'
import type { KeySet } from '../keyset.ts'

/** Elimination is faster than lifting up to about this many unknowns (0.2 ms against 1.1 ms for 9, 335 against 77 for 65). */
const fewKeys = 24

/** How far a given weight may be from the exact one, relative: one rounding of the quotient and one of the result. */
const roundingShift = 51n

/** Weights below the smallest float, 2^−1074, are rounded to it. */
const smallestShift = 1074n

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

/** The weights, rounded, that put key i in a simplex that is known to contain it. */
export function simplexWeights(keys: KeySet, i: number, support: Uint32Array): Float64Array {
  const { rows } = integerKeys(keys, [i, ...support])
  const origin = rows[0] ?? []
  const equations = Array.from({ length: keys.d }, (_, c) =>
    rows.slice(1).map((row) => (row[c] ?? 0n) - (origin[c] ?? 0n)),
  )
  const { solution } = solvePositive(equations, new Float64Array(support.length).fill(1))
  const total = { m: solution.reduce((sum, x) => sum + x, 0n), e: 0 }
  return Float64Array.from(solution, (m) => Math.max(Number.MIN_VALUE, ratio({ m, e: 0 }, total)))
}

function positiveWeights(
  points: readonly (readonly bigint[])[],
  d: number,
  weights: Float64Array,
  biased: boolean,
): string | null {
  const equations = Array.from({ length: d }, (_, c) => points.map((point) => point[c] ?? 0n))
  const found = solvePositive(equations, weights)
  if (!biased) return found.reason === null || found.unique || !haveWeights(points) ? found.reason : null
  const rises = points.map((point) => point[d] ?? 0n)
  if (found.reason === null && dotIntegers(found.solution, rises) >= 0n) return null
  return solvePositive([...equations, rises], weights).reason
}

/**
 * Whether weights > 0 on all points give 0, though none near the given floats do: an exact decision proposes weights, and they
 * count only if they give 0 here and their points span the others, which can then share in them.
 */
function haveWeights(points: readonly (readonly bigint[])[]): boolean {
  const width = points[0]?.length ?? 0
  const rows = [new Array<bigint>(width).fill(0n), ...points]
  const { support, weights } = decideExactly({ rows, keyExponent: 0, biasExponent: 0 }, 0, false)
  const part = support.map((j) => rows[j] ?? [])
  const given = Array.from({ length: width }, (_, c) => part.map((point) => point[c] ?? 0n))
  const zero = given.every((row) => dotIntegers(row, weights) === 0n)
  const spans = reduce(part, width).columns.length === reduce(points, width).columns.length
  return zero && weights.every((w) => w > 0n) && spans
}

/**
 * A positive solution of homogeneous equations, in which the weights of free columns are as given. Columns are eliminated in
 * descending order of weight, so that a free weight, which may be off by its rounding, moves only weights at least as large.
 */
function solvePositive(
  equations: readonly (readonly bigint[])[],
  weights: Float64Array,
): { reason: string | null; solution: bigint[]; unique: boolean } {
  const m = weights.length
  const lifted =
    m > fewKeys ? solveUnique([...equations, new Array<bigint>(m).fill(1n)], unitSum(equations.length)) : null
  if (lifted !== null) return judge(lifted.numerators, weights, true)
  const order = Array.from(weights.keys()).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0))
  const sorted = equations.map((row) => order.map((s) => row[s] ?? 0n))
  const { rows, columns, det } = reduce(sorted, m)
  const pivots = new Set(columns)
  const given = commonIntegers(order.map((s, at) => (pivots.has(at) ? 0 : (weights[s] ?? 0)))).integers
  const sign = det < 0n ? -1n : 1n
  const found = given.map((x) => x * sign * det)
  columns.forEach((column, r) => (found[column] = -sign * dotIntegers(given, rows[r] ?? [])))
  const solution = new Array<bigint>(m).fill(0n)
  order.forEach((s, at) => (solution[s] = found[at] ?? 0n))
  return judge(solution, weights, columns.length === m - 1)
}

/** `Σ w = 1` below homogeneous equations. */
function unitSum(equations: number): bigint[] {
  return [...new Array<bigint>(equations).fill(0n), 1n]
}

function judge(solution: bigint[], weights: Float64Array, unique: boolean): ReturnType<typeof solvePositive> {
  if (!solution.every((x) => x > 0n)) {
    return { reason: 'weights: no weights > 0 on this support give the key', solution: [], unique }
  }
  const total = solution.reduce((sum, x) => sum + x, 0n)
  const off = unique ? weights.findIndex((w, at) => !isRounding(w, solution[at] ?? 0n, total)) : -1
  const reason = off < 0 ? null : `weights: the weight of support entry ${off} is not the exact one, rounded`
  return { reason, solution, unique }
}

/** Whether a float weight is `exact/total`, rounded. */
function isRounding(weight: number, exact: bigint, total: bigint): boolean {
  const { integers, e } = commonIntegers([weight])
  const claimed = (integers[0] ?? 0n) * total
  const off = e < 0 ? claimed - (exact << BigInt(-e)) : (claimed << BigInt(e)) - exact
  const unit = e < 0 ? BigInt(-e) : 0n
  const gap = off < 0n ? -off : off
  return gap << roundingShift <= exact << unit || gap << smallestShift <= total << unit
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

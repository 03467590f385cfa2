/**
 * Exact weights > 0 on a support with `Σ w_s p_s = 0`: proposals, which `support.ts` judges.
 *
 * Where the points are affinely independent the weights are unique. Where they are not, those of the dependent points are taken
 * as given, and the rest follow; where that fails, an exact decision finds weights on a part that all others can share in.
 */
import { decideExactly, shareFace } from './decide.ts'
import { commonIntegers, roundExact } from './dyadic.ts'
import { integerKeys, minus } from './integers.ts'
import { dotIntegers, reduce } from './linear.ts'
import { solveUnique } from './padic.ts'
import type { KeySet } from '../keyset.ts'

type Points = readonly (readonly bigint[])[]

/** Integer weights in proportion, one a point, or none; `unique` when no others can be. */
export interface ExactWeights {
  readonly exact: bigint[]
  readonly unique: boolean
}

/** Elimination is faster than lifting up to about this many unknowns (0.2 ms against 1.1 ms for 9, 335 against 77 for 65). */
const fewKeys = 24

/** Proposes weights near `given`; points may have a last entry past d, the rise of their bias, whose weighted sum is to be >= 0. */
export function findWeights(points: Points, d: number, given: Float64Array): ExactWeights {
  const biased = points[0].length > d
  const equations = Array.from({ length: d }, (_, c) => points.map((point) => point[c]))
  const rises = points.map((point) => point[d] ?? 0n)
  const near = solveNear(equations, given)
  if (near.exact.every((x) => x > 0n) && !(biased && dotIntegers(near.exact, rises) < 0n)) return near
  if (biased) return solveNear([...equations, rises], given)
  return near.unique ? near : { exact: shareAll(points, d), unique: false }
}

/** The weights, rounded, that put key i in a simplex that is known to contain it. */
export function simplexWeights(keys: KeySet, i: number, support: Uint32Array): Float64Array {
  const { rows } = integerKeys(keys, [i, ...support])
  const points = rows.slice(1).map((row) => minus(row, rows[0]).slice(0, keys.d))
  return roundExact(findWeights(points, keys.d, new Float64Array(support.length).fill(1)).exact)
}

/**
 * A solution of homogeneous equations, in which the weights of free columns are as given. Columns are eliminated in descending
 * order of weight, so that a free weight, which may be off by its rounding, moves only weights at least as large.
 */
function solveNear(equations: Points, weights: Float64Array): ExactWeights {
  const m = weights.length
  if (m > fewKeys) {
    const right = [...equations.map(() => 0n), 1n]
    const lifted = solveUnique([...equations, new Array<bigint>(m).fill(1n)], right)
    if (lifted !== null) return { exact: lifted.numerators, unique: true }
  }
  const order = Array.from(weights.keys()).sort((a, b) => weights[b] - weights[a])
  const sorted = equations.map((row) => order.map((s) => row[s]))
  const { rows, columns, det } = reduce(sorted, m)
  const pivots = new Set(columns)
  const given = commonIntegers(order.map((s, at) => (pivots.has(at) ? 0 : weights[s]))).integers
  const sign = det < 0n ? -1n : 1n
  const found = given.map((x) => x * sign * det)
  columns.forEach((column, r) => (found[column] = -sign * dotIntegers(given, rows[r])))
  const exact = new Array<bigint>(m).fill(0n)
  order.forEach((s, at) => (exact[s] = found[at]))
  return { exact, unique: columns.length === m - 1 }
}

/** Weights on all points, near no given ones: those of an exact decision, shared out; none where it finds none. */
function shareAll(points: Points, d: number): bigint[] {
  const rows = [new Array<bigint>(d).fill(0n), ...points]
  const { support, weights } = decideExactly({ rows, keyExponent: 0, biasExponent: 0 }, 0, false)
  const rest = points.map((_, at) => at + 1).filter((j) => !support.includes(j))
  const spans =
    reduce(
      support.map((j) => rows[j]),
      d,
    ).columns.length === reduce(points, d).columns.length
  if (!spans) return []
  const shared = shareFace({ support, weights }, rest, rows)
  return points.map((_, at) => shared.weights[shared.support.indexOf(at + 1)])
}

/**
 * A search, in floating point, for the bases at both ends of a range: the revised simplex method with an explicit inverse.
 *
 * What it ends with is a proposal, which `exact/ends.ts` judges, so its thresholds decide only how often exact arithmetic must do the
 * work alone. They are forward-error bounds: a computed product of vectors of length k is off by γ_k of the product of their norms.
 */
import { gamma } from '../bounds.ts'
import { invert } from '../enclosure.ts'
import type { Basis } from '../exact/ends.ts'

/** `{x >= 0 : Σ x_s·column_s = right}`: count × rank numbers, columns of norms near 1. */
export interface Problem {
  readonly count: number
  readonly rank: number
  readonly columns: Float64Array
  readonly right: Float64Array
}

/** See `Proposal`; `separator` has a negative product with every column, or is null where none was found. */
export type Found =
  | {
      readonly feasible: false
      readonly separator: Float64Array | null
      readonly basis: Basis
      readonly signs: readonly (1 | 0 | -1)[]
      readonly short: number
    }
  | { readonly feasible: true; readonly least: Basis; readonly greatest: Basis; readonly ray: number }

/** Pivots after which the inverse is made anew, when there are not more rows: then, as many as they are, it costs what the pivots do. */
const leastRefresh = 32

/** Pivots that a search may take: several times the most that one was measured to need (about 12·rank). */
const stepLimit = (rank: number): number => 200 + 60 * rank

type Goal = 'feasible' | 'greatest' | 'least'

/** How a goal was left: reached, without end in the column that grows, or given up. */
type Outcome = { readonly reached: true } | { readonly reached: false; readonly ray: number } | null

const normOf = (x: Float64Array): number => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0))

/** Finds the ends of the first unknown; null when rounding keeps it from one. Complexity: O(rank·(count + rank)) a pivot. */
export function searchRange({ rank, count, columns, right }: Problem): Found | null {
  const rightNorm = normOf(right)
  const norms = Float64Array.from({ length: count }, (_, s) => normOf(columns.subarray(s * rank, (s + 1) * rank)))
  const signs = Array.from(right, (x): 1 | -1 => (x < 0 ? -1 : 1))
  /** The column at each place, or −1 − r for the signed unit column of row r. */
  const basis = Int32Array.from(right, (_, r) => -1 - r)
  const inside = new Uint8Array(count)
  const inverse = new Float64Array(rank * rank)
  signs.forEach((sign, r) => (inverse[r * rank + r] = sign))
  const rowNorm = new Float64Array(rank).fill(1)
  const level = right.map(Math.abs)
  const entering = new Float64Array(rank)
  const y = new Float64Array(rank)
  const products = new Float64Array(count)
  const relative = gamma(rank + 2)
  const refresh = Math.max(leastRefresh, rank)
  let steps = 0

  const slack = (p: number): number => relative * rowNorm[p] * rightNorm
  const isMissing = (p: number): boolean => basis[p] < 0 && level[p] > slack(p)

  const multiply = (x: Float64Array, from: number, out: Float64Array): void => {
    for (let p = 0, at = 0; p < rank; p++) {
      let sum = 0
      for (let r = 0; r < rank; r++, at++) sum += inverse[at] * x[from + r]
      out[p] = sum
    }
  }
  const renew = (): boolean => {
    for (let p = 0; p < rank; p++) {
      const s = basis[p]
      for (let r = 0; r < rank; r++) {
        inverse[r * rank + p] = s >= 0 ? columns[s * rank + r] : r === -1 - s ? signs[r] : 0
      }
    }
    return invert(inverse, rank)
  }
  const pivot = (place: number, s: number): boolean => {
    if (basis[place] >= 0) inside[basis[place]] = 0
    basis[place] = s
    inside[s] = 1
    steps++
    if (steps % refresh === 0) {
      if (!renew()) return false
    } else {
      const top = place * rank
      for (let r = 0; r < rank; r++) inverse[top + r] /= entering[place]
      for (let p = 0; p < rank; p++) {
        const factor = entering[p]
        if (p === place || factor === 0) continue
        for (let r = 0, at = p * rank; r < rank; r++) inverse[at + r] -= factor * inverse[top + r]
      }
    }
    for (let p = 0; p < rank; p++) rowNorm[p] = normOf(inverse.subarray(p * rank, (p + 1) * rank))
    multiply(right, 0, level)
    return true
  }
  /** The place that leaves for column s, −1 when none does: of those that a step within rounding of the least empties, the surest. */
  const leaving = (s: number): number => {
    multiply(columns, s * rank, entering)
    const least = (p: number): number => relative * rowNorm[p] * norms[s]
    /** How far the step may go for place p; unit columns at 0 stay there, whatever the sign. */
    const reach = (p: number, spare: number): number => {
      if (basis[p] < 0 && level[p] <= slack(p) && Math.abs(entering[p]) > least(p)) return 0
      return entering[p] > least(p) ? (Math.max(0, level[p]) + spare) / entering[p] : Infinity
    }
    let furthest = Infinity
    for (let p = 0; p < rank; p++) furthest = Math.min(furthest, reach(p, slack(p)))
    let best = -1
    for (let p = 0; p < rank; p++) {
      const near = reach(p, 0)
      if (near < Infinity && near <= furthest && (best < 0 || Math.abs(entering[p]) > Math.abs(entering[best])))
        best = p
    }
    return best
  }
  /** Adds the rows of the inverse at some places, times a factor, to y. */
  const gather = (chosen: (p: number) => boolean, factor: number): boolean => {
    let any = false
    for (let p = 0; p < rank; p++) {
      if (!chosen(p)) continue
      any = true
      for (let r = 0; r < rank; r++) y[r] += factor * inverse[p * rank + r]
    }
    return any
  }
  /** Fills y with the goal's multipliers; false when there is nothing left to do for it. */
  const aim = (goal: Goal): boolean => {
    y.fill(0)
    if (goal === 'feasible') return gather(isMissing, 1)
    return gather((p) => basis[p] === 0, goal === 'least' ? 1 : -1)
  }
  const price = (): void => {
    for (let s = 0, at = 0; s < count; s++) {
      let sum = 0
      for (let r = 0; r < rank; r++, at++) sum += y[r] * columns[at]
      products[s] = sum
    }
  }
  /** The column of greatest `y·column/‖column‖`, if that is above rounding; −1 if not. */
  const enter = (): number => {
    price()
    let found = -1
    let best = relative * normOf(y)
    for (let s = 0; s < count; s++) {
      if (products[s] > best * norms[s] && inside[s] === 0) {
        best = products[s] / norms[s]
        found = s
      }
    }
    return found
  }
  const pursue = (goal: Goal): Outcome => {
    while (aim(goal)) {
      const s = enter()
      if (s < 0) return { reached: true }
      const place = leaving(s)
      if (place < 0) return { reached: false, ray: s }
      if (steps >= stepLimit(rank) || !pivot(place, s)) return null
    }
    return { reached: true }
  }
  /** Puts a column in place of each unit column at 0 that some column can replace: a step of no length. */
  const fill = (): boolean => {
    for (let p = 0; p < rank; p++) {
      if (basis[p] >= 0) continue
      y.set(inverse.subarray(p * rank, (p + 1) * rank))
      price()
      let found = -1
      let best = relative * rowNorm[p]
      for (let s = 0; s < count; s++) {
        if (inside[s] !== 0 || !(Math.abs(products[s]) > best * norms[s])) continue
        best = Math.abs(products[s]) / norms[s]
        found = s
      }
      if (found < 0) continue
      multiply(columns, found * rank, entering)
      if (!pivot(p, found)) return false
    }
    return true
  }
  const snapshot = (): Basis => ({
    columns: Array.from(basis).filter((s) => s >= 0),
    rows: Array.from(basis)
      .filter((s) => s < 0)
      .map((s) => -1 - s),
  })
  /**
   * From the multipliers y of the missing rows, `y·column <= 0` with 0 in the basis, towards w with 1 there: `y − ε·w` is negative
   * on all columns if ε is half of what the others, and the right side, leave.
   */
  const separator = (): Float64Array | null => {
    aim('feasible')
    price()
    const [first, value] = [y.slice(), products.slice()]
    y.fill(0)
    gather((p) => basis[p] >= 0, 1)
    price()
    const dot = (x: Float64Array): number => right.reduce((sum, b, r) => sum + b * x[r], 0)
    let epsilon = dot(y) > 0 ? dot(first) / dot(y) : 1
    for (let s = 0; s < count; s++) {
      if (inside[s] === 0 && products[s] < 0) epsilon = Math.min(epsilon, value[s] / products[s])
    }
    const shifted = first.map((x, r) => x - (epsilon / 2) * y[r])
    return epsilon > 0 && shifted.every(Number.isFinite) ? shifted : null
  }

  if (pursue('feasible')?.reached !== true) return null
  const missing = new Set<number>()
  for (let p = 0; p < rank; p++) if (isMissing(p)) missing.add(-1 - basis[p])
  if (missing.size > 0) {
    const held = snapshot()
    const sides = held.rows.map((r) => (missing.has(r) ? signs[r] : 0))
    return { feasible: false, separator: separator(), basis: held, signs: sides, short: -1 }
  }
  if (!fill()) return null
  if (inside[0] === 0) {
    const place = leaving(0)
    if (place < 0) return { feasible: true, least: snapshot(), greatest: snapshot(), ray: 0 }
    if (!pivot(place, 0)) return null
  }
  const up = pursue('greatest')
  const greatest = snapshot()
  const down = up === null ? null : pursue('least')
  if (up === null || down?.reached !== true) return null
  return { feasible: true, least: snapshot(), greatest, ray: up.reached ? -1 : up.ray }
}

/**
 * Whether the origin lies in the convex hull of integer points, decided exactly, with the proof of either answer.
 *
 * Phase one of the revised simplex method on `Σ w_j p_j = 0, Σ w_j = 1, w >= 0`, in integers: the basis inverse is held as
 * `inverse/det`, det > 0, with fraction-free updates (J. Edmonds; see Bareiss 1968). All levels are 0 but that of the last row, whose
 * artificial column stands for what the weights lack of 1: they stay 0 until a column may take its place, and then there are
 * weights. Where none has a price > 0 in that row, the row is a Farkas vector: a query with `q·p_j < 0` for every point.
 */
import { dotIntegers, primitive } from './linear.ts'

/** A query strictly negative on every point, or integer weights > 0 on a support with `Σ w p = 0`. */
export type Separation = { readonly query: bigint[] } | { readonly support: number[]; readonly weights: bigint[] }

/** Stands in the basis for any column that is to be 0 in the end. */
const artificial = -1

/**
 * Decides whether 0 is in the hull of `points` (each of length `dimension`). `hints` are points to try first, such as the
 * corral that a floating-point solver ended with.
 *
 * Terminates: no pivot changes a level; where one put a point in place of another, the next follows Bland's rule (R. G. Bland, *New
 * finite pivoting rules for the simplex method*, Math. Oper. Res. 2, 1977, doi:10.1287/moor.2.2.103), so no basis repeats.
 */
export function separateOrigin(
  points: readonly (readonly bigint[])[],
  dimension: number,
  hints: readonly number[] = [],
): Separation {
  const inverse: bigint[][] = Array.from({ length: dimension + 1 }, (_, r) =>
    Array.from({ length: dimension + 1 }, (__, c) => (r === c ? 1n : 0n)),
  )
  const basis = new Array<number>(dimension).fill(artificial)
  const prices = inverse[dimension]
  let det = 1n

  const entriesOf = (j: number): bigint[] => inverse.map((row) => dotIntegers(points[j], row) + row[dimension])
  const pivot = (r: number, j: number, entering: readonly bigint[]): void => {
    const element = entering[r]
    const sign = element < 0n ? -1n : 1n
    const top = inverse[r]
    inverse.forEach((row, s) => {
      if (s === r) return
      const factor = entering[s]
      for (let c = 0; c <= dimension; c++) row[c] = (sign * (element * row[c] - factor * top[c])) / det
    })
    top.forEach((x, c) => (top[c] = sign * x))
    det = sign * element
    basis[r] = j
  }
  const vacant = (entering: readonly bigint[]): number =>
    basis.findIndex((j, r) => j === artificial && entering[r] !== 0n)
  /** The row that leaves: an artificial one whatever the sign, so that it stays 0, else by the lowest point; −1 for the last row. */
  const leaving = (entering: readonly bigint[]): number => {
    const empty = vacant(entering)
    if (empty >= 0) return empty
    let best = -1
    basis.forEach((j, r) => {
      if (entering[r] > 0n && (best < 0 || j < basis[best])) best = r
    })
    return best
  }

  for (const j of hints) {
    const entering = entriesOf(j)
    const r = vacant(entering)
    if (r >= 0) pivot(r, j, entering)
  }
  let bland = false
  for (;;) {
    let enter = -1
    let best = 0n
    for (let j = 0; j < points.length; j++) {
      const price = dotIntegers(points[j], prices) + prices[dimension]
      if (price <= best) continue
      best = price
      enter = j
      if (bland) break
    }
    if (enter < 0) return { query: primitive(prices.slice(0, dimension)) }
    const entering = entriesOf(enter)
    const r = leaving(entering)
    if (r >= 0) {
      bland = basis[r] !== artificial
      pivot(r, enter, entering)
      continue
    }
    // The column takes as much as the others give up.
    const used = basis.map((j, s) => ({ j, weight: -entering[s] })).filter(({ weight }) => weight > 0n)
    return { support: [...used.map(({ j }) => j), enter], weights: [...used.map(({ weight }) => weight), det] }
  }
}

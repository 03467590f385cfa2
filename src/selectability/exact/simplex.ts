/**
 * Whether the origin lies in the convex hull of integer points, decided exactly, with the proof of either answer.
 *
 * Phase one of the revised simplex method on `Σ w_j p_j = 0, Σ w_j = 1, w >= 0`, in integers: the basis inverse is held as
 * `inverse/det`, with fraction-free updates (J. Edmonds; see Bareiss 1968). When the phase ends above zero its multipliers are
 * a Farkas vector: a query with `q·p_j < 0` for every point.
 */
import { dotIntegers, primitive } from './linear.ts'

/** A query strictly negative on every point, or integer weights > 0 on a support with `Σ w p = 0`. */
export type Separation = { readonly query: bigint[] } | { readonly support: number[]; readonly weights: bigint[] }

/**
 * Decides whether 0 is in the hull of `points` (each of length `dimension`). `hints` are points to try first, such as the
 * corral that a floating-point solver ended with.
 *
 * Terminates: a pivot that does not lower the objective is followed by Bland's rule (R. G. Bland, *New finite pivoting rules
 * for the simplex method*, Math. Oper. Res. 2, 1977, doi:10.1287/moor.2.2.103) until one does, so no basis repeats.
 */
export function separateOrigin(
  points: readonly (readonly bigint[])[],
  dimension: number,
  hints: readonly number[] = [],
): Separation {
  const rank = dimension + 1
  const inverse: bigint[][] = Array.from({ length: rank }, (_, r) =>
    Array.from({ length: rank }, (_, c) => (r === c ? 1n : 0n)),
  )
  const basis = new Array<number>(rank).fill(-1)
  const inBasis = new Set<number>()
  let det = 1n

  const column = (j: number): bigint[] => {
    const point = points[j]
    return inverse.map((row) => dotIntegers(point, row) + row[dimension])
  }
  const level = (r: number): bigint => inverse[r][dimension]
  const pivot = (r: number, j: number, entering: readonly bigint[]): void => {
    const element = entering[r]
    const sign = element < 0n ? -1n : 1n
    const top = inverse[r]
    inverse.forEach((row, s) => {
      const factor = entering[s]
      if (s === r) return
      for (let c = 0; c < rank; c++) row[c] = (sign * (element * row[c] - factor * top[c])) / det
    })
    if (sign < 0n) for (let c = 0; c < rank; c++) top[c] = -top[c]
    det = sign * element
    inBasis.delete(basis[r])
    basis[r] = j
    inBasis.add(j)
  }
  /** The row that leaves: artificials at level 0 whatever the sign, else the least ratio, ties by the lowest point. */
  const leaving = (entering: readonly bigint[]): number => {
    let best = -1
    for (let r = 0; r < rank; r++) {
      const element = entering[r]
      if (basis[r] === -1 && level(r) === 0n && element !== 0n) return r
      if (element <= 0n) continue
      if (best < 0) best = r
      else {
        const order = level(r) * entering[best] - level(best) * element
        if (order < 0n || (order === 0n && basis[r] < basis[best])) best = r
      }
    }
    return best
  }

  for (const j of hints) {
    if (inBasis.has(j)) continue
    const entering = column(j)
    const r = entering.findIndex((element, s) => basis[s] === -1 && level(s) === 0n && element !== 0n)
    if (r >= 0) pivot(r, j, entering)
  }
  let bland = false
  for (;;) {
    const multipliers = new Array<bigint>(rank).fill(0n)
    for (let r = 0; r < rank; r++) {
      if (basis[r] !== -1) continue
      for (let c = 0; c < rank; c++) multipliers[c] += inverse[r][c]
    }
    if (multipliers[dimension] === 0n) break
    let enter = -1
    let price = 0n
    for (let j = 0; j < points.length && !(bland && enter >= 0); j++) {
      if (inBasis.has(j)) continue
      const reduced = dotIntegers(multipliers.slice(0, dimension), points[j]) + multipliers[dimension]
      if (reduced > price) {
        price = reduced
        enter = j
      }
    }
    if (enter < 0) return { query: primitive(multipliers.slice(0, dimension)) }
    const entering = column(enter)
    const r = leaving(entering)
    bland = level(r) === 0n
    pivot(r, enter, entering)
  }
  const used = basis.map((j, r) => ({ j, weight: level(r) })).filter(({ j, weight }) => j >= 0 && weight !== 0n)
  return { support: used.map(({ j }) => j), weights: used.map(({ weight }) => weight) }
}

/**
 * The moments `Σ W_s r_s r_sᵀ` of rows `r_s = (a_s − a_h, 1)`, h the heaviest, as a triangular factor, by Householder's QR of the rows `√W_s r_s`.
 *
 * Columns are scaled to one width; heavy rows come first and columns are exchanged, so that each row's error is in proportion to that row
 * (A. J. Cox and N. J. Higham, *Stability of Householder QR factorization for weighted least squares problems*, 1998, §4): directions in
 * which light rows alone extend keep their digits, where a covariance would lose them, and so would differences from a mean. Of columns that
 * are about as independent the widest goes first: its right side is known best.
 */
import { u } from '../bounds.ts'
import type { Points } from './newton.ts'

/**
 * Solves with the moments. In directions that rounding hides there is nothing to solve with: they are left out, or count
 * as next to nothing, so that a solution tells how much of the right side lies there.
 */
export type Solve = (right: Float64Array, hidden: 'left out' | 'counted') => Float64Array

/** Complexity: O(m·d²). */
export function factorMoments(points: Points, weights: Float64Array, heaviest: number): Solve {
  const { m } = points
  const d = points.d + 1
  const row = new Float64Array(d)
  const place = (s: number): void => {
    for (let c = 0; c < points.d; c++)
      row[c] = points.offsets[s * points.d + c] - points.offsets[heaviest * points.d + c]
    row[d - 1] = 1
  }
  const widths = new Float64Array(d)
  for (let s = 0; s < m; s++) {
    if (!(weights[s] > 0)) continue
    place(s)
    for (let c = 0; c < d; c++) widths[c] += weights[s] * row[c] ** 2
  }
  for (let c = 0; c < d; c++) widths[c] = widths[c] > 0 ? Math.sqrt(widths[c]) : 1
  const kept = Array.from({ length: m }, (_, s) => s).filter((s) => weights[s] > 0)
  const size = new Float64Array(m)
  for (const s of kept) {
    place(s)
    for (let c = 0; c < d; c++) size[s] = Math.max(size[s], Math.abs(row[c]) / widths[c])
    size[s] *= Math.sqrt(weights[s])
  }
  kept.sort((a, b) => size[b] - size[a])
  const rows = kept.length
  const B = new Float64Array(rows * d)
  kept.forEach((s, r) => {
    const root = Math.sqrt(weights[s])
    place(s)
    for (let c = 0; c < d; c++) B[r * d + c] = (root / widths[c]) * row[c]
  })
  const order = Array.from({ length: d }, (_, c) => c)
  const reflector = new Float64Array(rows)
  const rest = new Float64Array(d)
  let rank = 0
  let first = 0
  for (; rank < Math.min(rows, d); rank++) {
    let most = 0
    for (let c = rank; c < d; c++) {
      rest[c] = 0
      for (let r = rank; r < rows; r++) rest[c] += B[r * d + c] * B[r * d + c]
      most = Math.max(most, rest[c])
    }
    let pivot = -1
    for (let c = rank; c < d; c++) {
      if (rest[c] >= most / 64 && (pivot < 0 || widths[order[c]] > widths[order[pivot]])) pivot = c
    }
    const length = Math.sqrt(rest[pivot])
    if (rank === 0) first = length
    if (!(length > 8 * u * d * first)) break
    if (pivot !== rank) {
      for (let r = 0; r < rows; r++) {
        const x = B[r * d + rank]
        B[r * d + rank] = B[r * d + pivot]
        B[r * d + pivot] = x
      }
      ;[order[rank], order[pivot]] = [order[pivot], order[rank]]
    }
    const head = B[rank * d + rank]
    const alpha = head > 0 ? -length : length
    for (let r = rank; r < rows; r++) reflector[r] = B[r * d + rank]
    reflector[rank] -= alpha
    const half = length * (length + Math.abs(head))
    for (let c = rank; c < d; c++) {
      let sum = 0
      for (let r = rank; r < rows; r++) sum += reflector[r] * B[r * d + c]
      const factor = sum / half
      for (let r = rank; r < rows; r++) B[r * d + c] -= factor * reflector[r]
    }
  }
  const hidden = 8 * u * d * Math.max(first, 2 ** -500)
  return (right, counted) => {
    const y = new Float64Array(d)
    for (let r = 0; r < d; r++) {
      let sum = right[order[r]] / widths[order[r]]
      for (let c = 0; c < Math.min(r, rank); c++) sum -= B[c * d + r] * y[c]
      y[r] = r < rank ? sum / B[r * d + r] : counted === 'counted' ? sum / hidden : 0
    }
    for (let r = d - 1; r >= 0; r--) {
      let sum = y[r]
      if (r < rank) for (let c = r + 1; c < d; c++) sum -= B[r * d + c] * y[c]
      y[r] = sum / (r < rank ? B[r * d + r] : hidden)
    }
    const out = new Float64Array(d)
    for (let r = 0; r < d; r++) out[order[r]] = y[r] / widths[order[r]]
    return out
  }
}

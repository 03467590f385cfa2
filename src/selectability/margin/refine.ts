/**
 * The nearest point of a corral's affine hull in doubled precision: weights as sums of two floats, refined on the optimality
 * conditions `a_s·x = λ` for every corral point, `Σ w = 1`, `x = Σ w a`.
 *
 * Each round solves for a correction with the corral's factor of `M = σ·e·eᵀ + AᵀA`: with g_s = a_s·x and t = 1 − Σ w,
 * `M·dw = (λ + σt)·e − g`, and the factor of e follows from `eᵀdw = t`. Heights are computed to twice the digits, so the rounds converge
 * until the weights' second float is rounded (N. J. Higham, *Accuracy and Stability*, 2nd ed. 2002, ch. 12).
 */
import type { Corral } from '../corral.ts'
import { heightOf, hullPoint, pairOf } from '../doubled.ts'
import type { Pair } from '../doubled.ts'
import type { Rivals } from '../rivals.ts'

export interface NearestPoint {
  /** Indices of rivals, and their weights. */
  readonly labels: Int32Array
  readonly weights: Pair
  /** `x = Σ w a`. */
  readonly point: Pair
}

/** Every round gains the digits that the factor has; where it has none the bracket says so. */
const rounds = 4

/** Until weights change by less than `enough`, or the digits end. */
export function refine(rivals: Rivals, corral: Corral, enough: number = 2 ** -95): NearestPoint {
  const { d } = rivals
  const m = corral.size()
  const labels = corral.labels.slice(0, m)
  const weights = pairOf(corral.weights.slice(0, m))
  const uniform = corral.solve(new Float64Array(d + 1).fill(1))
  let total = 0
  for (let s = 0; s < m; s++) total += uniform[s]
  let previous = Infinity
  for (let round = 0; round < rounds; round++) {
    const point = hullPoint(rivals, weights, labels)
    const right = new Float64Array(d + 1)
    let level = 0
    for (let s = 0; s < m; s++) {
      const height = heightOf(rivals, labels[s], point)
      if (s === 0) level = height.high
      right[s] = height.high - level + height.low
    }
    let missing = 1
    for (let s = 0; s < m; s++) missing -= weights.high[s]
    for (let s = 0; s < m; s++) missing -= weights.low[s]
    corral.solve(right)
    let sum = missing
    for (let s = 0; s < m; s++) sum += right[s]
    const factor = sum / total
    let change = 0
    for (let s = 0; s < m; s++) {
      const move = factor * uniform[s] - right[s]
      const low = weights.low[s] + move
      const high = weights.high[s] + low
      weights.low[s] = low - (high - weights.high[s])
      weights.high[s] = high
      change = Math.max(change, Math.abs(move))
    }
    if (!(change < previous / 2) || change < enough) break
    previous = change
  }
  return { labels, weights, point: hullPoint(rivals, weights, labels) }
}

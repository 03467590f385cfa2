/**
 * What a point of the hull proves about the distance δ to it, from both sides.
 *
 * `x = Σ w a` with convex weights is in the hull: δ <= ‖x‖. As a query, −x leaves every rival at least `min_j x·a_j` behind:
 * δ >= min_j x·a_j/‖x‖. Heights are first taken in plain floats, with Higham's bound; only rivals that this leaves near the least
 * are taken again in doubled precision.
 */
import { gamma, u } from '../bounds.ts'
import { droppedShare, heightOf, pointError } from '../doubled.ts'
import type { Rivals } from '../rivals.ts'
import type { NearestPoint } from './refine.ts'

/** `low <= δ <= high`, proven, in the rivals' units; `lowest` is the rival of least height. */
export interface Bracket {
  readonly low: number
  readonly high: number
  readonly lowest: number
}

/** The precision is 1e-12; the bracket must be narrower. */
const precision = 2 ** -41

/** Whether a distance is known to the precision that is asked for; where nothing bounds it from above it is not. */
export function isNarrow({ low, high }: Bracket): boolean {
  return low > 0 && high < Infinity && high - low <= precision * high
}

/** `norms` bound those of the offsets from above. Complexity: O(m·d). */
export function bracketOf(rivals: Rivals, norms: Float64Array, { labels, weights, point }: NearestPoint): Bracket {
  const { m, d, offsets } = rivals
  const { high: x, low: rest } = point
  let size = 0
  for (let s = 0; s < labels.length; s++) size += Math.abs(weights.high[s]) * norms[labels[s]]
  const dropped = pointError(labels.length, d, size)
  let sqNorm = 0
  let sqRest = 0
  for (let c = 0; c < d; c++) {
    const pair = 2 * x[c] * rest[c]
    sqNorm += x[c] * x[c]
    sqRest += pair
  }
  const norm = Math.sqrt(sqNorm + sqRest)
  const slack = gamma(d + 8) * norm + dropped
  let total = 1
  for (const w of weights.high) total -= w
  for (const w of weights.low) total -= w
  const unit = Math.abs(total) + gamma(2 * labels.length + 8) * gamma(2 * labels.length + 8)
  const positive = weights.high.every((w) => w >= 0)
  const high = positive ? ((norm + slack) / (1 - unit)) * (1 + 4 * u) : Infinity
  let least = Infinity
  let lowest = -1
  const relative = gamma(d + 3) * norm * (1 + gamma(d + 8))
  const enough = norm * norm * (1 + 2 ** -44)
  for (let s = 0; s < m; s++) {
    let sum = 0
    for (let c = 0, at = s * d; c < d; c++, at++) sum += x[c] * offsets[at]
    let value = sum - relative * norms[s]
    if (value < enough && value < least) {
      const exact = heightOf(rivals, s, point)
      value = exact.high + exact.low - u * Math.abs(exact.high) - droppedShare(d) * norm * norms[s]
    }
    if (value < least) {
      least = value
      lowest = s
    }
  }
  return { low: (least / (norm + slack)) * (1 - 4 * u), high, lowest }
}

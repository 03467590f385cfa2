/**
 * Weights that put a key in the hull of others, refined until rounding them is all that is left.
 *
 * The corral's weights come from normal equations of rounded points. Here the residual `Σ w_j (k_j − k_i)` is computed in doubled
 * precision (T. Ogita, S. M. Rump, S. Oishi, *Accurate sum and dot product*, SIAM J. Sci. Comput. 26, 2005,
 * doi:10.1137/030601818), and the corral's factor corrects the weights: iterative refinement.
 */
import { gamma, u } from './bounds.ts'
import type { Corral } from './corral.ts'
import { ldexp } from './exact/dyadic.ts'
import type { KeySet } from './keyset.ts'

/** Keys and weights > 0; `bound` is a proven upper bound on their point's distance from key i, in units of 2^exponent. */
export interface HullWeights {
  readonly support: Uint32Array
  readonly weights: Float64Array
  readonly bound: number
}

const splitter = 2 ** 27 + 1

/** Refinement halves the number of wrong digits each time while the factor is any good; two rounds reach rounding. */
const rounds = 2

/** The support's keys and, in the last row, key i, scaled by 2^−exponent: (m + 1) × d. */
export function gatherPoints(keys: KeySet, i: number, support: ArrayLike<number>, exponent: number): Float64Array {
  const { data, d } = keys
  const m = support.length
  const points = new Float64Array((m + 1) * d)
  for (let s = 0; s <= m; s++) {
    const from = (s < m ? support[s] : i) * d
    for (let c = 0; c < d; c++) points[s * d + c] = ldexp(data[from + c], -exponent)
  }
  return points
}

/** Residual `Σ w_s (p_s − p_m)` of gathered points into `out`, and a bound on the error of each coordinate into `error`. */
export function hullResidual(
  points: Float64Array,
  d: number,
  weights: Float64Array,
  out: Float64Array,
  error: Float64Array,
): void {
  const m = weights.length
  const relative = ((m * (m + 7)) / 2 + 1) * u * u * (1 + gamma(4 * m + 16))
  const absolute = m * 2 ** -1020
  for (let c = 0; c < d; c++) {
    const own = points[m * d + c]
    let sum = 0
    let low = 0
    let magnitude = 0
    for (let s = 0; s < m; s++) {
      const w = weights[s]
      const key = points[s * d + c]
      const a = key - own
      const back = a - key
      const tail = key - (a - back) - (own + back)
      const product = w * a
      const wBig = splitter * w
      const wHigh = wBig - (wBig - w)
      const wLow = w - wHigh
      const aBig = splitter * a
      const aHigh = aBig - (aBig - a)
      const aLow = a - aHigh
      const lost = wLow * aLow - (product - wHigh * aHigh - wLow * aHigh - wHigh * aLow)
      const next = sum + product
      const part = next - sum
      low += sum - (next - part) + (product - part) + lost + w * tail
      sum = next
      magnitude += Math.abs(product)
    }
    out[c] = sum + low
    error[c] = u * Math.abs(out[c]) + relative * magnitude + absolute
  }
}

function largestMagnitude(x: Float64Array): number {
  let sum = 0
  for (let c = 0; c < x.length; c++) sum += x[c] * x[c]
  return Math.sqrt(sum + x.length * Number.MIN_VALUE) * (1 + gamma(x.length + 4))
}

/** The corral's weights around the last of its gathered points, refined; they sum to 1 up to rounding. */
export function refineWeights(points: Float64Array, d: number, corral: Corral): Float64Array {
  const m = corral.size()
  const weights = corral.weights.slice(0, m)
  const residual = new Float64Array(d)
  const error = new Float64Array(d)
  const right = new Float64Array(d + 1)
  for (let round = 0; round < rounds; round++) {
    hullResidual(points, d, weights, residual, error)
    let total = 1
    for (let s = 0; s < m; s++) total -= weights[s]
    for (let s = 0; s < m; s++) {
      let sum = corral.ridge() * total
      for (let c = 0; c < d; c++) sum -= residual[c] * (points[s * d + c] - points[m * d + c])
      right[s] = sum
    }
    corral.solve(right)
    for (let s = 0; s < m; s++) weights[s] += right[s]
  }
  return weights
}

/** Drops weights that are not positive, makes the rest sum to 1 up to rounding, and bounds the distance that is left. */
export function boundHull(
  points: Float64Array,
  d: number,
  support: ArrayLike<number>,
  weights: Float64Array,
): HullWeights {
  let total = 0
  for (const w of weights) if (w > 0) total += w
  const shares = weights.map((w) => (w > 0 ? w / total : 0))
  const residual = new Float64Array(d)
  const error = new Float64Array(d)
  hullResidual(points, d, shares, residual, error)
  const bound = (largestMagnitude(residual) + largestMagnitude(error)) * (1 + gamma(weights.length + 8))
  const kept = Array.from(shares.keys()).filter((s) => shares[s] > 0)
  return {
    support: Uint32Array.from(kept, (s) => support[s]),
    weights: Float64Array.from(kept, (s) => shares[s]),
    bound: kept.length === 0 ? Infinity : bound,
  }
}

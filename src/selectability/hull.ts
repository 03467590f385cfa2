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

/** Residual `Σ w_j (k_j − k_i)·2^−exponent` into `out`, and the bound on its error that the return value is. */
export function hullResidual(
  { data, d }: KeySet,
  i: number,
  support: ArrayLike<number>,
  weights: ArrayLike<number>,
  m: number,
  exponent: number,
  out: Float64Array,
): number {
  let sqError = 0
  for (let c = 0; c < d; c++) {
    const own = ldexp(data[i * d + c], -exponent)
    let sum = 0
    let low = 0
    let magnitude = 0
    for (let s = 0; s < m; s++) {
      const w = weights[s]
      const key = ldexp(data[support[s] * d + c], -exponent)
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
      const error = wLow * aLow - (product - wHigh * aHigh - wLow * aHigh - wHigh * aLow)
      const next = sum + product
      const part = next - sum
      low += sum - (next - part) + (product - part) + error + w * tail
      sum = next
      magnitude += Math.abs(product)
    }
    out[c] = sum + low
    const error = u * Math.abs(out[c]) + gamma(2 * m + 4) * gamma(2 * m + 4) * magnitude + m * 2 ** -1020
    sqError += error * error
  }
  return Math.sqrt(sqError) * (1 + gamma(d + 4))
}

function largestMagnitude(x: Float64Array): number {
  let sum = 0
  for (let c = 0; c < x.length; c++) sum += x[c] * x[c]
  return Math.sqrt(sum) * (1 + gamma(x.length + 4))
}

/** Refines the corral's weights around key i; `labels` of the corral are turned into keys by `first`. */
export function refineWeights(
  keys: KeySet,
  i: number,
  corral: Corral,
  first: Int32Array,
  exponent: number,
): HullWeights {
  const m = corral.size()
  const { d } = keys
  const support = Uint32Array.from({ length: m }, (_, s) => first[corral.labels[s]])
  const weights = corral.weights.slice(0, m)
  const residual = new Float64Array(d)
  const right = new Float64Array(d + 1)
  for (let round = 0; round < rounds; round++) {
    hullResidual(keys, i, support, weights, m, exponent, residual)
    let total = 1
    for (let s = 0; s < m; s++) total -= weights[s]
    for (let s = 0; s < m; s++) {
      let sum = total
      for (let c = 0; c < d; c++) {
        sum -= residual[c] * (ldexp(keys.data[support[s] * d + c], -exponent) - ldexp(keys.data[i * d + c], -exponent))
      }
      right[s] = sum
    }
    corral.solve(right)
    for (let s = 0; s < m; s++) weights[s] += right[s]
  }
  return boundedHull(keys, i, support, weights, exponent)
}

/** Drops weights that are not positive, makes the rest sum to 1 up to rounding, and bounds the distance that is left. */
export function boundedHull(
  keys: KeySet,
  i: number,
  support: Uint32Array,
  weights: Float64Array,
  exponent: number,
): HullWeights {
  const kept = Array.from(support.keys()).filter((s) => weights[s] > 0)
  let total = 0
  for (const s of kept) total += weights[s]
  const w = Float64Array.from(kept, (s) => weights[s] / total)
  const keysKept = Uint32Array.from(kept, (s) => support[s])
  const residual = new Float64Array(keys.d)
  const error = hullResidual(keys, i, keysKept, w, w.length, exponent, residual)
  const bound = (largestMagnitude(residual) + error) * (1 + gamma(w.length + 8))
  return { support: keysKept, weights: w, bound: kept.length === 0 ? Infinity : bound }
}

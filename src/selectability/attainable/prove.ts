/**
 * What a query and what weights prove about an attainable weight; neither trusts how they were found.
 *
 * Any query in the ball is a lower bound: its own weight `1/(1 + e^f)`. Any convex weights W on the rivals are an upper one. For every p,
 * by Jensen's inequality, `f(p) >= H(W) + Σ W_j (p·a_j + β_j) >= H(W) + Σ W_j β_j − ‖p‖·‖x‖` with `x = Σ W_j a_j` and H the
 * entropy; so the weight of key i is at most `1/(1 + e^D)`, `D = H(W) + Σ W_j β_j − ρ‖x‖`, while ‖p‖ <= ρ.
 *
 * Without a norm limit x must be 0, which rounded weights cannot promise. But if a ball of radius r around key i lies in the hull
 * of the rivals (in their span), then some convex V has `Σ V_j a_j = −(r/‖x‖)·x`, and the mixture `(r·W + ‖x‖·V)/(r + ‖x‖)` gives 0
 * exactly. Entropy is concave and not negative, so for all p: `f(p) >= (r·(H(W) + Σ W_j β_j) + ‖x‖·min β)/(r + ‖x‖)`.
 *
 * Query and weights are sums of two floats, so that ρ may be large and x small.
 */
import { gamma, u } from '../bounds.ts'
import {
  droppedShare,
  heightOf,
  hullPoint,
  lengthAbove,
  normDoubled,
  pairOf,
  pointError,
  sumDoubled,
  twoProduct,
  twoSum,
} from '../doubled.ts'
import type { Double, Pair } from '../doubled.ts'
import type { Rivals } from '../rivals.ts'
import { exponentialAbove, exponentialBelow, logarithmAbove } from './exponential.ts'

/** The contract's: weight and bound agree to this, relatively. */
const agreement = 1e-9

export function agrees(weight: number, bound: number): boolean {
  return bound - weight <= agreement * bound || bound < 2 ** -1000
}

/** A quotient, a product and a sum or two after the exponentials. */
const raised = 1 + 2 ** -48
export const lowered: number = 1 - 2 ** -48

/** A proven lower bound on the weight that p gives the key. `lengths` are those of the offsets, rounded up. */
export function weightBelow(rivals: Rivals, lengths: Float64Array, p: Pair): number {
  const { d, m, rises, riseTails } = rivals
  const dropped = droppedShare(d) * lengthAbove(p)
  const logits = new Float64Array(m)
  let top = 0
  for (let s = 0; s < m; s++) {
    const height = heightOf(rivals, s, p)
    const sum = twoSum(height.high, rises[s])
    const rest = sum.low + height.low + riseTails[s]
    const error = 4 * u * (Math.abs(sum.high) + Math.abs(sum.low) + Math.abs(height.low) + Math.abs(riseTails[s]))
    logits[s] = sum.high + rest + error + dropped * lengths[s] + 2 ** -990
    top = Math.max(top, logits[s])
  }
  if (!(top < Infinity)) return 0
  let sum = 0
  for (let s = 0; s < m; s++) sum += exponentialAbove((logits[s] - top) * (1 - 2 * u) + u)
  const own = exponentialBelow(-top)
  return (own / (own + sum * (1 + gamma(m + 2)))) * lowered
}

/**
 * A lower bound on f(p) for ‖p‖ <= radius, from weights that sum to about 1: those that sum to T = 1 + ε stand for W/T, and
 * `D(W/T) = (Σ w (β − log w) − ρ‖Σ w a‖)/T + log T`, which is `D·(1 − ε) + ε` but for 2ε² of each.
 */
export function dualBelow(rivals: Rivals, lengths: Float64Array, weights: Pair, radius: Double): number {
  const { m, d, rises, riseTails } = rivals
  let entropy = 0
  let entropyError = 0
  let magnitude = 0
  const gains = pairOf(new Float64Array(m))
  for (let s = 0; s < m; s++) {
    const { high, low } = { high: weights.high[s], low: weights.low[s] }
    const w = high + low
    if (!(w > 0)) continue
    const log = logarithmAbove(w)
    entropy -= w * log
    entropyError += w * (Math.abs(log) + 1)
    magnitude += w * lengths[s]
    const gain = twoProduct(high, rises[s])
    gains.high[s] = gain.high
    gains.low[s] = gain.low + (high * riseTails[s] + low * rises[s])
  }
  const total = sumDoubled(weights)
  const gain = sumDoubled(gains)
  const length = normDoubled(hullPoint(rivals, weights))
  const drop = twoProduct(radius.high, length.high)
  const linear = twoSum(gain.high, -drop.high)
  const rest = linear.low + (gain.low - drop.low - (radius.high * length.low + radius.low * length.high))
  const value = entropy + linear.high + rest
  const spare = total.high - 1 + total.low
  if (!(Math.abs(spare) < 2 ** -20)) return -Infinity
  const size = entropy + Math.abs(linear.high) + Math.abs(linear.low) + 1
  const error =
    4 * gamma(m + 8) * entropyError +
    8 * u * size +
    gain.error +
    radius.high * (pointError(m, d, magnitude) + (droppedShare(d) + 2 ** -100) * length.high + 2 ** -470) +
    (Math.abs(spare) + total.error) ** 2 * 2 * size +
    2 * total.error * size
  return value - value * spare + spare - error
}

/** A lower bound on f(p) for all p, where a ball of radius `depth` > 0 around the key lies in the hull. */
export function dualEverywhere(rivals: Rivals, lengths: Float64Array, weights: Pair, depth: number): number {
  const inside = dualBelow(rivals, lengths, weights, { high: 0, low: 0 })
  const magnitude = weights.high.reduce((sum, w, s) => sum + w * lengths[s], 0)
  const away = lengthAbove(hullPoint(rivals, weights)) + pointError(rivals.m, rivals.d, magnitude)
  const least = rivals.rises.reduce((low, rise) => Math.min(low, rise), Infinity)
  const mixed = (depth * inside + away * least) / (depth + away)
  return mixed - 16 * u * (Math.abs(inside) + Math.abs(least))
}

/** The weight `1/(1 + e^f)`, rounded up, for a lower bound on f. */
export function weightAbove(f: number): number {
  if (f === -Infinity) return 1
  if (f >= 0) {
    const e = exponentialAbove(-f)
    return Math.min(1, (e / (1 + e)) * raised)
  }
  return f < -700 ? 1 : Math.min(1, (1 / (1 + exponentialBelow(f))) * raised)
}

/** The weight `1/(1 + e^f)`, rounded down, for an upper bound on f. */
export function weightAt(f: number): number {
  if (f < 0) return (1 / (1 + exponentialAbove(f))) * lowered
  const e = exponentialBelow(-f)
  return (e / (1 + e)) * lowered
}

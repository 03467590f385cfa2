/**
 * The bounds of `prove.ts` in plain floats: a filter, which settles nearly every key at the norms that queries have, in a third of the time.
 *
 * A logit of d products is off by `γ_(d+8)·(‖p‖·‖a‖ + |β|)`, the offsets' own rounding included, and a coordinate of x by `γ_(m+8)·Σ W ‖a‖`.
 */
import { gamma, u } from '../bounds.ts'
import type { Rivals } from '../rivals.ts'
import { exponentialAbove, exponentialBelow, logarithmAbove } from './exponential.ts'
import { lowered } from './prove.ts'

/** So far behind the first, together with all that are, keys add less than the weight's rounding: they need no exponential. */
const farBehind = 64

/** A lower bound on the weight that p gives the key. Complexity: O(m·d). */
export function quickWeightBelow({ d, m, offsets, rises }: Rivals, lengths: Float64Array, p: Float64Array): number {
  const reach = Math.hypot(...p) * (1 + gamma(d + 8))
  const logits = new Float64Array(m)
  let top = 0
  for (let s = 0, at = 0; s < m; s++) {
    let logit = rises[s]
    for (let c = 0; c < d; c++, at++) logit += p[c] * offsets[at]
    logit += gamma(d + 8) * (reach * lengths[s] + Math.abs(rises[s])) + 2 ** -990
    logits[s] = logit
    if (logit > top) top = logit
  }
  if (!(top < Infinity)) return 0
  let sum = m * exponentialAbove(-farBehind)
  for (let s = 0; s < m; s++) {
    const behind = (logits[s] - top) * (1 - 2 * u) + u
    if (behind > -farBehind) sum += exponentialAbove(behind)
  }
  const own = exponentialBelow(-top)
  return (own / (own + sum * (1 + gamma(m + 2)))) * lowered
}

/** A lower bound on f(p) for ‖p‖ <= radius, from weights that sum to about 1, as `dualBelow` has it. Complexity: O(m·d). */
export function quickDualBelow(
  { m, d, offsets, rises }: Rivals,
  lengths: Float64Array,
  weights: Float64Array,
  radius: number,
): number {
  const x = new Float64Array(d)
  let total = 0
  let value = 0
  let size = 0
  let magnitude = 0
  for (let s = 0; s < m; s++) {
    const w = weights[s]
    if (!(w > 0)) continue
    const log = logarithmAbove(w)
    total += w
    value += w * (rises[s] - log)
    size += w * (Math.abs(log) + Math.abs(rises[s]) + 1)
    magnitude += w * lengths[s]
    for (let c = 0, at = s * d; c < d; c++, at++) x[c] += w * offsets[at]
  }
  const length = Math.hypot(...x) * (1 + gamma(d + 8)) + gamma(m + 8) * magnitude + m * 2 ** -1000
  const drop = radius * length * (1 + 4 * u)
  const spare = total - 1
  if (!(Math.abs(spare) < 2 ** -20)) return -Infinity
  const whole = size + drop
  return (
    value - drop - (value - drop) * spare + spare - (4 * gamma(m + 8) + 2 * (Math.abs(spare) + gamma(m)) ** 2) * whole
  )
}

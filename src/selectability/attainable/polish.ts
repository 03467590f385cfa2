/**
 * The solver's answer carried on in doubled precision, where logits are so large, or points so thin, that rounding keeps the two bounds
 * apart.
 *
 * The query is held as a sum of two floats, logits and the point `x = Σ W a` are computed to the last digit, and only steps are ordinary
 * solves: iterative refinement. Weights are corrected, each in proportion to itself, so that x is what optimality wants: opposite to
 * p on the sphere, 0 inside. The bounds are then apart by second-order terms only.
 */
import { heightOf, hullPoint, pairOf, settle, twoSum } from '../doubled.ts'
import type { Pair } from '../doubled.ts'
import type { Rivals } from '../rivals.ts'
import { ridgeOf, stepInBall } from './ball.ts'
import { factorMoments } from './factor.ts'
import type { Solve } from './factor.ts'
import { columnsOf, covariance } from './newton.ts'
import type { Space } from './space.ts'

/** Rounds of the correction of weights: each gains the digits that the factor has. */
const corrections = 8

/** Weights that changed by more than this share want another factor. */
const refresh = 2 ** -10

/** A weight that is to fall by more than this share is left out. */
const falling = 0.75

function softmaxAt(rivals: Rivals, p: Pair): Float64Array {
  const { m, rises, riseTails } = rivals
  const logits = new Float64Array(m)
  let top = -Infinity
  for (let s = 0; s < m; s++) {
    const height = heightOf(rivals, s, p)
    const sum = twoSum(height.high, rises[s])
    logits[s] = sum.high + (sum.low + height.low + riseTails[s])
    top = Math.max(top, logits[s])
  }
  let total = 0
  for (let s = 0; s < m; s++) {
    logits[s] = Math.exp(logits[s] - top)
    total += logits[s]
  }
  return logits.map((w) => w / total)
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let c = 0; c < x.length; c++) sum += x[c] * y[c]
  return sum
}

/** `p + lift(step)`, not longer than the radius but for rounding. */
function moved(p: Pair, step: Pair): Pair {
  const high = p.high.slice()
  const low = p.low.slice()
  for (let c = 0; c < high.length; c++) {
    const sum = twoSum(high[c], step.high[c])
    high[c] = sum.high
    low[c] += sum.low + step.low[c]
  }
  const out = pairOf(high, low)
  settle(out)
  return out
}

/** The next Newton step from p in doubled precision, for the solver's model of the problem. */
export function refineQuery(rivals: Rivals, space: Space, p: Pair, radius: number): Pair {
  const { points, lift, restrict } = space
  const { m, d } = points
  const weights = softmaxAt(rivals, p)
  const gradient = restrict(hullPoint(rivals, pairOf(weights)))
  const C = covariance(columnsOf(points), weights, gradient)
  const free = radius === Infinity
  const start = free ? new Float64Array(d) : restrict(p)
  const reach = free ? 64 / 2 ** -40 : radius
  return moved(p, lift(stepInBall(C, d, ridgeOf(m, d), gradient, start, reach, 0).step))
}

/** Weights near the softmax at p whose point x is opposite to p where p is on the sphere, and 0 where it is not. */
export function refineWeights(rivals: Rivals, space: Space, p: Pair, radius: number): Pair {
  const { points, restrict } = space
  const { m, d, offsets } = points
  const weights = pairOf(softmaxAt(rivals, p))
  const place = restrict(p)
  const onSphere = radius < Infinity && Math.hypot(...place) >= radius * (1 - 2 ** -20)
  let heaviest = 0
  for (let s = 0; s < m; s++) if (weights.high[s] > weights.high[heaviest]) heaviest = s
  const shift = offsets.slice(heaviest * d, (heaviest + 1) * d)
  let solve: Solve | null = null
  let pull = 0
  for (let round = 0; round < corrections; round++) {
    const x = restrict(hullPoint(rivals, weights))
    let missing = 1
    for (let s = 0; s < m; s++) missing -= weights.high[s]
    for (let s = 0; s < m; s++) missing -= weights.low[s]
    if (!(Math.abs(missing) < falling)) return pairOf(softmaxAt(rivals, p))
    // What the moments of the change must be, but for the pull along p.
    const right = Float64Array.from({ length: d + 1 }, (_, c) => (c < d ? -x[c] - shift[c] * missing : missing))
    const aim = Float64Array.from({ length: d + 1 }, (_, c) => (c < d ? place[c] : 0))
    if (solve === null) {
      solve = factorMoments(points, weights.high, heaviest)
      // Of all −μp the one that the weights reach with the least change, measured as Newton's method does.
      const toAim = solve(aim, 'counted')
      pull = onSphere ? Math.min(0, -dot(toAim, right) / dot(toAim, aim)) : 0
    }
    const y = solve(
      right.map((value, c) => value + pull * aim[c]),
      'left out',
    )
    let change = 0
    for (let s = 0; s < m; s++) {
      if (weights.high[s] === 0) continue
      let share = y[d]
      for (let c = 0; c < d; c++) share += (offsets[s * d + c] - shift[c]) * y[c]
      change = Math.max(change, Math.abs(share))
      // A weight that falls so far is better left out: its key would hold back the others.
      const sum = share < -falling ? twoSum(0, 0) : twoSum(weights.high[s], weights.high[s] * share)
      weights.high[s] = sum.high
      weights.low[s] = share < -falling ? 0 : weights.low[s] + sum.low
    }
    if (change > refresh) solve = null
    settle(weights)
  }
  return weights
}

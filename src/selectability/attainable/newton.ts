/**
 * Minimises `f(p) = log Σ exp(p·a_j + β_j)` over a ball by Newton's method, the ball kept in each quadratic model, each step
 * damped by Armijo's rule.
 *
 * The gradient is `x = Σ W_j a_j` with W the softmax of the logits, the Hessian the covariance of the a_j under W. Where logits are large f is
 * nearly piecewise linear, and Newton's method loses its way. So logits are first divided by a temperature that makes the ball small, and
 * it falls by stages. At each the first step keeps the weights W of the last: as in a primal-dual method, W_j is linearised in
 * itself, `dW_j = W_j (log-odds that are missing)`, or keys whose small weights matter would be lost (S. J. Wright, *Primal-Dual
 * Interior-Point Methods*, 1997, doi:10.1137/1.9781611971453).
 */
import { gemmTransposed } from '../../kernels/backend.ts'
import { ridgeOf, stepInBall } from './ball.ts'

/** Points a_j (m × d) and rises β_j. */
export interface Points {
  readonly offsets: Float64Array
  readonly rises: Float64Array
  readonly m: number
  readonly d: number
}

/** f at p, with the softmax weights and the gradient. */
export interface Minimum {
  readonly p: Float64Array
  readonly f: number
  readonly weights: Float64Array
  readonly gradient: Float64Array
}

/** The last multiplier of the ball and, where there is none, the longest step that is trusted. */
interface State extends Minimum {
  readonly mu: number
  readonly trust: number
}

/** At the first temperature no logit is farther than this from its mean, and each stage makes them this many times larger. */
const cooling = 8

/** Newton steps in a stage that is not the last, and in the last: quadratic convergence needs about ten from a good start. */
const stageSteps = 6
const mostSteps = 100

/** A stage ends when a step promises to lower f by less; the last one when the rounding of f hides it. */
const stagePromise = 2 ** -6
const lastPromise = 2 ** -50

/** Without a ball a step that held its promise lets the next be so many times as long. */
const growth = 4

export function evaluate({ offsets, rises, m, d }: Points, p: Float64Array, temperature = 1): Minimum {
  const weights = new Float64Array(m)
  const gradient = new Float64Array(d)
  let top = -Infinity
  for (let s = 0, at = 0; s < m; s++) {
    let sum = rises[s]
    for (let c = 0; c < d; c++, at++) sum += p[c] * offsets[at]
    weights[s] = sum / temperature
    if (weights[s] > top) top = weights[s]
  }
  let total = 0
  for (let s = 0; s < m; s++) {
    weights[s] = Math.exp(weights[s] - top)
    total += weights[s]
  }
  for (let s = 0; s < m; s++) {
    weights[s] /= total
    const w = weights[s]
    if (w > 0) for (let c = 0, at = s * d; c < d; c++, at++) gradient[c] += w * offsets[at]
  }
  return { p, f: top + Math.log(total), weights, gradient }
}

/** Weights below this add nothing to a covariance that rounding leaves. */
const negligible = 2 ** -200

/** `Σ W_j (a_j − mean)(a_j − mean)ᵀ`, as the product of a matrix with its own transpose, which the kernels compute. */
export function covariance({ offsets, m, d }: Points, weights: Float64Array, mean: Float64Array): Float64Array {
  const kept: number[] = []
  for (let s = 0; s < m; s++) if (weights[s] > negligible) kept.push(s)
  const columns = new Float64Array(d * kept.length)
  kept.forEach((s, at) => {
    const root = Math.sqrt(weights[s])
    for (let c = 0; c < d; c++) columns[c * kept.length + at] = root * (offsets[s * d + c] - mean[c])
  })
  return gemmTransposed(columns, columns, d, d, kept.length, new Float64Array(d * d))
}

/** The step that minimises the quadratic model at p with weights W, and by how much it promises to lower f at this temperature. */
function modelStep(
  points: Points,
  state: Pick<State, 'p' | 'weights' | 'gradient' | 'mu'>,
  pull: Float64Array,
  radius: number,
  trust: number,
  temperature: number,
): { step: Float64Array; mu: number; promise: number } {
  const { m, d } = points
  const C = covariance(points, state.weights, state.gradient)
  for (let at = 0; at < d * d; at++) C[at] /= temperature * temperature
  const g = pull.map((x) => x / temperature)
  const free = radius === Infinity
  const origin = free ? new Float64Array(d) : state.p
  const { step, mu } = stepInBall(C, d, ridgeOf(m, d), g, origin, free ? trust : radius, state.mu)
  let promise = 0
  for (let r = 0; r < d; r++) {
    let sum = 0
    for (let c = 0; c < d; c++) sum += C[r * d + c] * step[c]
    promise -= step[r] * (g[r] + sum / 2)
  }
  return { step, mu, promise }
}

/** A step that takes away more than this share of a weight would, repeated, take it away. */
const falling = -0.5

/**
 * The state without the keys whose weight the step takes away. However little they weigh, while they are in the model a step lowers their
 * logits by about 1, and what lies behind is out of reach. Null where the step takes none away: then Newton's method has converged.
 */
function withoutFalling(points: Points, here: State, step: Float64Array, temperature: number): State | null {
  const { offsets, m, d } = points
  const weights = here.weights.slice()
  const gradient = new Float64Array(d)
  let total = 0
  let fallen = 0
  for (let s = 0; s < m; s++) {
    if (weights[s] === 0) continue
    let change = 0
    for (let c = 0, at = s * d; c < d; c++, at++) change += (offsets[at] - here.gradient[c]) * step[c]
    if (change / temperature < falling) {
      weights[s] = 0
      fallen++
    }
    total += weights[s]
  }
  if (fallen === 0 || !(total > 0)) return null
  for (let s = 0; s < m; s++) {
    weights[s] /= total
    for (let c = 0, at = s * d; c < d; c++, at++) gradient[c] += weights[s] * offsets[at]
  }
  return { ...here, weights, gradient }
}

/** Newton's method at one temperature, until a step promises little. */
function settle(
  points: Points,
  start: State,
  radius: number,
  temperature: number,
  steps: number,
  enough: number,
): State {
  let here = start
  for (let step = 0; step < steps; step++) {
    // Where the weight 1/(1 + e^f) is near 1, what f may still fall by counts e^f times less.
    const least = enough * Math.max(1, Math.abs(here.f), Math.exp(-here.f))
    let model = modelStep(points, here, here.gradient, radius, here.trust, temperature)
    if (!(model.promise > least)) {
      const lighter = withoutFalling(points, here, model.step, temperature)
      if (lighter === null) break
      model = modelStep(points, lighter, lighter.gradient, radius, here.trust, temperature)
      if (!(model.promise > least)) break
    }
    const { step: s, mu } = model
    let slope = 0
    for (let c = 0; c < s.length; c++) slope += (here.gradient[c] * s[c]) / temperature
    let next: State | null = null
    for (let t = 1; t > 2 ** -60; t /= 2) {
      const p = here.p.map((x, c) => x + t * s[c])
      const value = evaluate(points, p, temperature)
      if (value.f < here.f && value.f <= here.f + 2 ** -10 * t * slope) {
        const length = t * Math.hypot(...s)
        next = { ...value, mu, trust: t === 1 ? Math.max(here.trust, growth * length) : 2 * length }
        break
      }
    }
    if (next === null) break
    here = next
  }
  return here
}

/** Where the weights would stay as they are, to first order, while the temperature falls; or p itself, if that is better. */
function predict(points: Points, here: State, radius: number, from: number, to: number): State {
  const { offsets, rises, m, d } = points
  const { p, weights, gradient } = here
  // What the logits of each key exceed those of its weight by.
  const excess = new Float64Array(m)
  let mean = 0
  for (let s = 0, at = 0; s < m; s++) {
    let z = rises[s]
    for (let c = 0; c < d; c++, at++) z += p[c] * offsets[at]
    excess[s] = z * (1 / to - 1 / from)
    mean += weights[s] * excess[s]
  }
  const pull = gradient.slice()
  for (let s = 0; s < m; s++) {
    const factor = weights[s] * (excess[s] - mean)
    for (let c = 0, at = s * d; c < d; c++, at++) pull[c] += factor * offsets[at]
  }
  const { step, mu } = modelStep(points, here, pull, radius, Infinity, to)
  const stay = evaluate(points, p, to)
  const moved = evaluate(
    points,
    p.map((x, c) => x + step[c]),
    to,
  )
  const { trust } = here
  return moved.f < stay.f ? { ...moved, mu, trust } : { ...stay, mu, trust }
}

/** How far logits can be from their mean in the ball: without a ball, by their rises alone. */
function reachOf({ offsets, rises, m, d }: Points, radius: number): number {
  let longest = 0
  let low = Infinity
  let high = -Infinity
  for (let s = 0; s < m; s++) {
    let sum = 0
    for (let c = 0, at = s * d; c < d; c++, at++) sum += offsets[at] * offsets[at]
    longest = Math.max(longest, sum)
    low = Math.min(low, rises[s])
    high = Math.max(high, rises[s])
  }
  return (radius < Infinity ? radius * Math.sqrt(longest) : 0) + (high - low) / 2
}

/** The minimum over ‖p‖ <= radius, to rounding. Complexity: O(m·d²) a step, of which there are some in each of O(log radius) stages. */
export function minimise(points: Points, radius: number): Minimum {
  if (radius === Infinity) return minimiseFreely(points)
  return cool(points, radius)
}

/** Without a ball a linear map changes nothing: each coordinate is brought to width 1. */
function minimiseFreely({ offsets, rises, m, d }: Points): Minimum {
  const widths = new Float64Array(d)
  for (let at = 0; at < m * d; at++) widths[at % d] = Math.max(widths[at % d], Math.abs(offsets[at]))
  const found = cool({ offsets: offsets.map((x, at) => x / widths[at % d]), rises, m, d }, Infinity)
  return {
    ...found,
    p: found.p.map((x, c) => x / widths[c]),
    gradient: found.gradient.map((x, c) => x * widths[c]),
  }
}

function cool(points: Points, radius: number): Minimum {
  let temperature = Math.max(1, reachOf(points, radius) / cooling)
  let here: State = { ...evaluate(points, new Float64Array(points.d), temperature), mu: 0, trust: temperature * growth }
  while (temperature > 1) {
    here = settle(points, here, radius, temperature, stageSteps, stagePromise)
    const next = Math.max(1, temperature / cooling)
    here = predict(points, here, radius, temperature, next)
    temperature = next
  }
  return settle(points, here, radius, 1, mostSteps, lastPromise)
}

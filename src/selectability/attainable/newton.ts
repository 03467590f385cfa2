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
import { gemmTransposed, gemv } from '../../kernels/backend.ts'
import { gamma } from '../bounds.ts'
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
const cooling = 32

/** Newton steps in a stage that is not the last, and in the last: quadratic convergence needs about ten from a good start. */
const stageSteps = 6
const mostSteps = 100

/**
 * When a stage ends: where a step promises to lower f by less or, sooner, where weights prove that it cannot fall by more. In the last one rounding
 * hides the promise, and the gap is far below the agreement that is asked for.
 */
interface End {
  readonly promise: number
  readonly gap: number
}
const stageEnd: End = { promise: 2 ** -6, gap: 16 }
const lastEnd: End = { promise: 2 ** -50, gap: 2 ** -40 }

/** Without a ball a step that held its promise lets the next be so many times as long. */
const growth = 4

/** Points by coordinate, column c from c·m on: the loops below run over neighbours in memory, which halves their time. */
export interface Columns extends Points {
  readonly columns: Float64Array
}

export function columnsOf(points: Points): Columns {
  const { offsets, m, d } = points
  const columns = new Float64Array(m * d)
  for (let s = 0, at = 0; s < m; s++) for (let c = 0; c < d; c++, at++) columns[c * m + s] = offsets[at]
  return { ...points, columns }
}

/** Logits `p·a_j + β_j`. */
function logitsAt({ offsets, rises, m, d }: Columns, p: Float64Array): Float64Array {
  const logits = gemv(offsets, p, m, d, new Float64Array(m))
  for (let s = 0; s < m; s++) logits[s] += rises[s]
  return logits
}

/** `Σ W_j a_j`. */
function meanOf({ columns, m, d }: Columns, weights: Float64Array): Float64Array {
  return gemv(columns, weights, d, m, new Float64Array(d))
}

function evaluate(points: Columns, p: Float64Array, temperature: number): Minimum {
  const weights = logitsAt(points, p)
  const { m } = points
  let top = -Infinity
  for (let s = 0; s < m; s++) {
    const logit = weights[s] / temperature
    weights[s] = logit
    if (logit > top) top = logit
  }
  let total = 0
  for (let s = 0; s < m; s++) {
    const w = Math.exp(weights[s] - top)
    weights[s] = w
    total += w
  }
  for (let s = 0; s < m; s++) weights[s] /= total
  return { p, f: top + Math.log(total), weights, gradient: meanOf(points, weights) }
}

/** Weights below this add nothing to a covariance that rounding leaves. */
const negligible = 2 ** -200

/** `Σ W_j (a_j − mean)(a_j − mean)ᵀ`, as the product of a matrix with its own transpose, which the kernels compute. */
export function covariance({ columns, m, d }: Columns, weights: Float64Array, mean: Float64Array): Float64Array {
  const kept = new Int32Array(m)
  const roots = new Float64Array(m)
  let count = 0
  for (let s = 0; s < m; s++) {
    if (!(weights[s] > negligible)) continue
    kept[count] = s
    roots[count++] = Math.sqrt(weights[s])
  }
  const rows = new Float64Array(d * count)
  for (let c = 0, at = 0; c < d; c++) {
    const center = mean[c]
    const column = columns.subarray(c * m, (c + 1) * m)
    for (let k = 0; k < count; k++, at++) rows[at] = roots[k] * (column[kept[k]] - center)
  }
  return gemmTransposed(rows, rows, d, d, count, new Float64Array(d * d))
}

/** The step that minimises the quadratic model at p with weights W, and by how much it promises to lower f at this temperature. */
function modelStep(
  points: Columns,
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
function withoutFalling(points: Columns, here: State, step: Float64Array, temperature: number): State | null {
  const { columns, m, d } = points
  const change = new Float64Array(m)
  for (let c = 0, at = 0; c < d; c++) {
    const center = here.gradient[c]
    const x = step[c]
    for (let s = 0; s < m; s++, at++) change[s] += (columns[at] - center) * x
  }
  const weights = here.weights.slice()
  let total = 0
  let fallen = 0
  for (let s = 0; s < m; s++) {
    if (weights[s] === 0) continue
    if (change[s] / temperature < falling) {
      weights[s] = 0
      fallen++
    }
    total += weights[s]
  }
  if (fallen === 0 || !(total > 0)) return null
  for (let s = 0; s < m; s++) weights[s] /= total
  return { ...here, weights, gradient: meanOf(points, weights) }
}

/**
 * How far f at this temperature can be from its minimum in the ball, by the weights at p: `ρ‖x‖ + p·x`, which costs next to nothing; Infinity
 * where rounding hides what counts.
 */
function gapOf({ p, gradient }: Minimum, radius: number, temperature: number, least: number): number {
  if (radius === Infinity) return Infinity
  let along = 0
  let sqNorm = 0
  for (let c = 0; c < p.length; c++) {
    along += p[c] * gradient[c]
    sqNorm += gradient[c] * gradient[c]
  }
  const drop = (radius * Math.sqrt(sqNorm)) / temperature
  return gamma(2 * p.length + 8) * drop < least / 2 ? drop + along / temperature : Infinity
}

/** Newton's method at one temperature, until a step promises little. */
function settle(points: Columns, start: State, radius: number, temperature: number, steps: number, until: End): State {
  let here = start
  for (let step = 0; step < steps; step++) {
    // Where the weight 1/(1 + e^f) is near 1, what f may still fall by counts e^f times less.
    const unit = Math.max(1, Math.abs(here.f), Math.exp(-here.f))
    const gap = gapOf(here, radius, temperature, until.gap * unit)
    if (gap <= until.gap * unit) break
    let model = modelStep(points, here, here.gradient, radius, here.trust, temperature)
    if (!(model.promise > until.promise * unit)) {
      if (gap < Infinity) {
        // f is where it should be, but x need not be where its weights prove that.
        const p = here.p.map((x, c) => x + model.step[c])
        const sharper = { ...here, ...evaluate(points, p, temperature) }
        if (gapOf(sharper, radius, temperature, until.gap * unit) < gap / 2) {
          here = sharper
          continue
        }
      }
      const lighter = withoutFalling(points, here, model.step, temperature)
      if (lighter === null) break
      model = modelStep(points, lighter, lighter.gradient, radius, here.trust, temperature)
      if (!(model.promise > until.promise * unit)) break
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
function predict(points: Columns, here: State, radius: number, from: number, to: number): State {
  const { columns, m, d } = points
  const { p, weights, gradient } = here
  // What the logits of each key exceed those of its weight by, from their mean, and weighted.
  const excess = logitsAt(points, p)
  let mean = 0
  for (let s = 0; s < m; s++) {
    excess[s] *= 1 / to - 1 / from
    mean += weights[s] * excess[s]
  }
  for (let s = 0; s < m; s++) excess[s] = weights[s] * (excess[s] - mean)
  const pull = gradient.slice()
  for (let c = 0, at = 0; c < d; c++) for (let s = 0; s < m; s++, at++) pull[c] += excess[s] * columns[at]
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

function cool(problem: Points, radius: number): Minimum {
  const points = columnsOf(problem)
  let temperature = Math.max(1, reachOf(problem, radius) / cooling)
  let here: State = { ...evaluate(points, new Float64Array(points.d), temperature), mu: 0, trust: temperature * growth }
  while (temperature > 1) {
    here = settle(points, here, radius, temperature, stageSteps, stageEnd)
    const next = Math.max(1, temperature / cooling)
    here = predict(points, here, radius, temperature, next)
    temperature = next
  }
  return settle(points, here, radius, 1, mostSteps, lastEnd)
}

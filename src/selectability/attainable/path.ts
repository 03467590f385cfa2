/**
 * The central path to the weights that prove the most, in fixed point with as many bits as are asked for.
 *
 * It minimises `G(W) = Σ W (log W − β) + ρt − μ(Σ log W + log(t² − ‖x‖²))` over convex weights W and t, x = Σ W a, for a falling μ. Given x
 * the best t is `μ/ρ + √((μ/ρ)² + ‖x‖²)`, and `p = −ρx/t` is then a query in the ball. At the minimum the values that W and p prove
 * differ by less than (m + 2)μ. With its barrier the entropy is self-concordant, so that damped Newton's method lowers G/μ by some constant
 * a step until it converges, whatever the keys: there is no case in which it fails (Y. Nesterov and A. Nemirovskii, *Interior-Point
 * Polynomial Algorithms in Convex Programming*, 1994, §2.2 and §5.3, doi:10.1137/1.9781611970791; S. Boyd and L. Vandenberghe, *Convex
 * Optimization*, 2004, §9.6 and §11.5). Weights stay above about μ over the largest logit, so that bits can be told beforehand.
 */
import { bitLength } from '../exact/dyadic.ts'
import { divide, logarithmAbove, places, rootBelow, shift } from '../exact/fixed.ts'

/** Points a_j and rises β_j, and the ball's radius ρ, all times 2^bits. */
export interface FixedProblem {
  readonly points: readonly (readonly bigint[])[]
  readonly rises: readonly bigint[]
  readonly radius: bigint
  readonly bits: number
}

/** Weights that sum to about 1, and a query in the ball. */
export interface Centre {
  readonly weights: readonly bigint[]
  readonly query: readonly bigint[]
}

/** μ falls by 2^cooling a stage. */
const cooling = 6

/** Newton's decrement at which a stage ends and the last one does, squared, as powers of 2. */
const stageDecrement = -3
const lastDecrement = -20

/** The least of a full step that is tried. */
const mostHalvings = 60

/** What is known at some weights. */
interface Place {
  readonly weights: readonly bigint[]
  readonly logs: readonly bigint[]
  readonly x: readonly bigint[]
  readonly t: bigint
  readonly value: bigint
}

function placeAt({ points, rises, radius, bits }: FixedProblem, weights: readonly bigint[], mu: bigint): Place {
  const shiftBits = BigInt(bits)
  const d = points[0].length
  const x = new Array<bigint>(d).fill(0n)
  const logs = weights.map((w) => shift(logarithmAbove(w, bits), bits - places))
  let value = 0n
  points.forEach((point, s) => {
    const w = weights[s]
    for (let c = 0; c < d; c++) x[c] += w * point[c]
    value += w * (logs[s] - rises[s]) - mu * logs[s]
  })
  for (let c = 0; c < d; c++) x[c] >>= shiftBits
  const ratio = (mu << shiftBits) / radius
  const t = ratio + rootBelow(x.reduce((sum, y) => sum + y * y, ratio * ratio))
  value += radius * t - mu * shift(logarithmAbove(t, bits), bits - places)
  return { weights, logs, x, t, value: value >> shiftBits }
}

/** Solves `C y = b` for a positive definite C by its factors L·D·Lᵀ; null where a pivot is not positive. Only the lower triangle is read. */
function solveDefinite(C: readonly (readonly bigint[])[], b: readonly bigint[], bits: number): bigint[] | null {
  const shiftBits = BigInt(bits)
  const d = b.length
  const L: bigint[][] = []
  const pivots: bigint[] = []
  const y = [...b]
  for (let r = 0; r < d; r++) {
    const row = C[r].slice(0, r + 1)
    for (let c = 0; c < r; c++) {
      // Row entries are L·D until they are divided.
      for (let k = 0; k < c; k++) row[c] -= (row[k] * L[c][k]) >> shiftBits
    }
    for (let c = 0; c < r; c++) {
      const share = (row[c] << shiftBits) / pivots[c]
      row[r] -= (share * row[c]) >> shiftBits
      row[c] = share
      y[r] -= (share * y[c]) >> shiftBits
    }
    if (row[r] <= 0n) return null
    pivots.push(row[r])
    L.push(row)
  }
  for (let r = d - 1; r >= 0; r--) {
    y[r] = (y[r] << shiftBits) / pivots[r]
    for (let k = r + 1; k < d; k++) y[r] -= (L[k][r] * y[k]) >> shiftBits
  }
  return y
}

/**
 * Newton's step in the weights, and how fast G falls along it, which is the decrement's square times μ; also what the step of p is worth, which lies
 * in the logits: where ρ is large x, and with it p, may be far from where they should be while W hardly is.
 */
function newtonStep(
  problem: FixedProblem,
  here: Place,
  mu: bigint,
): { step: bigint[]; fall: bigint; pull: bigint } | null {
  const { points, rises, radius, bits } = problem
  const { weights, logs, x, t } = here
  const shiftBits = BigInt(bits)
  const d = x.length
  const p = queryAt(problem, here)
  const slopes = weights.map((w, s) => {
    let dot = 0n
    for (let c = 0; c < d; c++) dot += points[s][c] * p[c]
    return logs[s] - rises[s] - (mu << shiftBits) / w - (dot >> shiftBits)
  })
  // The inverse of the Hessian's diagonal part.
  const moves = weights.map((w) => (w * w) / (w + mu))
  const total = moves.reduce((sum, h) => sum + h, 0n)
  const mean = x.map((_, c) =>
    divide(
      moves.reduce((sum, h, s) => sum + h * points[s][c], 0n),
      total,
    ),
  )
  const level = divide(
    moves.reduce((sum, h, s) => sum + h * slopes[s], 0n),
    total,
  )
  const C = x.map((y, r) => x.slice(0, r + 1).map((z) => ((y * z) << shiftBits) / mu))
  const right = new Array<bigint>(d).fill(0n)
  for (let r = 0; r < d; r++) C[r][r] += (t << (2n * shiftBits)) / radius
  const centred = points.map((point) => point.map((y, c) => y - mean[c]))
  centred.forEach((point, s) => {
    for (let r = 0; r < d; r++) {
      const moved = (moves[s] * point[r]) >> shiftBits
      right[r] += moved * (slopes[s] - level)
      for (let c = 0; c <= r; c++) C[r][c] += moved * point[c]
    }
  })
  const dp = solveDefinite(
    C.map((row) => row.map((y) => y >> shiftBits)),
    right.map((y) => y >> shiftBits),
    bits,
  )
  if (dp === null) return null
  let fall = 0n
  const step = moves.map((h, s) => {
    let rise = (level - slopes[s]) << shiftBits
    for (let c = 0; c < d; c++) rise += centred[s][c] * dp[c]
    const move = (h * (rise >> shiftBits)) >> shiftBits
    fall -= slopes[s] * move
    return move
  })
  const pull = dp.reduce((sum, y, c) => sum + y * right[c], 0n)
  return { step, fall: fall >> shiftBits, pull: pull >> (2n * shiftBits) }
}

/** The place a step and its halvings lead to, if all weights stay positive. */
function moved(
  problem: FixedProblem,
  { weights }: Place,
  step: readonly bigint[],
  halvings: number,
  mu: bigint,
): Place | null {
  const next = weights.map((w, s) => w + shift(step[s], -halvings))
  return next.every((w) => w > 0n) ? placeAt(problem, next, mu) : null
}

/** Along a step that is halved until G falls by a quarter of what its slope says. */
function damped(problem: FixedProblem, here: Place, step: readonly bigint[], fall: bigint, mu: bigint): Place | null {
  for (let halvings = 0; halvings < mostHalvings; halvings++) {
    const next = moved(problem, here, step, halvings, mu)
    if (next !== null && next.value <= here.value - shift(fall, -halvings - 2)) return next
  }
  return null
}

/** Where Newton's decrement is below 1/4 a full step squares it, or nearly: none is damped any more, and rounding soon stops it. */
const nearDecrement = -4
const mostNear = 16

/** G/μ is this far from its minimum, at most, when a stage begins, over m + 2; Newton's method lowers it by 1/32 a step, at least. */
const stageExcess = 2 ** cooling
const mostFar = (m: number): number => 32 * stageExcess * (m + 2)

/** The centre for one μ, from weights near that of the last. */
function centre(problem: FixedProblem, start: readonly bigint[], mu: number, last: boolean): Place | null {
  const fixedMu = shift(1n, problem.bits + mu)
  const enough = shift(fixedMu, last ? lastDecrement : stageDecrement)
  const near = shift(fixedMu, nearDecrement)
  let here = placeAt(problem, start, fixedMu)
  for (let far = mostFar(start.length), close = mostNear; far > 0 && close > 0;) {
    const found = newtonStep(problem, here, fixedMu)
    if (found === null) return null
    const { step, fall, pull } = found
    if (fall + (last ? pull : 0n) <= enough) return here
    if (fall <= near) close--
    else far--
    const next = fall <= near ? moved(problem, here, step, 0, fixedMu) : damped(problem, here, step, fall, fixedMu)
    if (next === null) return null
    here = next
  }
  return null
}

/**
 * Weights and a query whose values differ by little more than (m + 2)·2^end; null where bits are too few to get there. Complexity: O(m·d² + d³)
 * products a step, of which it takes two or three a stage; there is a stage for every factor of 2^cooling.
 */
export function followPath(problem: FixedProblem, end: number): Centre | null {
  const { points, rises, radius, bits } = problem
  const m = points.length
  const size = (x: bigint): bigint => (x < 0n ? -x : x)
  const longest = points.reduce((top, point) => point.reduce((most, y) => (size(y) > most ? size(y) : most), top), 0n)
  const steepest = rises.reduce((top, rise) => (size(rise) > top ? size(rise) : top), 0n)
  // Where logits differ by less than μ even weights are near the centre.
  const span = shift(radius * longest, -bits) * BigInt(points[0].length) + steepest
  const first = Math.max(end, bitLength(span) - bits + Math.ceil(Math.log2(m)) + 2)
  let weights: readonly bigint[] = points.map(() => (1n << BigInt(bits)) / BigInt(m))
  for (let mu = first; ; mu = Math.max(end, mu - cooling)) {
    const found = centre(problem, weights, mu, mu === end)
    if (found === null) return null
    if (mu === end) return { weights: found.weights, query: queryAt(problem, found) }
    weights = found.weights
  }
}

/** In the ball: ‖x‖ < t. */
function queryAt({ radius }: FixedProblem, { x, t }: Place): bigint[] {
  return x.map((y) => -(radius * y) / t)
}

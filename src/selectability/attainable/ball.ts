/**
 * A quadratic model on a ball: minimises `g·s + ½ s·Cs` over ‖p + s‖ <= ρ, for a positive semidefinite C.
 *
 * The minimiser solves `(C + μI) s = −g − μp` with μ >= 0, and μ > 0 only on the sphere; Newton's method on `1/ρ − 1/‖p + s(μ)‖`,
 * which is nearly linear in μ, finds it in a few factorisations (J. J. Moré and D. C. Sorensen, *Computing a trust region step*, SIAM J.
 * Sci. Stat. Comput. 4, 1983, doi:10.1137/0904038).
 */
import { gamma } from '../bounds.ts'

/**
 * Lower triangle of the Cholesky factor of `C + μI` into `out`, d × d; false where a pivot is not positive. `ridge` adds a share of each
 * diagonal entry to itself, which respects a graded matrix as μ does not.
 */
export function cholesky(C: Float64Array, d: number, mu: number, out: Float64Array, ridge = 0): boolean {
  for (let r = 0; r < d; r++) {
    for (let c = 0; c <= r; c++) {
      let sum = C[r * d + c]
      if (r === c) sum += ridge * sum + mu
      for (let k = 0, a = r * d, b = c * d; k < c; k++, a++, b++) sum -= out[a] * out[b]
      if (r === c) {
        if (!(sum > 0)) return false
        out[r * d + r] = Math.sqrt(sum)
      } else out[r * d + c] = sum / out[c * d + c]
    }
  }
  return true
}

/** Solves `L y = b`, in place. */
export function forward(L: Float64Array, d: number, y: Float64Array): Float64Array {
  for (let r = 0; r < d; r++) {
    let sum = y[r]
    for (let c = 0, at = r * d; c < r; c++, at++) sum -= L[at] * y[c]
    y[r] = sum / L[r * d + r]
  }
  return y
}

/** Solves `Lᵀ y = b`, in place. */
export function backward(L: Float64Array, d: number, y: Float64Array): Float64Array {
  for (let r = d - 1; r >= 0; r--) {
    y[r] /= L[r * d + r]
    const value = y[r]
    for (let c = 0, at = r * d; c < r; c++, at++) y[c] -= L[at] * value
  }
  return y
}

/** Secular steps and retries of a factorisation; both end sooner, by convergence or with a larger μ. */
const mostSteps = 60

/** How near to the sphere a step must come before it is put on it. */
const nearness = 2 ** -30

/** C's own rounding, as a share of its diagonal: sums of m terms, of which Cholesky's elimination keeps the proportion. */
export function ridgeOf(m: number, d: number): number {
  return 4 * gamma(m + d)
}

export interface BallStep {
  readonly step: Float64Array
  readonly mu: number
}

/** The step s from p; `start` is a guess of μ. Complexity: O(d³) a factorisation. */
export function stepInBall(
  C: Float64Array,
  d: number,
  ridge: number,
  gradient: Float64Array,
  p: Float64Array,
  radius: number,
  start: number,
): BallStep {
  const L = new Float64Array(d * d)
  let trace = 0
  for (let c = 0; c < d; c++) trace += C[c * d + c]
  // ‖(C + μI) y‖ = ‖Cp − g‖ with ‖y‖ = ρ puts μ within the trace of ‖Cp − g‖/ρ.
  let sqSize = 0
  for (let r = 0; r < d; r++) {
    let sum = -gradient[r]
    for (let c = 0; c < d; c++) sum += C[r * d + c] * p[c]
    sqSize += sum * sum
  }
  const most = Math.sqrt(sqSize) / radius
  let low = Math.max(0, (most - trace * (1 + ridge)) * (1 - 2 ** -20))
  let high = most * (1 + 2 ** -20) + 2 ** -1000
  let mu = low === 0 ? 0 : Math.min(high, Math.max(start, low))
  let step: Float64Array = new Float64Array(d)
  let length = 0
  for (let round = 0; round < mostSteps; round++) {
    if (!cholesky(C, d, mu, L, ridge)) {
      low = mu
      mu = low > 0 ? Math.sqrt(low) * Math.sqrt(high) : Math.max(start, high * 2 ** -60)
      continue
    }
    step = gradient.map((g, c) => -g - mu * p[c])
    backward(L, d, forward(L, d, step))
    const y = step.map((s, c) => s + p[c])
    length = Math.hypot(...y)
    if (length <= radius && mu === 0) return { step, mu: 0 }
    if (Math.abs(length - radius) <= nearness * radius) break
    if (length > radius) low = Math.max(low, mu)
    else high = Math.min(high, mu)
    const sqSlope = forward(L, d, y).reduce((sum, x) => sum + x * x, 0)
    const next = mu + ((length * length) / sqSlope) * ((length - radius) / radius)
    // From below Newton's method stays below, so that it needs no safeguard there; from above it may leave the bracket.
    if (next > low && next < high) mu = next
    else mu = low > 0 ? Math.sqrt(low) * Math.sqrt(high) : high * 2 ** -20
    if (mu === low || mu === high) break
  }
  if (length > radius) for (let c = 0; c < d; c++) step[c] += (step[c] + p[c]) * (radius / length - 1)
  return { step, mu }
}

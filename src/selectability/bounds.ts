/**
 * Forward-error bounds of floating-point score gaps (N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed.
 * 2002, §3.1, doi:10.1137/1.9780898718027): with u = 2^−53 and γ_k = k·u/(1 − k·u), a computed inner product of length d is off
 * by at most γ_d·Σ|x_c·y_c|, in any order of summation.
 */
import { ldexp } from './exact/dyadic.ts'
import { exponentOf } from './keyset.ts'
import type { KeySet } from './keyset.ts'

/** Unit roundoff of float64. */
export const u: number = 2 ** -53

/** γ_k = k·u/(1 − k·u), for u of float64 unless another is given. */
export function gamma(k: number, roundoff: number = u): number {
  return (k * roundoff) / (1 - k * roundoff)
}

/** Score gaps `s_i − s_j` for every j, each with a bound on its error, in units of `2^exponent`. */
export interface Gaps {
  readonly gap: Float64Array
  readonly error: Float64Array
  readonly exponent: number
}

/**
 * The gaps that a query leaves between key i and each other key, with proven error bounds.
 *
 * Keys and query are first scaled by powers of two to below 2 in magnitude, so products neither overflow nor, beyond the absolute
 * term (d + 2)·2^−1020, underflow. A difference of keys is rounded once, a product once, and d of them, and a bias, are summed:
 * γ_{d+2}; `extremeGaps` adds the bound to a gap, or subtracts it, with one more rounding. The bound is computed in floats, which the
 * factor 1 + γ_{2d+8} covers.
 * An entry that leaves the range of floats gets an infinite bound.
 */
export function scoreGaps({ data, n, d, bias, exponent: keyExponent }: KeySet, i: number, query: Float64Array): Gaps {
  const queryExponent = exponentOf(query)
  const exponent = keyExponent + queryExponent
  const scaledQuery = query.map((x) => ldexp(x, -queryExponent))
  const own = data.slice(i * d, (i + 1) * d)
  const down = [2 ** -Math.trunc(keyExponent / 2), 2 ** -(keyExponent - Math.trunc(keyExponent / 2))] as const
  for (let c = 0; c < d; c++) own[c] = own[c] * down[0] * down[1]
  const gap = new Float64Array(n)
  const error = new Float64Array(n)
  const relative = gamma(d + 3) * (1 + gamma(2 * d + 8))
  const absolute = (d + 2) * 2 ** -1020
  for (let j = 0; j < n; j++) {
    let sum = 0
    let magnitude = 0
    for (let c = 0; c < d; c++) {
      const term = scaledQuery[c] * (own[c] - data[j * d + c] * down[0] * down[1])
      sum += term
      magnitude += Math.abs(term)
    }
    if (bias !== null) {
      const term = ldexp(bias[i] - bias[j], -exponent)
      sum += term
      magnitude += Math.abs(term)
    }
    gap[j] = sum
    error[j] = relative * magnitude + absolute
  }
  return { gap, error, exponent }
}

/** The keys other than i whose gap may be the least or the greatest: every other key is proven to have neither. */
export function extremeGaps({ gap, error }: Gaps, i: number): number[] {
  let ceiling = Infinity
  let floor = -Infinity
  for (let j = 0; j < gap.length; j++) {
    if (j === i) continue
    ceiling = Math.min(ceiling, gap[j] + error[j])
    floor = Math.max(floor, gap[j] - error[j])
  }
  const candidates: number[] = []
  for (let j = 0; j < gap.length; j++) {
    if (j !== i && !(gap[j] - error[j] > ceiling && gap[j] + error[j] < floor)) candidates.push(j)
  }
  return candidates
}

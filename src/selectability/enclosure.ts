/**
 * Whether a key lies inside a simplex of d + 1 others, proven in floating point: a verified linear solve.
 *
 * The barycentric coordinates λ solve `Bλ = b`: the columns of B are the points around the key with a 1 below, b = (0, …, 0, 1).
 * With R any approximate inverse, `‖I − RB‖_∞ <= α < 1` proves B nonsingular and, for any λ̃ with residual `ρ = b − Bλ̃`,
 * `‖λ − λ̃‖_∞ <= ‖Rρ‖_∞/(1 − α)` (S. M. Rump, *Verification methods*, Acta Numerica 19, 2010, §10, doi:10.1017/S096249291000005X).
 * The simplex then has a volume, so λ̃ above that bound everywhere puts the key in the interior of the hull.
 */
import { gamma, u } from './bounds.ts'
import { ldexp } from './exact/dyadic.ts'
import { boundHull, gatherPoints, hullResidual } from './hull.ts'
import type { HullWeights } from './hull.ts'
import type { KeySet } from './keyset.ts'

/** Gauss–Jordan with partial pivoting, in place; false at a pivot of 0. */
export function invert(a: Float64Array, m: number): boolean {
  const swaps = new Int32Array(m)
  for (let k = 0; k < m; k++) {
    let pivot = k
    for (let r = k + 1; r < m; r++) if (Math.abs(a[r * m + k]) > Math.abs(a[pivot * m + k])) pivot = r
    swaps[k] = pivot
    for (let c = 0; c < m; c++) {
      const x = a[k * m + c]
      a[k * m + c] = a[pivot * m + c]
      a[pivot * m + c] = x
    }
    const inverse = 1 / a[k * m + k]
    if (!Number.isFinite(inverse)) return false
    a[k * m + k] = 1
    for (let c = 0; c < m; c++) a[k * m + c] *= inverse
    for (let r = 0; r < m; r++) {
      if (r === k) continue
      const factor = a[r * m + k]
      a[r * m + k] = 0
      for (let c = 0; c < m; c++) a[r * m + c] -= factor * a[k * m + c]
    }
  }
  for (let k = m - 1; k >= 0; k--) {
    for (let r = 0; r < m; r++) {
      const x = a[r * m + k]
      a[r * m + k] = a[r * m + swaps[k]]
      a[r * m + swaps[k]] = x
    }
  }
  return true
}

/** Refinement halves the number of wrong digits each time while the inverse is any good. */
const rounds = 2

/** Weights on a simplex around key i that give a point within the tolerance; null where floats are too coarse for that. */
export function simplexWithin(
  keys: KeySet,
  i: number,
  simplex: Uint32Array,
  tolerance: number,
): Pick<HullWeights, 'support' | 'weights'> | null {
  const { d, exponent } = keys
  const m = d + 1
  const points = gatherPoints(keys, i, simplex, exponent)
  const inverse = barycentric(points, d)
  if (!invert(inverse, m)) return null
  const weights = Float64Array.from({ length: m }, (_, s) => inverse[s * m + d])
  const residual = new Float64Array(m)
  for (let round = 0; round < rounds; round++) {
    hullResidual(points, d, weights, residual, new Float64Array(m))
    residual[d] = weights.reduce((sum, w) => sum + w, -1)
    for (let s = 0; s < m; s++) for (let c = 0; c < m; c++) weights[s] -= inverse[s * m + c] * residual[c]
  }
  const { bound, ...within } = boundHull(points, d, simplex, weights)
  return bound <= ldexp(tolerance, -exponent) ? within : null
}

/** The points around the key as columns, with a 1 below each: (d + 1) × (d + 1). */
function barycentric(points: Float64Array, d: number): Float64Array {
  const m = d + 1
  const matrix = new Float64Array(m * m).fill(1)
  for (let s = 0; s < m; s++) {
    for (let c = 0; c < d; c++) matrix[c * m + s] = points[s * d + c] - points[m * d + c]
  }
  return matrix
}

/** Whether `weights` prove that the key is inside the simplex: each is above the bound on its error. */
export function insideSimplex(points: Float64Array, d: number, weights: Float64Array): boolean {
  const bound = errorOfWeights(points, d, weights)
  return bound !== null && weights.every((w) => w > bound)
}

/**
 * A bound on the error of each of `weights` as barycentric coordinates. `points` are the d + 1 corners and, in the last row, the key
 * (see `gatherPoints`). Null where the simplex is too flat to tell.
 *
 * Rounding: a difference of points is off by u relative, so B is known within u·|B̃|; a computed entry of `RB̃` is off by at most
 * `γ_{m+1}·|R||B̃|`. Sums of non-negative terms are raised by 1 + γ_{2m+8} for their own rounding, and 2^−1000 covers underflow.
 *
 * Complexity: O(d³).
 */
export function errorOfWeights(points: Float64Array, d: number, weights: Float64Array): number | null {
  const m = d + 1
  if (weights.length !== m) return null
  const matrix = barycentric(points, d)
  const inverse = matrix.slice()
  if (!invert(inverse, m)) return null
  const residual = new Float64Array(m)
  const error = new Float64Array(m)
  hullResidual(points, d, weights, residual, error)
  let total = 1
  let sum = 1
  for (const w of weights) {
    total -= w
    sum += Math.abs(w)
  }
  residual[d] = total
  error[d] = gamma(m + 1) * sum
  const raised = 1 + gamma(2 * m + 8)
  const product = new Float64Array(m)
  const magnitude = new Float64Array(m)
  let alpha = 0
  let distance = 0
  for (let r = 0; r < m; r++) {
    product.fill(0)
    magnitude.fill(0)
    let reach = 0
    for (let k = 0; k < m; k++) {
      const x = inverse[r * m + k]
      const size = Math.abs(x)
      reach += size * (Math.abs(residual[k]) + error[k])
      for (let c = 0; c < m; c++) {
        const y = x * matrix[k * m + c]
        product[c] += y
        magnitude[c] += Math.abs(y)
      }
    }
    let row = 0
    for (let c = 0; c < m; c++) {
      row += Math.abs((r === c ? 1 : 0) - product[c]) * (1 + u) + (gamma(m + 1) + 2 * u) * magnitude[c] + 2 ** -1000
    }
    alpha = Math.max(alpha, row * raised)
    distance = Math.max(distance, reach * raised + 2 ** -1000)
  }
  return alpha < 1 ? (distance / (1 - alpha)) * raised : null
}

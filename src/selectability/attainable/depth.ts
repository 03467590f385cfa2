/**
 * A ball around a key inside the hull of its rivals, proven in floating point.
 *
 * With `C = Σ W_j a_j a_jᵀ` and α = max ‖a_j‖, any unit v has `Σ W_j |v·a_j| >= v·Cv/α`, and the positive terms exceed the
 * negative ones by `v·x`, so `max_j v·a_j >= Σ W_j max(v·a_j, 0) >= (λ_min(C)/α − ‖x‖)/2`: a ball of that radius lies in the hull. The smallest
 * eigenvalue is bounded by a Cholesky factorisation of `C − τI` that succeeds (S. M. Rump, *Verification of positive
 * definiteness*, BIT 46, 2006, doi:10.1007/s10543-006-0056-1).
 */
import { gamma } from '../bounds.ts'
import { hullPoint, lengthAbove } from '../doubled.ts'
import type { Pair } from '../doubled.ts'
import { cholesky } from './ball.ts'
import type { Rivals } from '../rivals.ts'

/** A radius that is proven, in the problem's units, or 0; `weights` are >= 0 and sum to 1 up to rounding. Complexity: O(m·d² + d³). */
export function provenDepth(rivals: Rivals, pair: Pair): number {
  const weights = pair.high
  const { m, d, offsets } = rivals
  const C = new Float64Array(d * d)
  let sqReach = 0
  for (let s = 0; s < m; s++) {
    const w = weights[s]
    let sqNorm = 0
    for (let r = 0; r < d; r++) {
      const x = offsets[s * d + r]
      sqNorm += x * x
      if (w === 0) continue
      for (let c = 0; c <= r; c++) C[r * d + c] += w * x * offsets[s * d + c]
    }
    sqReach = Math.max(sqReach, sqNorm)
  }
  let trace = 0
  for (let r = 0; r < d; r++) {
    trace += C[r * d + r]
    for (let c = r + 1; c < d; c++) C[r * d + c] = C[c * d + r]
  }
  // Offsets are rounded once, products twice, and m of them summed; then the factorisation's own error.
  const rounding = (gamma(m + 8) + 2 * gamma(d + 2)) * trace * 2 + (m + d * d) * 2 ** -1000
  const L = new Float64Array(d * d)
  for (let tau = trace / d; tau > 2 * rounding; tau /= 16) {
    if (!cholesky(C, d, -tau, L)) continue
    const reach = Math.sqrt(sqReach) * (1 + gamma(d + 8))
    const away = lengthAbove(hullPoint(rivals, pair)) * (1 + 2 ** -40)
    return Math.max(0, (((tau - rounding) / reach) * (1 - 2 ** -48) - away) / 2)
  }
  return 0
}

/**
 * Whether a key under a bias lies strictly below the others: a simplex of d + 1 keys around it whose mean bias, at its barycentric
 * coordinates λ, is above its own. Then no query puts it at the maximum: `Σ λ_s (s_s − s_i) = Σ λ_s (b_s − b_i) > 0`.
 *
 * The simplex of highest bias is a linear program, `max Σ w_j β_j` over convex w with `Σ w_j a_j = 0`. Its primal simplex method
 * starts from the simplex that the walk without bias ends with, and stops at the first one that is proven to be high enough.
 */
import { gamma } from './bounds.ts'
import { errorOfWeights, invert } from './enclosure.ts'
import { gatherPoints } from './hull.ts'
import { walk } from './nearest.ts'
import { acceptanceGap } from './acceptance.ts'
import type { Proof } from './proof.ts'
import { stepLimit } from './search.ts'
import type { Search } from './search.ts'
import { nearestKey } from './within.ts'

/** A basis of d + 1 distinct keys, and the inverse of the matrix whose columns are their points around the key, with a 1 below. */
interface Basis {
  readonly members: Int32Array
  readonly inverse: Float64Array
}

/**
 * Proves distinct key v unselectable, or returns null. `rise` are the biases above its own, scaled to below 4 in magnitude.
 *
 * Above tolerance 0 a long query may come within `tolerance·‖q‖` of the maximum all the same. With D the key's depth in the simplex, V the
 * mean rise and R the largest, some key is ahead by `D·‖q‖ − R` and by V, so by more than τ·‖q‖ for all q when `V·(D − τ) > R·τ`.
 *
 * Complexity: at most `stepLimit` pivots of O(n·d + d²).
 */
export function proveDominated(search: Search, v: number, rise: Float64Array): Proof | null {
  const { prepared, reach, reduced, tolerance } = search
  const { keys, first, z } = prepared
  const { d } = keys
  // In fewer dimensions no corral has d + 1 keys.
  if (reduced) return null
  const [pool, corral, scratch] = [search.ledger.pool(), search.corral(), search.scratch()]
  const origin = z.slice(v * d, (v + 1) * d)
  walk(pool, corral, scratch, origin, v, nearestKey(prepared, v), acceptanceGap(prepared, v, 0), reach, stepLimit(d))
  if (corral.size() !== d + 1) return null
  const basis = { members: Int32Array.from(corral.labels), inverse: new Float64Array((d + 1) * (d + 1)) }
  if (!reinvert(basis, z, origin)) return null
  for (let step = 0; step < stepLimit(d); step++) {
    const { value, depth } = measure(basis, rise, d)
    if (value * (depth / 2 - tolerance) > 4 * tolerance) {
      const simplex = Uint32Array.from(basis.members, (w) => first[w])
      const points = gatherPoints(keys, first[v], simplex, prepared.exponent)
      const weights = Float64Array.from(basis.members, (_, s) => basis.inverse[s * (d + 1) + d])
      const rises = Float64Array.from(basis.members, (w) => rise[w])
      if (provesRise(points, d, weights, rises)) return { verdict: 'unselectable', simplex }
    }
    const enter = highest(basis, z, rise, origin, v)
    if (enter < 0) break
    pivot(basis, enter, z, origin)
  }
  return null
}

function reinvert({ members, inverse }: Basis, z: Float64Array, origin: Float64Array): boolean {
  const d = origin.length
  const m = d + 1
  members.forEach((w, s) => {
    for (let c = 0; c < d; c++) inverse[c * m + s] = z[w * d + c] - origin[c]
    inverse[d * m + s] = 1
  })
  return invert(inverse, m)
}

/** The mean rise at the key, and its depth: row s of the inverse holds the gradient of λ_s, and last λ_s itself. */
function measure({ members, inverse }: Basis, rise: Float64Array, d: number): { value: number; depth: number } {
  const m = d + 1
  let value = 0
  let depth = Infinity
  for (let s = 0; s < m; s++) {
    const weight = inverse[s * m + d]
    let sqSteepness = 0
    for (let c = 0; c < d; c++) sqSteepness += inverse[s * m + c] ** 2
    depth = Math.min(depth, weight / Math.sqrt(sqSteepness))
    value += weight * rise[members[s]]
  }
  return { value, depth }
}

/** The distinct key farthest above the plane through the basis, lifted by its rises; −1 when none is above. */
function highest(
  { members, inverse }: Basis,
  z: Float64Array,
  rise: Float64Array,
  origin: Float64Array,
  v: number,
): number {
  const d = origin.length
  const m = d + 1
  const plane = new Float64Array(m)
  for (let s = 0; s < m; s++) for (let c = 0; c < m; c++) plane[c] += rise[members[s]] * inverse[s * m + c]
  let enter = -1
  let most = 0
  for (let w = 0; w < rise.length; w++) {
    let above = rise[w] - plane[d]
    for (let c = 0; c < d; c++) above -= plane[c] * (z[w * d + c] - origin[c])
    if (w !== v && above > most && !members.includes(w)) {
      most = above
      enter = w
    }
  }
  return enter
}

/** Brings a key into the basis in place of the one whose weight falls to 0 first. */
function pivot({ members, inverse }: Basis, enter: number, z: Float64Array, origin: Float64Array): void {
  const d = origin.length
  const m = d + 1
  const column = new Float64Array(m)
  // As all weights sum to 1, some fall: were it none, by rounding, nothing would be proven of what follows.
  let leave = 0
  let least = Infinity
  for (let s = 0; s < m; s++) {
    let sum = inverse[s * m + d]
    for (let c = 0; c < d; c++) sum += inverse[s * m + c] * (z[enter * d + c] - origin[c])
    column[s] = sum
    const ratio = inverse[s * m + d] / sum
    if (sum > 0 && ratio < least) {
      least = ratio
      leave = s
    }
  }
  members[leave] = enter
  for (let c = 0; c < m; c++) inverse[leave * m + c] /= column[leave]
  for (let s = 0; s < m; s++) {
    if (s === leave) continue
    for (let c = 0; c < m; c++) inverse[s * m + c] -= column[s] * inverse[leave * m + c]
  }
}

/**
 * Whether the key is proven inside a simplex and the mean of the corners' rises there above 0: the weights are proven positive, each within a
 * bound, and so is their sum of rises; a rise and its product are rounded, and m of them summed.
 */
export function provesRise(points: Float64Array, d: number, weights: Float64Array, rises: Float64Array): boolean {
  const m = d + 1
  const bound = errorOfWeights(points, d, weights)
  if (bound === null || !weights.every((w) => w > bound)) return false
  let value = 0
  let size = 0
  let total = 0
  rises.forEach((rise, s) => {
    value += weights[s] * rise
    size += weights[s] * Math.abs(rise)
    total += Math.abs(rise)
  })
  return value > (bound * total + gamma(m + 2) * size) * (1 + gamma(2 * m + 8)) + m * 2 ** -1020
}

/** Whether a key is within the tolerance of the hull of others: weights that put it there, judged exactly where floats are too coarse. */
import { hullPoint, isWithin } from './certificate.ts'
import { dyadic } from './exact/dyadic.ts'
import { boundHull, gatherPoints, refineWeights } from './hull.ts'
import type { HullWeights } from './hull.ts'
import type { Prepared } from './prepare.ts'
import type { HullProof } from './proof.ts'
import type { Search } from './search.ts'

/** The keys of the corral, as members of a support. */
export function corralKeys({ corral, prepared: { first } }: Search): number[] {
  const { labels, size } = corral()
  return Array.from(labels.subarray(0, size()), (w) => first[w])
}

/** The distinct key nearest to v. */
export function nearestKey({ z, count, keys: { d } }: Prepared, v: number): number {
  let nearest = -1
  let least = Infinity
  for (let w = 0; w < count; w++) {
    let sum = 0
    for (let c = 0; c < d; c++) sum += (z[w * d + c] - z[v * d + c]) ** 2
    if (w !== v && sum < least) {
      least = sum
      nearest = w
    }
  }
  return nearest
}

/** Weights within the tolerance: the corral's own, refined, or the nearest key alone where rounding lost them; else null. */
export function hullWithin(search: Search, v: number, tolerance: number): HullProof | null {
  const { prepared, corral, tolerance: scaled } = search
  const { keys, first, exponent } = prepared
  const i = first[v]
  const support = corralKeys(search)
  const points = gatherPoints(keys, i, support, exponent)
  const refined = boundHull(points, keys.d, support, refineWeights(points, keys.d, corral()))
  // Not Infinity, which a tolerance far above the keys' spread is in units of the pool.
  if ((refined.bound < Infinity && refined.bound <= scaled) || reaches(prepared, i, refined, tolerance))
    return toProof(refined)
  const alone = { support: Uint32Array.of(first[nearestKey(prepared, v)]), weights: Float64Array.of(1) }
  return reaches(prepared, i, alone, tolerance) ? toProof(alone) : null
}

function toProof({ support, weights }: Pick<HullWeights, 'support' | 'weights'>): HullProof {
  return { support, weights, exact: false }
}

function reaches(
  { keys }: Prepared,
  i: number,
  { support, weights }: Pick<HullWeights, 'support' | 'weights'>,
  tolerance: number,
): boolean {
  if (support.length === 0) return false
  return isWithin(hullPoint(keys, i, support, weights), dyadic(tolerance))
}

/**
 * One key: the nearest point of the hull of the others, followed only until the question is settled.
 *
 * Around the key the others are points `a_j = z_j − z_i`. Wolfe's algorithm walks to the point x of their hull nearest to the
 * origin. On the way `q = −x` leaves key i the gap `x·a_j` over key j: once every gap exceeds `threshold·‖x‖` the key is
 * selected and the walk stops. A corral of d + 1 points around the origin, or x within `reach` of it, ends it the other way.
 * A short list of the worst violators of the last pricing is worked off before all keys are priced again.
 */
import type { Corral } from './corral.ts'
import { moveToKnown } from './pool.ts'
import type { Pool } from './pool.ts'

/** How a walk ended: a query (−x) was found, the origin is in the hull to within reach, or rounding stopped the walk. */
export type Walk = 'query' | 'hull' | 'stuck'

const shortListLength = 16

/** Scratch of one search, so that walks allocate nothing. */
export interface Scratch {
  readonly point: Float64Array
  readonly shortList: Int32Array
  readonly shortGap: Float64Array
}

export function createScratch(d: number): Scratch {
  return {
    point: new Float64Array(d),
    shortList: new Int32Array(shortListLength),
    shortGap: new Float64Array(shortListLength),
  }
}

/** Least `x·z_j` over a stretch of the pool, leaving out key `own`. */
function priceStretch(
  { data, d, order }: Pool,
  from: number,
  to: number,
  x: Float64Array,
  own: number,
  short: Scratch,
  length: number,
): number {
  const { shortList, shortGap } = short
  for (let at = from; at < to; at++) {
    const j = order[at]
    let sum = 0
    for (let c = 0, p = j * d; c < d; c++, p++) sum += x[c] * data[p]
    if (length === shortListLength && !(sum < shortGap[length - 1])) continue
    if (j === own) continue
    let slot = length < shortListLength ? length++ : shortListLength - 1
    while (slot > 0 && shortGap[slot - 1] > sum) {
      shortGap[slot] = shortGap[slot - 1]
      shortList[slot] = shortList[slot - 1]
      slot--
    }
    shortGap[slot] = sum
    shortList[slot] = j
  }
  return length
}

/**
 * Walks from key `start` towards the nearest point of the hull of all keys but `own`, around `origin`.
 *
 * The number of steps is at most `maxSteps`; Wolfe's algorithm is finite in exact arithmetic, and rounding that makes it repeat
 * itself is caught by a point that re-enters or does not shorten x.
 */
export function walk(
  pool: Pool,
  corral: Corral,
  scratch: Scratch,
  origin: Float64Array,
  own: number,
  start: number,
  threshold: number,
  reach: number,
  maxSteps: number,
  ridge = 1,
): Walk {
  const { data, d, n } = pool
  const { point, shortList, shortGap } = scratch
  const x = corral.nearest
  const place = (j: number): void => {
    for (let c = 0, p = j * d; c < d; c++, p++) point[c] = data[p] - origin[c]
  }
  place(start)
  corral.reset(point, start, ridge)
  let length = 0
  let previous = Infinity
  for (let step = 0; step < maxSteps; step++) {
    let sqNorm = 0
    let base = 0
    for (let c = 0; c < d; c++) {
      sqNorm += x[c] * x[c]
      base += x[c] * origin[c]
    }
    if (corral.size() === d + 1 || !(sqNorm > reach * reach)) return 'hull'
    if (!(sqNorm < previous)) return 'stuck'
    previous = sqNorm
    let enter = -1
    let least = sqNorm
    for (let s = 0; s < length; s++) {
      const j = shortList[s]
      let sum = -base
      for (let c = 0, p = j * d; c < d; c++, p++) sum += x[c] * data[p]
      if (sum < least / 2) {
        least = sum
        enter = j
      }
    }
    if (enter < 0) {
      const enough = base + threshold * Math.sqrt(sqNorm)
      length = priceStretch(pool, 0, pool.known, x, own, scratch, 0)
      if (length === 0 || shortGap[0] > enough) {
        const before = length
        length = priceStretch(pool, pool.known, pool.open, x, own, scratch, length)
        if (length === 0 || shortGap[0] > enough) {
          length = priceStretch(pool, pool.open, n, x, own, scratch, length)
          if (length === 0 || shortGap[0] > enough) return 'query'
        } else if (before > 0 && length > 1 && shortGap[1] > shortGap[0]) moveToKnown(pool, shortList[0])
      }
      enter = shortList[0]
    }
    for (let s = 0; s < corral.size(); s++) if (corral.labels[s] === enter) return 'stuck'
    place(enter)
    if (!corral.enter(point, enter)) return 'stuck'
  }
  return 'stuck'
}

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

/** Scratch of one search, so that walks allocate nothing; the short list is in ascending order of gap. */
export interface Scratch {
  readonly point: Float64Array
  readonly shortList: Int32Array
  readonly shortGap: Float64Array
  length: number
}

export function createScratch(d: number): Scratch {
  return {
    point: new Float64Array(d),
    shortList: new Int32Array(shortListLength),
    shortGap: new Float64Array(shortListLength),
    length: 0,
  }
}

/** Puts point j on the short list; returns the gap below which others still belong on it. */
function enlist(short: Scratch, j: number, gap: number): number {
  const { shortList, shortGap } = short
  let slot = short.length < shortListLength ? short.length++ : shortListLength - 1
  while (slot > 0 && shortGap[slot - 1] > gap) {
    shortGap[slot] = shortGap[slot - 1]
    shortList[slot] = shortList[slot - 1]
    slot--
  }
  shortGap[slot] = gap
  shortList[slot] = j
  return short.length < shortListLength ? Infinity : shortGap[shortListLength - 1]
}

/** Prices rows `[from, to)`, leaving out point `own`: those of least `x·z_j` go on the short list. Four rows a sweep of x. */
function price({ data, d, order }: Pool, from: number, to: number, x: Float64Array, own: number, short: Scratch): void {
  let limit = short.length < shortListLength ? Infinity : short.shortGap[shortListLength - 1]
  let at = from
  for (; at + 3 < to; at += 4) {
    let first = 0
    let second = 0
    let third = 0
    let fourth = 0
    for (let c = 0, p = at * d, q = p + d, r = q + d, s = r + d; c < d; c++) {
      const value = x[c]
      first += value * data[p + c]
      second += value * data[q + c]
      third += value * data[r + c]
      fourth += value * data[s + c]
    }
    if (first < limit && order[at] !== own) limit = enlist(short, order[at], first)
    if (second < limit && order[at + 1] !== own) limit = enlist(short, order[at + 1], second)
    if (third < limit && order[at + 2] !== own) limit = enlist(short, order[at + 2], third)
    if (fourth < limit && order[at + 3] !== own) limit = enlist(short, order[at + 3], fourth)
  }
  for (; at < to; at++) {
    let sum = 0
    for (let c = 0, p = at * d; c < d; c++) sum += x[c] * data[p + c]
    if (sum < limit && order[at] !== own) limit = enlist(short, order[at], sum)
  }
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
  const { data, d, n, place } = pool
  const { point, shortList, shortGap } = scratch
  const x = corral.nearest
  const aim = (j: number): void => {
    for (let c = 0, p = place[j] * d; c < d; c++, p++) point[c] = data[p] - origin[c]
  }
  aim(start)
  corral.reset(point, start, ridge)
  scratch.length = 0
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
    for (let s = 0; s < scratch.length; s++) {
      const j = shortList[s]
      let sum = -base
      for (let c = 0, p = place[j] * d; c < d; c++, p++) sum += x[c] * data[p]
      if (sum < least / 2) {
        least = sum
        enter = j
      }
    }
    if (enter < 0) {
      const enough = base + threshold * Math.sqrt(sqNorm)
      const cleared = (): boolean => scratch.length === 0 || shortGap[0] > enough
      scratch.length = 0
      price(pool, 0, pool.known, x, own, scratch)
      if (cleared()) {
        const before = scratch.length
        price(pool, pool.known, pool.open, x, own, scratch)
        if (cleared()) {
          price(pool, pool.open, n, x, own, scratch)
          if (cleared()) return 'query'
        } else if (before > 0 && scratch.length > 1 && shortGap[1] > shortGap[0]) moveToKnown(pool, shortList[0])
      }
      enter = shortList[0]
    }
    for (let s = 0; s < corral.size(); s++) if (corral.labels[s] === enter) return 'stuck'
    aim(enter)
    if (!corral.enter(point, enter)) return 'stuck'
  }
  return 'stuck'
}

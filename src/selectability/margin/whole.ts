/**
 * The margins of all selectable keys of a set.
 *
 * The nearest point of a selectable key's rivals nearly always is that of the selectable ones among them: they alone are priced on the walk,
 * in SIMD, until none is lower than the point. Its weights are then refined in doubled precision on their own few keys, and the bracket
 * around the distance is taken over all others: in floats, with the bound of `acceptanceGap`, and in doubled precision for those that this
 * leaves near the lowest. Where it is not narrow enough the key is answered alone.
 */
import { gemmTransposed } from '../../kernels/backend.ts'
import { createCorral } from '../corral.ts'
import type { Corral } from '../corral.ts'
import { hullPoint, lengthsAbove } from '../doubled.ts'
import { ldexp } from '../exact/dyadic.ts'
import type { KeySet } from '../keyset.ts'
import { acceptanceGap } from '../acceptance.ts'
import { prepare } from '../prepare.ts'
import type { Prepared } from '../prepare.ts'
import { rivalsAround } from '../rivals.ts'
import type { Rivals } from '../rivals.ts'
import type { Walker } from '../../kernels/simd/walker.ts'
import { roundingOf, stepLimit, walkerFor } from '../search.ts'
import { bracketOf, isNarrow } from './bracket.ts'
import { marginOf } from './index.ts'
import { refine } from './refine.ts'
import type { NearestPoint } from './refine.ts'

/** A correction of the weights below this leaves next to none, or else the bracket is too wide. */
const enough = 2 ** -34

/** Keys of a block, whose ends of walks are priced as one product. */
export const batchKeys = 32

/** Measures the selectable keys of one set. */
export interface Meter {
  /**
   * The distances of at most `batchKeys` keys, which hang on no other call. Complexity: that of a walk a key, and O(n·d) beside it.
   */
  readonly measure: (block: Int32Array) => Float64Array
  /** Gives back what the next set can use again. */
  readonly close: () => void
}

/** @param selectable all of them; there are rivals, so that n > 1 */
export function createMeter(keys: KeySet, selectable: Int32Array): Meter {
  const prepared = prepare(keys)
  const walker = walkerFor(prepared.z, prepared.norms, keys.d, prepared.largest)
  if (walker === null) {
    return { measure: (block) => Float64Array.from(block, (i) => marginOf(keys, i).distance), close: () => undefined }
  }
  for (const i of selectable) walker.addKnown(prepared.place[i])
  const known = walker.knownCount()
  const distances = byWalks(prepared, walker)
  return {
    measure: (block) => {
      const found = distances(block)
      // What this block's walks found, others must not know.
      walker.truncateKnown(known)
      return Float64Array.from(block, (i, at) => found[at] ?? marginOf(keys, i).distance)
    },
    close: walker.close,
  }
}

/** The distances of the keys of a block, null where a walk does not bracket one narrowly. */
function byWalks(prepared: Prepared, walker: Walker): (block: Int32Array) => (number | null)[] {
  const { z, count, keys, largest, place } = prepared
  const { d } = keys
  const corral = createCorral(d)
  const reach = roundingOf(d, largest)
  const points = new Float64Array(batchKeys * d)
  const heights = new Float64Array(batchKeys * count)
  const walkFrom = (i: number, at: number): End | null => {
    const v = place[i]
    // Every gap is below an infinite threshold, so the walk ends where the lowest rival is in the corral already.
    walker.walk(v, v === 0 ? count - 1 : 0, Infinity, reach, stepLimit(d), 1)
    corral.load(walker.corral(), 1)
    return endOf(prepared, i, corral, points.subarray(at * d, (at + 1) * d))
  }
  return (block) => {
    const ends = Array.from(block, walkFrom)
    gemmTransposed(points, z, block.length, count, d, heights)
    return ends.map((end, at) => {
      if (end === null) return null
      const x = points.subarray(at * d, (at + 1) * d)
      return distanceAt(prepared, end, lowest(prepared, block[at], x, heights.subarray(at * count, (at + 1) * count)))
    })
  }
}

/** Where a walk came to: the point nearest to the key in the hull of its support. */
interface End {
  readonly rivals: Rivals
  readonly nearest: NearestPoint
}

/** The corral's point in doubled precision, and in `x` in the units of z; null where the corral is a simplex around the key. */
function endOf({ keys, first, exponent }: Prepared, i: number, corral: Corral, x: Float64Array): End | null {
  const size = corral.size()
  if (size > keys.d) return null
  const rivals = rivalsAround(
    keys,
    i,
    Uint32Array.from({ length: size }, (_, s) => first[corral.labels[s]]),
  )
  for (let s = 0; s < size; s++) corral.labels[s] = s
  const nearest = refine(rivals, corral, enough)
  for (let c = 0; c < keys.d; c++) x[c] = ldexp(nearest.point.high[c], rivals.exponent - exponent)
  return { rivals, nearest }
}

/** The distance at the end of a walk, or null where it and the lowest keys along it do not bracket it narrowly. */
function distanceAt({ keys }: Prepared, { rivals, nearest }: End, low: readonly number[]): number | null {
  const support = new Set(rivals.indices)
  const others = low.filter((key) => !support.has(key))
  const all = others.length === 0 ? rivals : rivalsAround(keys, rivals.key, Uint32Array.from([...support, ...others]))
  const point = all === rivals ? nearest.point : hullPoint(all, nearest.weights, nearest.labels)
  if (!isNarrow(bracketOf(all, lengthsAbove(all), { ...nearest, point }))) return null
  const distance = ldexp(Math.hypot(...point.high), all.exponent)
  // Past the largest float, rounding may have put it there.
  return distance < Infinity ? distance : null
}

/** The keys that are not proven to be higher along x than x itself; `heights` are those of all distinct keys. */
function lowest(prepared: Prepared, i: number, x: Float64Array, heights: Float64Array): number[] {
  const { z, count, place, first, keys } = prepared
  const { d } = keys
  const v = place[i]
  let sqNorm = 0
  let base = 0
  for (let c = 0; c < d; c++) {
    sqNorm += x[c] * x[c]
    base += x[c] * z[v * d + c]
  }
  const norm = Math.sqrt(sqNorm)
  const enough = sqNorm * (1 + 2 ** -40) + acceptanceGap(prepared, v, 0) * norm * (1 + 2 ** -40)
  const near: number[] = []
  for (let w = 0; w < count; w++) if (w !== v && !(heights[w] - base > enough)) near.push(first[w])
  return near
}

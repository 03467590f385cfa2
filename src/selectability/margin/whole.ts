/**
 * The margins of all selectable keys of a set.
 *
 * The nearest point of a selectable key's rivals nearly always is that of the selectable ones among them: they alone are priced on the walk,
 * in SIMD, until none is lower than the point. Its weights are then refined in doubled precision on their own few keys, and the bracket
 * around the distance is taken over all others: in floats, with the bound of `acceptanceGap`, and in doubled precision for those that this
 * leaves near the lowest. Where it is not narrow enough the key is answered alone.
 */
import { gemv } from '../../kernels/backend.ts'
import { gamma } from '../bounds.ts'
import { createCorral } from '../corral.ts'
import { hullPoint, lengthsAbove } from '../doubled.ts'
import { ldexp } from '../exact/dyadic.ts'
import type { KeySet } from '../keyset.ts'
import { acceptanceGap } from '../acceptance.ts'
import { prepare } from '../prepare.ts'
import type { Prepared } from '../prepare.ts'
import { rivalsAround } from '../rivals.ts'
import { stepLimit, walkerFor } from '../search.ts'
import type { Verdict } from '../types.ts'
import { bracketOf } from './bracket.ts'
import { marginOf, precision } from './index.ts'
import { refine } from './refine.ts'

/** A correction of the weights below this leaves next to none, or else the bracket is too wide. */
const enough = 2 ** -34

/** δ of each selectable key, 0 for the others. Complexity: that of a walk a key, and O(n·d) beside it. */
export function marginsOf(keys: KeySet, verdicts: readonly Verdict[]): Float64Array {
  const margins = new Float64Array(keys.n)
  if (keys.n === 1) return margins.fill(Infinity)
  const prepared = prepare(keys)
  const { z, count, largest, place } = prepared
  const walker = walkerFor(z, count, keys.d, largest)
  const selectable = Array.from(verdicts.keys()).filter((i) => verdicts[i] === 'selectable')
  if (walker !== null) for (const i of selectable) walker.addKnown(place[i])
  const corral = createCorral(keys.d)
  const reach = 2 * gamma(keys.d + 8) * largest
  for (const i of selectable) {
    let found: number | null = null
    if (walker !== null) {
      const v = place[i]
      // Every gap is below an infinite threshold, so the walk ends where the lowest rival is in the corral already.
      walker.walk(v, v === 0 ? count - 1 : 0, Infinity, reach, stepLimit(keys.d), 1)
      corral.load(walker.corral(), 1)
      found = distanceFrom(prepared, i, corral)
    }
    margins[i] = found ?? marginOf(keys, i).distance
  }
  return margins
}

/** The distance that a corral's weights give, or null where they do not bracket it narrowly. */
function distanceFrom(prepared: Prepared, i: number, corral: ReturnType<typeof createCorral>): number | null {
  const { keys, first } = prepared
  const size = corral.size()
  if (size > keys.d) return null
  const support = Uint32Array.from({ length: size }, (_, s) => first[corral.labels[s]])
  const few = rivalsAround(keys, i, support)
  for (let s = 0; s < size; s++) corral.labels[s] = s
  const nearest = refine(few, corral, enough)
  const x = nearest.point.high.map((value) => ldexp(value, few.exponent - prepared.exponent))
  const low = lowest(prepared, i, x)
  const near = Uint32Array.from(new Set([...support, ...low]))
  const rivals = rivalsAround(keys, i, near)
  const point = hullPoint(rivals, nearest.weights, nearest.labels)
  const bracket = bracketOf(rivals, lengthsAbove(rivals), { ...nearest, point })
  if (!(bracket.low > 0 && bracket.high - bracket.low <= precision * bracket.high)) return null
  return ldexp(Math.hypot(...point.high), rivals.exponent)
}

/** The keys that are not proven to be higher along x than x itself. */
function lowest(prepared: Prepared, i: number, x: Float64Array): number[] {
  const { keys, z, count, place, first } = prepared
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
  const heights = gemv(z, x, count, d, new Float64Array(count))
  const near: number[] = []
  for (let w = 0; w < count; w++) if (w !== v && !(heights[w] - base > enough)) near.push(first[w])
  return near
}

/**
 * The nearest point of the hull of the rivals, followed to the end: Wolfe's algorithm until no rival is lower than the point itself,
 * to rounding (P. Wolfe, *Finding the nearest point in a polytope*, 1976, doi:10.1007/BF01580381).
 *
 * All rivals are priced, those in the hull of others too: leaving one out would move the nearest point's margin.
 */
import { gamma } from '../bounds.ts'
import { createCorral } from '../corral.ts'
import type { Corral } from '../corral.ts'
import type { Rivals } from '../rivals.ts'
import { stepLimit } from '../search.ts'

/** The lowest rivals of a pricing; they are worked off before all are priced again. */
const shortListLength = 16

/** The corral at the end: whether the origin is in its hull to rounding, or else the point nearest to it. */
export interface Approach {
  readonly inside: boolean
  readonly corral: Corral
}

/** `norms` are those of the offsets. Complexity: O(m·d) a pricing, of which it takes a few tens. */
export function approach({ m, d, offsets }: Rivals, norms: Float64Array, corral: Corral = createCorral(d)): Approach {
  let start = 0
  let longest = 0
  for (let s = 0; s < m; s++) {
    if (norms[s] < norms[start]) start = s
    longest = Math.max(longest, norms[s])
  }
  const reach = gamma(d + 8) * longest
  const x = corral.nearest
  const label = (s: number): Float64Array => offsets.subarray(s * d, (s + 1) * d)
  corral.reset(label(start), start, 1)
  const height = new Float64Array(m)
  const list = new Int32Array(shortListLength)
  let length = 0
  let previous = Infinity
  const heightOf = (s: number): number => {
    let sum = 0
    for (let c = 0, at = s * d; c < d; c++, at++) sum += x[c] * offsets[at]
    return sum
  }
  for (let step = 0; step < stepLimit(d); step++) {
    let sqNorm = 0
    for (let c = 0; c < d; c++) sqNorm += x[c] * x[c]
    if (corral.size() === d + 1 || !(sqNorm > reach * reach)) return { inside: true, corral }
    if (!(sqNorm < previous)) break
    previous = sqNorm
    let enter = -1
    let least = sqNorm
    for (let at = 0; at < length; at++) {
      const value = heightOf(list[at])
      if (value < least && value < sqNorm * (1 - 2 ** -10)) {
        least = value
        enter = list[at]
      }
    }
    if (enter < 0) {
      length = 0
      let limit = Infinity
      for (let s = 0; s < m; s++) {
        const value = heightOf(s)
        height[s] = value
        if (!(value < limit)) continue
        let slot = length < shortListLength ? length++ : shortListLength - 1
        while (slot > 0 && height[list[slot - 1]] > value) {
          list[slot] = list[slot - 1]
          slot--
        }
        list[slot] = s
        if (length === shortListLength) limit = height[list[length - 1]]
      }
      enter = list[0]
      if (!(height[enter] < sqNorm - reach * Math.sqrt(sqNorm))) break
    }
    if (corral.labels.subarray(0, corral.size()).includes(enter)) break
    if (!corral.enter(label(enter), enter)) break
  }
  return { inside: false, corral }
}

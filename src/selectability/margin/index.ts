/**
 * How sharply a key can be selected: its distance δ from the hull of the others, the largest margin of any query of norm 1, to
 * full precision.
 */
import { certifyKey } from '../certify.ts'
import { createCorral } from '../corral.ts'
import { lengthsAbove } from '../doubled.ts'
import { ldexp, rootRatio } from '../exact/dyadic.ts'
import { integerKeys, minus } from '../exact/integers.ts'
import { keyVertex, lowestKey, nearestPoint } from '../exact/nearest.ts'
import { roundWeights } from '../exactly.ts'
import type { KeySet } from '../keyset.ts'
import { othersThan, rivalsAround } from '../rivals.ts'
import type { Rivals } from '../rivals.ts'
import type { Margin } from '../types.ts'
import { approach } from './approach.ts'
import { bracketOf, isNarrow } from './bracket.ts'
import { refine } from './refine.ts'
import type { NearestPoint } from './refine.ts'

/** The answer for one key. Complexity: O(n·d) a step of the walk, of which a few tens are taken. */
export function marginOf(keys: KeySet, i: number): Margin {
  const { n, d } = keys
  if (n === 1) {
    const query = new Float64Array(d)
    query[0] = 1
    return { distance: Infinity, query, support: new Uint32Array(0), weights: new Float64Array(0) }
  }
  const rivals = rivalsAround(keys, i, othersThan(n, i))
  return floatMargin(rivals) ?? exactMargin(keys, i)
}

/** In floating point, or null where that does not separate the key from the hull, bracket its distance narrowly enough, or keep it finite. */
function floatMargin(rivals: Rivals): Margin | null {
  const norms = lengthsAbove(rivals)
  const { inside, corral } = approach(rivals, norms, createCorral(rivals.d))
  if (inside) return null
  const nearest = refine(rivals, corral)
  if (!isNarrow(bracketOf(rivals, norms, nearest))) return null
  const found = toMargin(rivals, nearest)
  return found.distance < Infinity ? found : null
}

function toMargin({ d, indices, exponent }: Rivals, { labels, weights, point }: NearestPoint): Margin {
  const norm = Math.hypot(...point.high)
  const query = new Float64Array(d)
  for (let c = 0; c < d; c++) query[c] = -point.high[c] / norm
  return {
    distance: ldexp(norm, exponent),
    query,
    support: Uint32Array.from(labels, (s) => indices[s]),
    weights: weights.high,
  }
}

/** Where the key is in the hull, its exact weights; else the exact nearest point. */
function exactMargin(keys: KeySet, i: number): Margin {
  const { n, d } = keys
  const certificate = certifyKey({ keys: { ...keys, bias: null }, tolerance: 0 }, i)
  if (certificate.verdict !== 'selectable') {
    const { support, weights } = certificate
    return { distance: 0, query: new Float64Array(d), support, weights }
  }
  const others = othersThan(n, i)
  const { rows, keyExponent } = integerKeys({ ...keys, bias: null }, [i, ...others])
  const points = Array.from(others, (key, s) => ({ key, vector: minus(rows[s + 1], rows[0]), rise: 0n }))
  const found = nearestPoint(keyVertex(points[0]), lowestKey(points))
  const { support, weights } = roundWeights(found.keys, found.weights)
  const total = found.weights.reduce((sum, w) => sum + w, 0n)
  const square = found.vector.reduce((sum, x) => sum + x * x, 0n)
  const distance = rootRatio({ m: square, e: 2 * keyExponent }, { m: total * total, e: 0 })
  const query = Float64Array.from(
    found.vector,
    (x) => (x > 0n ? -1 : 1) * rootRatio({ m: x * x, e: 0 }, { m: square, e: 0 }),
  )
  return { distance, query, support, weights }
}

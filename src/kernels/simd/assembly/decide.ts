/** Many keys in turn: each selected by reflections or a walk, proven to be inside a simplex, its own or that of a key before it, or left open. */
import { labels, nearest, scaleOfCorral, size } from './corral'
import { isInside } from './inside'
import { startFrom } from './neighbour'
import { findAround, giveSimplices, keepSimplex, nearestSimplex, takeSimplices } from './simplices'
import { reflectAll } from './reflect'
import { d, hull, manyDimensions, n, query, row, stuck, walk, walkOn } from './walk'

/** Proven inside a corral; see `inside.ts`. */
export const inside: i32 = 3

/** Corrals that are tried for one deep enough around a key. */
const attempts: i32 = 4

/** Whether the corral, or one that a walk from elsewhere ends on, proves that the key is inside. */
function findsDepth(own: i32, threshold: f64, reach: f64, maxSteps: i32, largest: f64, distance: f64): bool {
  if (size > d && isInside(largest, distance)) return true
  if (distance === Infinity) return false
  const ridge = scaleOfCorral()
  for (let attempt = 1; attempt < attempts; attempt++) {
    const start = <i32>((<i64>own + (<i64>attempt * <i64>n) / attempts) % <i64>n)
    if (walk(own, start, threshold, reach, maxSteps, ridge) === hull && isInside(largest, distance)) return true
  }
  return false
}

/**
 * Settles each of `count` keys, and keeps what proves its end: −x for `query`, the corral's labels for `inside`. What one key is found by
 * depends on those before it in the list, and on the known vertices.
 *
 * @param list i32 keys, `starts` i32 the key that each walk starts from, `thresholds` f64
 * @param largest the largest norm, and `distance`: see `isInside`
 * @param ends i32, one a key
 * @param proofs for each key `proofBytes`, which hold d numbers or d + 1 labels
 * @param simplices a list of `given` to try in few dimensions, see `takeSimplices`, and afterwards the list of those to try next
 * @returns how many those are
 */
export function decide(
  list: usize,
  starts: usize,
  thresholds: usize,
  count: i32,
  reach: f64,
  maxSteps: i32,
  largest: f64,
  distance: f64,
  ends: usize,
  proofs: usize,
  proofBytes: usize,
  simplices: usize,
  given: i32,
): i32 {
  if (d < manyDimensions) takeSimplices(simplices, given, largest, distance)
  else reflectAll(list, thresholds, count, reach, ends, proofs, proofBytes)
  for (let at: usize = 0; at < <usize>count; at++, proofs += proofBytes) {
    const own = load<i32>(list + (at << 2))
    const threshold = load<f64>(thresholds + (at << 3))
    let end = stuck
    let simplex: usize = labels
    if (d >= manyDimensions) {
      if (load<i32>(ends + (at << 2)) === query) continue
    } else {
      const around = findAround(row(0), row(own), largest, distance)
      if (around !== 0) {
        simplex = around
        end = inside
      } else if (nearestSimplex !== 0 && startFrom(nearestSimplex, own)) {
        end = walkOn(own, threshold, reach, maxSteps)
      }
    }
    if (end === stuck) end = walk(own, load<i32>(starts + (at << 2)), threshold, reach, maxSteps, 1)
    if (end === hull && findsDepth(own, threshold, reach, maxSteps, largest, distance)) {
      if (d < manyDimensions) keepSimplex(own)
      end = inside
    }
    if (end === query) {
      for (let c: usize = 0; c < <usize>d; c++) store<f64>(proofs + (c << 3), -load<f64>(nearest + (c << 3)))
    } else if (end === inside) memory.copy(proofs, simplex, (<usize>(d + 1)) << 2)
    store<i32>(ends + (at << 2), end)
  }
  return d < manyDimensions ? giveSimplices(simplices) : 0
}

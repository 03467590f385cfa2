/**
 * Reflections before a walk: the query starts as the key itself and is turned over, again and again, by the hyperplane on whose wrong side
 * the worst of its rivals is (as in A. Grivas et al., *Low-Rank Softmax Can Have Unargmaxable Classes*, 2022, arXiv:2203.06462).
 *
 * In many dimensions that selects most keys that can be selected, with a third of the work of a walk. It never proves that a key cannot be.
 */
import { nearest } from './corral'
import { dotPair } from './dots'
import { sumLanes } from './lanes'
import { clears, row, stride, weighList, worst, worstGap } from './walk'

const bytes: usize = 8

/**
 * Pricings that reflections may take, and reflections on the list of one: with 8 pricings 4,096 heavy keys of 64 numbers gain nothing, with 20
 * they take 0.52 of the time, with 64 and 200 0.42; from 10 to 50 reflections make no difference.
 */
const mostPricings: i32 = 40
const mostReflections: i32 = 20

/** x ← x − 2·(x·a)/(a·a)·a for a = z_worst − z_own: the gap over key `worst` changes its sign. */
function reflect(x: usize, origin: usize): void {
  const other = row(worst)
  let along = f64x2.splat(0)
  let square = along
  for (let c: usize = 0; c < <usize>stride * bytes; c += 16) {
    const a = f64x2.sub(v128.load(other + c), v128.load(origin + c))
    along = f64x2.add(along, f64x2.mul(a, v128.load(x + c)))
    square = f64x2.add(square, f64x2.mul(a, a))
  }
  const factor = f64x2.splat((2 * sumLanes<f64>(along)) / sumLanes<f64>(square))
  for (let c: usize = 0; c < <usize>stride * bytes; c += 16) {
    const a = f64x2.sub(v128.load(other + c), v128.load(origin + c))
    v128.store(x + c, f64x2.sub(v128.load(x + c), f64x2.mul(factor, a)))
  }
}

/**
 * Whether reflections of the key itself come to a query that selects it, −x in `nearest`. A key within `reach` of the middle of all has no
 * direction but rounding, and one that rounding brings there is given up.
 */
export function reflectsOut(own: i32, threshold: f64, reach: f64): bool {
  const x = nearest
  const origin = row(own)
  for (let c: usize = 0; c < <usize>stride * bytes; c += 16) v128.store(x + c, f64x2.neg(v128.load(origin + c)))
  for (let pricing = 0; pricing < mostPricings; pricing++) {
    const sqNorm = dotPair(x, x, stride)
    if (!(sqNorm > reach * reach)) return false
    const norm = sqrt(sqNorm)
    const base = dotPair(x, origin, stride)
    if (clears(x, norm, base, own, threshold)) return true
    for (let step = 0; step < mostReflections; step++) {
      reflect(x, origin)
      weighList(x, dotPair(x, origin, stride))
      if (worstGap > threshold * norm) break
    }
  }
  return false
}

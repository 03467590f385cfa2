/**
 * Pricing in float32: which keys a direction scores lowest. Keys lie in strips of eight, entry (r, k) of a strip at 8k + r, so
 * that a vector holds the scores of four keys and nothing is summed across it. Each score is a running sum over k.
 */
import { vector } from './lanes'
import { clearList, enlist, listed, listedScore, mostListed, useList } from './shortlist'

/** Keys of a strip, and of the four strips that are priced together: eight sums, so that no addition waits for another. */
export const stripKeys: i32 = 8
export const groupKeys: i32 = 32

/**
 * Enlists the keys of `count` rows, a multiple of 32, whose score is below `limit`, but for key `own`.
 *
 * @param x direction, d numbers
 * @param keys the key in each row, or −1
 * @param norms for each 32 rows the largest norm from there on: pricing ends where none can score below `least` any more
 */
export function price(
  strips: usize,
  keys: usize,
  count: i32,
  x: usize,
  d: i32,
  own: i32,
  limit: f32,
  norms: usize,
  least: f32,
): void {
  const strip = <usize>d * 32
  if (listed === mostListed) limit = min<f32>(limit, listedScore(mostListed - 1))
  let bar = f32x4.splat(limit)
  for (let r = 0; r < count; r += groupKeys) {
    if (norms !== 0) {
      if (load<f32>(norms) < least) return
      norms += 4
    }
    let p = strips
    let a0 = f32x4.splat(0)
    let a1 = a0
    let b0 = a0
    let b1 = a0
    let c0 = a0
    let c1 = a0
    let d0 = a0
    let d1 = a0
    let from = x
    for (let k = 0; k < d; k++) {
      const factor = v128.load32_splat(from)
      a0 = f32x4.add(a0, f32x4.mul(factor, v128.load(p)))
      a1 = f32x4.add(a1, f32x4.mul(factor, v128.load(p, vector)))
      b0 = f32x4.add(b0, f32x4.mul(factor, v128.load(p + strip)))
      b1 = f32x4.add(b1, f32x4.mul(factor, v128.load(p + strip, vector)))
      c0 = f32x4.add(c0, f32x4.mul(factor, v128.load(p + 2 * strip)))
      c1 = f32x4.add(c1, f32x4.mul(factor, v128.load(p + 2 * strip, vector)))
      d0 = f32x4.add(d0, f32x4.mul(factor, v128.load(p + 3 * strip)))
      d1 = f32x4.add(d1, f32x4.mul(factor, v128.load(p + 3 * strip, vector)))
      from += 4
      p += 32
    }
    const lowest = f32x4.pmin(
      f32x4.pmin(f32x4.pmin(a0, a1), f32x4.pmin(b0, b1)),
      f32x4.pmin(f32x4.pmin(c0, c1), f32x4.pmin(d0, d1)),
    )
    if (v128.any_true(f32x4.lt(lowest, bar))) {
      limit = enlistFour(a0, keys, own, limit)
      limit = enlistFour(a1, keys + 16, own, limit)
      limit = enlistFour(b0, keys + 32, own, limit)
      limit = enlistFour(b1, keys + 48, own, limit)
      limit = enlistFour(c0, keys + 64, own, limit)
      limit = enlistFour(c1, keys + 80, own, limit)
      limit = enlistFour(d0, keys + 96, own, limit)
      limit = enlistFour(d1, keys + 112, own, limit)
      bar = f32x4.splat(limit)
    }
    strips += 4 * strip
    keys += 128
  }
}

/** Lanes of `priceFour`, and the list of the first. */
export const lanes: usize = 4
export const firstList: usize = 1

/**
 * Prices keys in four directions at once, so that each is read once for four: enlists for lane l the keys whose score is below its limit on
 * list `firstList + l`.
 *
 * @param directions entry k of direction l at 4k + l
 * @param owns i32, for each lane the key that is left out
 * @param limits f32, one a lane; −Infinity for a lane that is not to be priced
 * @param norms see `price`; pricing ends below `least`
 */
export function priceFour(
  strips: usize,
  keys: usize,
  count: i32,
  directions: usize,
  d: i32,
  owns: usize,
  limits: usize,
  norms: usize,
  least: f32,
): void {
  for (let l: usize = 0; l < lanes; l++) {
    if (load<f32>(limits + (l << 2)) === -Infinity) continue
    useList(firstList + l)
    clearList()
  }
  let bar0 = v128.load32_splat(limits)
  let bar1 = v128.load32_splat(limits, 4)
  let bar2 = v128.load32_splat(limits, 8)
  let bar3 = v128.load32_splat(limits, 12)
  let p = strips
  for (let r = 0; r < count; r += stripKeys) {
    if (norms !== 0 && r % groupKeys === 0) {
      if (load<f32>(norms) < least) break
      norms += 4
    }
    let a0 = f32x4.splat(0)
    let a1 = a0
    let a2 = a0
    let a3 = a0
    let b0 = a0
    let b1 = a0
    let b2 = a0
    let b3 = a0
    let from = directions
    for (let k = 0; k < d; k++) {
      const low = v128.load(p)
      const high = v128.load(p, vector)
      let factor = v128.load32_splat(from)
      a0 = f32x4.add(a0, f32x4.mul(factor, low))
      b0 = f32x4.add(b0, f32x4.mul(factor, high))
      factor = v128.load32_splat(from, 4)
      a1 = f32x4.add(a1, f32x4.mul(factor, low))
      b1 = f32x4.add(b1, f32x4.mul(factor, high))
      factor = v128.load32_splat(from, 8)
      a2 = f32x4.add(a2, f32x4.mul(factor, low))
      b2 = f32x4.add(b2, f32x4.mul(factor, high))
      factor = v128.load32_splat(from, 12)
      a3 = f32x4.add(a3, f32x4.mul(factor, low))
      b3 = f32x4.add(b3, f32x4.mul(factor, high))
      from += vector
      p += 2 * vector
    }
    const below = v128.or(
      v128.or(f32x4.lt(f32x4.pmin(a0, b0), bar0), f32x4.lt(f32x4.pmin(a1, b1), bar1)),
      v128.or(f32x4.lt(f32x4.pmin(a2, b2), bar2), f32x4.lt(f32x4.pmin(a3, b3), bar3)),
    )
    if (v128.any_true(below)) {
      bar0 = enlistEight(0, a0, b0, keys, owns, bar0)
      bar1 = enlistEight(1, a1, b1, keys, owns, bar1)
      bar2 = enlistEight(2, a2, b2, keys, owns, bar2)
      bar3 = enlistEight(3, a3, b3, keys, owns, bar3)
    }
    keys += 32
  }
}

/** Puts what is below a lane's bar on its list; returns the bar from there on. */
function enlistEight(lane: usize, low: v128, high: v128, keys: usize, owns: usize, bar: v128): v128 {
  if (!v128.any_true(f32x4.lt(f32x4.pmin(low, high), bar))) return bar
  useList(firstList + lane)
  const own = load<i32>(owns + (lane << 2))
  const limit = enlistFour(low, keys, own, f32x4.extract_lane(bar, 0))
  return f32x4.splat(enlistFour(high, keys + 16, own, limit))
}

function enlistFour(scores: v128, keys: usize, own: i32, limit: f32): f32 {
  if (!v128.any_true(f32x4.lt(scores, f32x4.splat(limit)))) return limit
  limit = offer(f32x4.extract_lane(scores, 0), load<i32>(keys), own, limit)
  limit = offer(f32x4.extract_lane(scores, 1), load<i32>(keys, 4), own, limit)
  limit = offer(f32x4.extract_lane(scores, 2), load<i32>(keys, 8), own, limit)
  return offer(f32x4.extract_lane(scores, 3), load<i32>(keys, 12), own, limit)
}

function offer(score: f32, key: i32, own: i32, limit: f32): f32 {
  return score < limit && key >= 0 && key !== own ? enlist(key, score, limit) : limit
}

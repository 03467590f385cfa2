/**
 * Pricing in float32: which keys a direction scores lowest. Keys lie in strips of eight, entry (r, k) of a strip at 8k + r, so
 * that a vector holds the scores of four keys and nothing is summed across it. Each score is a running sum over k.
 */
import { vector } from './lanes'
import { enlist, listed, listedScore, mostListed } from './shortlist'

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

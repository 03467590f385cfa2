/**
 * Reflections before a walk: the query starts as the key itself and is turned over, again and again, by the hyperplane on whose wrong side
 * the worst of its rivals is (as in A. Grivas et al., *Low-Rank Softmax Can Have Unargmaxable Classes*, 2022, arXiv:2203.06462).
 *
 * In many dimensions that selects most keys that can be selected, with a third of the work of a walk. It never proves that a key cannot be.
 *
 * Pricing is most of it, four fifths at 8,002 keys of 256 numbers, which no cache near the processor holds. So four keys, one a lane, are priced
 * as one product, which takes 0.68 of the time there, and 0.89 at 4,096 keys of 64 numbers.
 */
import { dotPair } from './dots'
import { sumLanes } from './lanes'
import { firstList, lanes } from './pricing'
import { listed, useList } from './shortlist'
import {
  clearsList,
  d,
  leastOf,
  limitOf,
  priceLanes,
  query,
  row,
  spare,
  stride,
  stuck,
  weighList,
  worst,
  worstGap,
} from './walk'

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

/** For each lane the place of its key in the list or −1, whether it waits for all keys to be priced, and its pricings so far. */
const places: usize = memory.data(4 * 4, 4)
const waits: usize = memory.data(4 * 4, 4)
const pricings: usize = memory.data(4 * 4, 4)
const owns: usize = memory.data(4 * 4, 4)
/** Gaps that are enough, over ‖x‖, and as they are; `bases` x·z_own. */
const thresholds: usize = memory.data(4 * 8, 8)
const enoughs: usize = memory.data(4 * 8, 8)
const bases: usize = memory.data(4 * 8, 8)
/** What `priceFour` is asked with, and what it would be asked with for each lane. */
const asked: usize = memory.data(4 * 4, 4)
const limits: usize = memory.data(4 * 4, 4)
const leasts: usize = memory.data(4 * 4, 4)

/** −q of a lane. */
function xOf(lane: usize): usize {
  return spare + lane * <usize>stride * bytes
}

/** The lanes' unit directions in float32, entry k of lane l at 4k + l. */
function directions(): usize {
  return spare + lanes * <usize>stride * bytes
}

/** Starts a lane with a key's own query. */
function begin(lane: usize, place: i32, own: i32, threshold: f64): void {
  store<i32>(places + (lane << 2), place)
  store<i32>(pricings + (lane << 2), 0)
  store<i32>(owns + (lane << 2), own)
  store<f64>(thresholds + (lane << 3), threshold)
  const x = xOf(lane)
  const origin = row(own)
  for (let c: usize = 0; c < <usize>stride * bytes; c += 16) v128.store(x + c, f64x2.neg(v128.load(origin + c)))
}

/**
 * Makes a lane ready to be priced. False where x is within `reach` of nothing: the key is in the middle of all, or rounding has brought x
 * there, and its direction is rounding.
 */
function aimLane(lane: usize, reach: f64): bool {
  const x = xOf(lane)
  const sqNorm = dotPair(x, x, stride)
  if (!(sqNorm > reach * reach)) return false
  const norm = sqrt(sqNorm)
  const scale = 1 / norm
  const base = dotPair(x, row(load<i32>(owns + (lane << 2))), stride)
  const threshold = load<f64>(thresholds + (lane << 3))
  const enough = base * scale + threshold
  let to = directions() + (lane << 2)
  for (let k: usize = 0; k < <usize>d; k++) {
    store<f32>(to, <f32>(load<f64>(x + (k << 3)) * scale))
    to += lanes << 2
  }
  store<f64>(bases + (lane << 3), base)
  store<f64>(enoughs + (lane << 3), threshold * norm)
  store<f32>(limits + (lane << 2), limitOf(enough))
  store<f32>(leasts + (lane << 2), leastOf(enough))
  store<i32>(waits + (lane << 2), 0)
  return true
}

/** Reflects a lane by `worst`, and on by the worst of its list; false when it is to be given up. */
function turnLane(lane: usize, reach: f64): bool {
  const at = pricings + (lane << 2)
  store<i32>(at, load<i32>(at) + 1)
  if (load<i32>(at) >= mostPricings) return false
  const x = xOf(lane)
  const origin = row(load<i32>(owns + (lane << 2)))
  const enough = load<f64>(enoughs + (lane << 3))
  for (let step = 0; step < mostReflections; step++) {
    reflect(x, origin)
    weighList(x, dotPair(x, origin, stride))
    if (worstGap > enough) break
  }
  return aimLane(lane, reach)
}

/** Prices the lanes that wait for all keys to be priced, or those that do not. */
function priceThose(waiting: i32): void {
  let least: f32 = Infinity
  for (let lane: usize = 0; lane < lanes; lane++) {
    const isAsked = load<i32>(places + (lane << 2)) >= 0 && load<i32>(waits + (lane << 2)) === waiting
    store<f32>(asked + (lane << 2), isAsked ? load<f32>(limits + (lane << 2)) : -Infinity)
    if (isAsked) least = min<f32>(least, load<f32>(leasts + (lane << 2)))
  }
  priceLanes(waiting !== 0, directions(), owns, asked, least)
}

const selected: i32 = 0
const open: i32 = 1
const lost: i32 = 2

/** What the pricing of a lane says of it. */
function judge(lane: usize, reach: f64): i32 {
  useList(firstList + lane)
  const enough = load<f64>(enoughs + (lane << 3))
  const base = load<f64>(bases + (lane << 3))
  if (load<i32>(waits + (lane << 2)) !== 0) {
    if (clearsList(xOf(lane), base, load<i32>(owns + (lane << 2)), enough)) return selected
    return turnLane(lane, reach) ? open : lost
  }
  if (listed > 0) {
    weighList(xOf(lane), base)
    if (worstGap <= enough) return turnLane(lane, reach) ? open : lost
  }
  store<i32>(waits + (lane << 2), 1)
  return open
}

/**
 * Turns the queries of a list of keys, four at a time, until they select their keys or are given up; once two thirds fail, no others are begun.
 *
 * The four are priced together in the known vertices, and in all keys when none of them is left that a known vertex beats. Each round ends a
 * lane, makes one wait, or counts one of its pricings, so that all end.
 *
 * @param list i32 keys, `gaps` f64 thresholds
 * @param ends i32, one a key: `query` for those that are selected, whose queries are in `proofs`, else `stuck`
 */
export function reflectAll(
  list: usize,
  gaps: usize,
  count: i32,
  reach: f64,
  ends: usize,
  proofs: usize,
  proofBytes: usize,
): void {
  for (let lane: usize = 0; lane < lanes; lane++) store<i32>(places + (lane << 2), -1)
  for (let at: usize = 0; at < <usize>count; at++) store<i32>(ends + (at << 2), stuck)
  let next = 0
  let wins = 0
  let losses = 0
  while (true) {
    let busy = 0
    let asking = 0
    for (let lane: usize = 0; lane < lanes; lane++) {
      while (load<i32>(places + (lane << 2)) < 0 && next < count && losses <= 2 * wins + 2) {
        begin(lane, next, load<i32>(list + ((<usize>next) << 2)), load<f64>(gaps + ((<usize>next) << 3)))
        next++
        if (aimLane(lane, reach)) break
        store<i32>(places + (lane << 2), -1)
      }
      if (load<i32>(places + (lane << 2)) < 0) continue
      busy++
      if (load<i32>(waits + (lane << 2)) === 0) asking++
    }
    if (busy === 0) break
    const waiting = asking > 0 ? 0 : 1
    priceThose(waiting)
    for (let lane: usize = 0; lane < lanes; lane++) {
      const place = load<i32>(places + (lane << 2))
      if (place < 0 || load<i32>(waits + (lane << 2)) !== waiting) continue
      const verdict = judge(lane, reach)
      if (verdict === open) continue
      store<i32>(places + (lane << 2), -1)
      if (verdict === lost) losses++
      else {
        wins++
        store<i32>(ends + ((<usize>place) << 2), query)
        const to = proofs + <usize>place * proofBytes
        for (let c: usize = 0; c < <usize>d; c++) store<f64>(to + (c << 3), -load<f64>(xOf(lane) + (c << 3)))
      }
    }
  }
  useList(0)
}

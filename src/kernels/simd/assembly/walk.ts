/**
 * The walk to the nearest point of a hull: `src/selectability/nearest.ts` in the module.
 *
 * Keys lie here twice: in float64 rows, in which every step and every acceptance is computed, and in float32 strips, which are
 * priced. A score in float32 is off by at most `slack·‖x‖`, so a key that clears the threshold by more is cleared; the others,
 * if the short list has room for all, are cleared in float64 or are violators; and where it has not, float64 prices all.
 */
import { corralHas, enterCorral, nearest, nextPoint, resetCorral, size } from './corral'
import { dotPair, dots } from './dots'
import { groupKeys, price, priceFour, stripKeys } from './pricing'
import { openSimplices, simplicesSize } from './simplices'
import { clearList, listed, listedRow, listedRows, listUpTo, mostListed } from './shortlist'

export const query: i32 = 0
export const hull: i32 = 1
export const stuck: i32 = 2

const bytes: usize = 8

/**
 * From so many dimensions on keys are tried by reflections, and below it started from the simplex around another: 1,024 heavy keys of 8 numbers
 * take 0.7 of the time from a neighbour, and 1.7 times as long after reflections; of 64 numbers it is 1.03 and 0.4.
 */
export const manyDimensions: i32 = 16

export let n: i32 = 0
export let d: i32 = 0
export let stride: i32 = 0
let rows: usize = 0
/** All keys in strips, in their order, the key of each place, and the largest norm from each group on. */
let strips: usize = 0
let keys: usize = 0
let norms: usize = 0
/** Known vertices in strips: `known` of them. */
let knownStrips: usize = 0
let knownKeys: usize = 0
let known: i32 = 0
/** 1 for keys among the known. */
let isKnown: usize = 0
let direction: usize = 0
let gaps: usize = 0
/** Room for the directions of reflections. */
export let spare: usize = 0
/** Bound on the error of a float32 score of a unit vector. */
let slack: f64 = 0
export let gamma: f64 = 0

/** Numbers that a walk needs besides, for d dimensions in rows of `stride` numbers: reflections take some, and simplices in few dimensions. */
export function scratchSize(dimension: i32, rowStride: i32): i32 {
  return (
    dimension +
    32 +
    max<i32>(4 * rowStride + 2 * dimension, dimension < manyDimensions ? simplicesSize(dimension, rowStride) : 0)
  )
}

/** Tells the module where everything is. */
export function openWalk(
  count: i32,
  dimension: i32,
  rowStride: i32,
  atRows: usize,
  atStrips: usize,
  atKeys: usize,
  atNorms: usize,
  atKnownStrips: usize,
  atKnownKeys: usize,
  atIsKnown: usize,
  atScratch: usize,
  scoreSlack: f64,
  dependence: f64,
): void {
  n = count
  d = dimension
  stride = rowStride
  rows = atRows
  strips = atStrips
  keys = atKeys
  norms = atNorms
  knownStrips = atKnownStrips
  knownKeys = atKnownKeys
  isKnown = atIsKnown
  direction = atScratch
  gaps = direction + ((<usize>d * 4 + 15) & ~15)
  spare = gaps + 16 * bytes
  listUpTo(d > manyDimensions ? 16 : 8)
  openSimplices(spare)
  slack = scoreSlack
  gamma = dependence
  known = 0
}

export function knownCount(): i32 {
  return known
}

/** Forgets the known vertices after the first `count`. */
export function truncateKnown(count: i32): void {
  for (let r = count; r < known; r++) {
    store<u8>(isKnown + <usize>load<i32>(knownKeys + ((<usize>r) << 2)), 0)
    store<i32>(knownKeys + ((<usize>r) << 2), -1)
  }
  known = count
}

/** Adds key j to the known vertices, to be priced first. */
export function addKnown(j: i32): void {
  if (load<u8>(isKnown + <usize>j) !== 0) return
  store<u8>(isKnown + <usize>j, 1)
  store<i32>(knownKeys + ((<usize>known) << 2), j)
  copyColumn(j, known)
  known++
}

function copyColumn(j: i32, place: i32): void {
  const strip = <usize>d * 32
  let from = strips + <usize>(j / stripKeys) * strip + ((<usize>(j % stripKeys)) << 2)
  let to = knownStrips + <usize>(place / stripKeys) * strip + ((<usize>(place % stripKeys)) << 2)
  for (let k = 0; k < d; k++) {
    store<f32>(to, load<f32>(from))
    from += 32
    to += 32
  }
}

export function row(j: i32): usize {
  return rows + <usize>j * <usize>stride * bytes
}

function groups(count: i32): i32 {
  return (count + groupKeys - 1) & -groupKeys
}

/** Writes key j around key `own` where the corral's next point goes. */
export function aim(j: i32, own: usize): void {
  const to = nextPoint()
  const from = row(j)
  for (let c: usize = 0; c < <usize>stride * bytes; c += 16) {
    v128.store(to + c, f64x2.sub(v128.load(from + c), v128.load(own + c)))
  }
}

/** The listed key of least gap `x·z_j − base` in float64, and that gap. */
export let worst: i32 = -1
export let worstGap: f64 = 0

export function weighList(x: usize, base: f64): void {
  dots(rows, stride, listedRows(), listed, x, stride, gaps)
  worst = -1
  worstGap = Infinity
  for (let s = 0; s < listed; s++) {
    const gap = load<f64>(gaps + ((<usize>s) << 3)) - base
    if (gap < worstGap) {
      worstGap = gap
      worst = listedRow(s)
    }
  }
}

/** Float64 scores of all keys: for what float32 cannot tell. */
function priceExactly(x: usize, own: i32, base: f64): void {
  for (let j = 0; j < n; j++) {
    const gap = dotPair(row(j), x, stride) - base
    if (j !== own && gap < worstGap) {
      worstGap = gap
      worst = j
    }
  }
}

/** The float32 score below which a key may fall short of a gap, `enough` in units of the direction: the next float up, so that none slips past. */
export function limitOf(enough: f64): f32 {
  const bar = <f32>(enough + slack)
  return bar + abs<f32>(bar) * f32.EPSILON + f32.MIN_VALUE
}

/** No key of lesser norm can score below the limit. */
export function leastOf(enough: f64): f32 {
  return <f32>-(enough + slack) * (1 - 4 * f32.EPSILON)
}

/** Prices the lanes in the known vertices, or in all keys. */
export function priceLanes(all: bool, directions: usize, owns: usize, limits: usize, least: f32): void {
  if (all) priceFour(strips, keys, groups(n), directions, d, owns, limits, norms, least)
  else priceFour(knownStrips, knownKeys, groups(known), directions, d, owns, limits, 0, 0)
}

/**
 * Whether the keys on the list, which is all that float32 could not clear, have gaps above `enough`; else `worst` is one that has not,
 * or the worst of all where the list had no room for all.
 */
export function clearsList(x: usize, base: f64, own: i32, enough: f64): bool {
  if (listed === 0) return true
  weighList(x, base)
  if (worstGap <= enough) {
    addKnown(worst)
    return false
  }
  if (listed < mostListed) return true
  worst = -1
  worstGap = Infinity
  priceExactly(x, own, base)
  return worstGap > enough
}

/**
 * Whether every key but `own` has a gap above `threshold·‖x‖`; else `worst` is one that has not, and the short list has more.
 */
function clears(x: usize, norm: f64, base: f64, own: i32, threshold: f64): bool {
  const scale = 1 / norm
  for (let k: usize = 0; k < <usize>d; k++) {
    store<f32>(direction + (k << 2), <f32>(load<f64>(x + (k << 3)) * scale))
  }
  const enough = base * scale + threshold
  const limit = limitOf(enough)
  clearList()
  price(knownStrips, knownKeys, groups(known), direction, d, own, limit, 0, 0)
  if (listed > 0) {
    weighList(x, base)
    if (worstGap <= threshold * norm) return false
  }
  clearList()
  price(strips, keys, groups(n), direction, d, own, limit, norms, leastOf(enough))
  return clearsList(x, base, own, threshold * norm)
}

/** From key `start` around key `own`: `query` with −x in `nearest`, `hull`, or `stuck`; see `src/selectability/nearest.ts`. */
export function walk(own: i32, start: i32, threshold: f64, reach: f64, maxSteps: i32, ridge: f64): i32 {
  aim(start, row(own))
  resetCorral(start, ridge)
  return walkOn(own, threshold, reach, maxSteps)
}

/** Walks on from the corral as it is. */
export function walkOn(own: i32, threshold: f64, reach: f64, maxSteps: i32): i32 {
  const x = nearest
  const origin = row(own)
  clearList()
  let previous: f64 = Infinity
  for (let step = 0; step < maxSteps; step++) {
    const sqNorm = dotPair(x, x, stride)
    if (size > d || !(sqNorm > reach * reach)) return hull
    if (!(sqNorm < previous)) return stuck
    previous = sqNorm
    const base = dotPair(x, origin, stride)
    worst = -1
    if (listed > 0) weighList(x, base)
    if (worst < 0 || !(worstGap < sqNorm / 2)) {
      if (clears(x, sqrt(sqNorm), base, own, threshold)) return query
    }
    if (corralHas(worst)) return stuck
    aim(worst, origin)
    if (!enterCorral(worst, gamma)) return stuck
  }
  return stuck
}

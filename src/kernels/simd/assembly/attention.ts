/**
 * Fused attention, over panels of NR queries and tiles of keys: online softmax, Milakov and Gimelshein 2018
 * (arXiv 1805.02867).
 *
 * The scores of a panel are stored key by key, its NR queries side by side in two vectors. So the maximum, the
 * exponentials and the sum over keys run down the lanes, one lane a query, and no step works across a vector; and the
 * weights are a strip of columns as `multiply` wants them, so that Vᵀ·weights has the queries side by side again. Only such a
 * panel of scores exists.
 *
 * A query's sums are multiplied by e^(M − M′) when the maximum grows from M to M′, once a tile. Where no key has been
 * seen M is −∞, and 0 stands in for it: every exponential is then e^−∞ = 0.
 */
import { blockColumns, blockRows, multiply } from './block'
import { exp2 } from './exp2'
import { fold, vector } from './lanes'
import { packRows } from './pack'

/**
 * Keys in a tile, a multiple of `blockRows`: at d = 64 in f32, keys and values of a tile take 63 KiB each, and a panel of
 * scores 8 KiB. Half costs 3 %.
 */
const tileKeys: i32 = 252

/** Scales from here on are normal numbers in f32 after a product with log₂ e. */
const leastScale: f64 = 1e-30

/** Numbers of state that a panel keeps: maxima, totals, factors of decay, and the sums of NR queries of `columns`. */
export function stateSize<T extends number>(columns: i32): i32 {
  return blockColumns<T>() * (3 + columns)
}

/** Numbers of a panel of scores. */
export function scoresSize<T extends number>(): i32 {
  return tileKeys * blockColumns<T>()
}

/** Before the first key: maxima −∞, totals and sums 0. */
export function clearState<T extends number>(state: usize, panels: i32, columns: i32): void {
  const bytes = <usize>stateSize<T>(columns) * sizeof<T>()
  memory.fill(state, 0, <usize>panels * bytes)
  const none = v128.splat<T>(<T>-Infinity)
  for (let p = 0; p < panels; p++) {
    v128.store(state, none)
    v128.store(state, none, vector)
    state += bytes
  }
}

/**
 * Lets all panels of queries attend to n more keys.
 *
 * @param q panels of NR queries, d numbers each
 * @param k panels of R keys
 * @param v panels of R columns of the n values; `columns` of them, a multiple of R
 * @param seen how many of these n keys the first query may see
 * @param causal 1 when each query sees a key more than the one before, 0 when all see the same
 * @param mask address of the mask's entry for the first query and key, or 0
 * @param maskStride numbers from one query's row of the mask to the next
 * @param rows how many queries there are: the rest of the last panel has no mask
 * @param scores room for scoresSize numbers
 */
export function attend<T extends number>(
  q: usize,
  k: usize,
  v: usize,
  rows: i32,
  n: i32,
  d: i32,
  columns: i32,
  scale: T,
  seen: i32,
  causal: i32,
  mask: usize,
  maskStride: i32,
  isBoolean: bool,
  scores: usize,
  state: usize,
): void {
  const width = blockColumns<T>()
  const keyBytes = <usize>d * sizeof<T>()
  const stateBytes = <usize>stateSize<T>(columns) * sizeof<T>()
  const maskBytes = isBoolean ? <usize>1 : sizeof<T>()
  // A mask comes after the scale, and so does a maximum where the scale is not positive, or so small that it rounds.
  const scaled = mask !== 0 || !(<f64>scale >= leastScale)
  const exponent = scaled ? Math.LOG2E : <f64>scale * Math.LOG2E
  for (let j = 0; j < n; j += tileKeys) {
    const tile = min(tileKeys, n - j)
    for (let i = 0; i < rows; i += width) {
      const most = causal === 0 ? seen : seen + min(rows, i + width) - 1
      const keys = min(tile, most - j)
      if (keys <= 0) continue
      const panel = <usize>(i / width)
      const own = state + panel * stateBytes
      score<T>(q + panel * <usize>width * keyBytes, k + <usize>j * keyBytes, keys, d, scores)
      if (scaled) scaleScores<T>(scores, keys, scale)
      if (mask !== 0) {
        const from = mask + <usize>(i * maskStride + j) * maskBytes
        if (maskStride === 0) maskAll<T>(scores, keys, from, isBoolean)
        else maskEach<T>(scores, keys, from, maskStride, min(width, rows - i), isBoolean)
      }
      // Some query of the panel may see fewer keys than the last.
      if (causal !== 0 && seen + i - j < keys) limit<T>(scores, keys, seen + i - j)
      exponentiate<T>(scores, keys, <T>exponent, own)
      weigh<T>(scores, keys, v + <usize>(j * blockRows()) * sizeof<T>(), n, columns, own)
    }
  }
}

/** Products of a panel of queries with keys, key by key. */
function score<T extends number>(q: usize, k: usize, keys: i32, d: i32, scores: usize): void {
  const strip = <usize>(blockRows() * d) * sizeof<T>()
  multiply<T>(k, strip, keys, q, 0, blockColumns<T>(), d, scores, 2 * vector, 0)
}

function scaleScores<T extends number>(scores: usize, keys: i32, scale: T): void {
  const times = v128.splat<T>(scale)
  for (let j = 0; j < 2 * keys; j++) {
    v128.store(scores, v128.mul<T>(v128.load(scores), times))
    scores += vector
  }
}

/** One row of the mask for every query. */
function maskAll<T extends number>(scores: usize, keys: i32, mask: usize, isBoolean: bool): void {
  for (let j = 0; j < keys; j++) {
    const b = isBoolean
      ? load<u8>(mask + <usize>j) === 0
        ? <T>-Infinity
        : <T>0
      : load<T>(mask + <usize>j * sizeof<T>())
    const added = v128.splat<T>(b)
    v128.store(scores, v128.add<T>(v128.load(scores), added))
    v128.store(scores, v128.add<T>(v128.load(scores, vector), added), vector)
    scores += 2 * vector
  }
}

/** A row of the mask for each of the panel's queries. */
function maskEach<T extends number>(
  scores: usize,
  keys: i32,
  mask: usize,
  stride: i32,
  rows: i32,
  isBoolean: bool,
): void {
  for (let i = 0; i < rows; i++) {
    let at = scores + <usize>i * sizeof<T>()
    for (let j = 0; j < keys; j++) {
      if (!isBoolean) store<T>(at, <T>(load<T>(at) + load<T>(mask + <usize>j * sizeof<T>())))
      else if (load<u8>(mask + <usize>j) === 0) store<T>(at, <T>-Infinity)
      at += 2 * vector
    }
    mask += <usize>stride * (isBoolean ? 1 : sizeof<T>())
  }
}

/** Query i of the panel keeps the first seen + i keys. */
function limit<T extends number>(scores: usize, keys: i32, seen: i32): void {
  for (let i = 0; i < blockColumns<T>(); i++) {
    for (let j = max(0, seen + i); j < keys; j++) {
      store<T>(scores + <usize>j * 2 * vector + <usize>i * sizeof<T>(), <T>-Infinity)
    }
  }
}

/** Turns scores into 2^(exponent·(s − M)) for the new maxima M, and brings maxima, totals and decay up to date. */
function exponentiate<T extends number>(scores: usize, keys: i32, exponent: T, state: usize): void {
  const before0 = v128.load(state)
  const before1 = v128.load(state, vector)
  let most0 = before0
  let most1 = before1
  let at = scores
  for (let j = 0; j < keys; j++) {
    most0 = v128.pmax<T>(most0, v128.load(at))
    most1 = v128.pmax<T>(most1, v128.load(at, vector))
    at += 2 * vector
  }
  v128.store(state, most0)
  v128.store(state, most1, vector)
  const from0 = orZero<T>(most0)
  const from1 = orZero<T>(most1)
  const decay0 = weight<T>(before0, from0, exponent)
  const decay1 = weight<T>(before1, from1, exponent)
  let total0 = v128.splat<T>(<T>0)
  let total1 = total0
  at = scores
  for (let j = 0; j < keys; j++) {
    const e0 = weight<T>(v128.load(at), from0, exponent)
    const e1 = weight<T>(v128.load(at, vector), from1, exponent)
    total0 = v128.add<T>(total0, e0)
    total1 = v128.add<T>(total1, e1)
    v128.store(at, e0)
    v128.store(at, e1, vector)
    at += 2 * vector
  }
  v128.store(state, fold<T>(v128.load(state, 2 * vector), decay0, total0), 2 * vector)
  v128.store(state, fold<T>(v128.load(state, 3 * vector), decay1, total1), 3 * vector)
  v128.store(state, decay0, 4 * vector)
  v128.store(state, decay1, 5 * vector)
}

/** 2^(exponent·(s − M)). */
function weight<T extends number>(s: v128, most: v128, exponent: T): v128 {
  return exp2<T>(v128.mul<T>(v128.sub<T>(s, most), v128.splat<T>(exponent)))
}

/** Lanes of −∞ become 0. */
function orZero<T extends number>(x: v128): v128 {
  return v128.andnot(x, v128.eq<T>(x, v128.splat<T>(<T>-Infinity)))
}

/** sums = sums ⊙ decay + Vᵀ·weights, a column of values after the other. */
function weigh<T extends number>(weights: usize, keys: i32, v: usize, n: i32, columns: i32, state: usize): void {
  const strip = <usize>(blockRows() * n) * sizeof<T>()
  const sums = state + 6 * vector
  multiply<T>(v, strip, columns, weights, 0, blockColumns<T>(), keys, sums, 2 * vector, state + 4 * vector)
}

/** The results, rows×dv: sums over totals, zeros where the total is 0. The state is used up; `to` may not overlap it. */
export function finish<T extends number>(state: usize, rows: i32, columns: i32, dv: i32, to: usize): void {
  const width = blockColumns<T>()
  for (let i = 0; i < rows; i += width) {
    const total0 = orOne<T>(v128.load(state, 2 * vector))
    const total1 = orOne<T>(v128.load(state, 3 * vector))
    const sums = state + 6 * vector
    for (let c = 0; c < dv; c++) {
      const at = sums + <usize>c * 2 * vector
      v128.store(at, v128.div<T>(v128.load(at), total0))
      v128.store(at, v128.div<T>(v128.load(at, vector), total1), vector)
    }
    packRows<T>(to, sums, dv, width, min(width, rows - i), dv)
    state += <usize>stateSize<T>(columns) * sizeof<T>()
    to += <usize>(width * dv) * sizeof<T>()
  }
}

/** Lanes of 0 become 1. */
function orOne<T extends number>(x: v128): v128 {
  return v128.bitselect(v128.splat<T>(<T>1), x, v128.eq<T>(x, v128.splat<T>(<T>0)))
}

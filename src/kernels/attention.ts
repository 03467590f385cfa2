/**
 * Attention: the rows of softmax(scale·Q·Kᵀ + mask), and their products with V.
 *
 * `attention` reads keys and values tile by tile and keeps, per query, the running maximum M, the sum Σ e^(s−M) and the
 * sum Σ e^(s−M)·v, both multiplied by e^(M−M′) when the maximum grows to M′: online softmax, Milakov and Gimelshein 2018
 * (arXiv 1805.02867). No m×n matrix exists. Everything is accumulated in float64 and rounded once, when stored.
 */
import { reciprocalPower } from './power.ts'
import { blockRows, product, tileOf } from './product.ts'
import { copyTile, keyTile, queryTile, tileScores } from './scores.ts'
import type { Mask, Scoring } from './scores.ts'
import { checkLength, checkScale, checkSizes, tell } from './sizes.ts'
import type { Floats } from './sizes.ts'
import { expBelow, softmax } from './softmax.ts'

/**
 * Weights of each query over the keys; each row sums to 1, and a fully masked row is zeros.
 *
 * @param q m×d numbers
 * @param k n×d numbers
 * @param causal query i sees keys j <= i + n − m only
 * @param mask 0 and 1 in a Uint8Array (1 = may attend), or numbers to add to the scores; m×n, or n with stride 0
 * @param maskStride n, or 0 when one row of the mask serves every query
 * @param out m×n numbers; must not overlap the inputs
 * @throws RangeError when a size is not an integer >= 0 or a buffer is too short
 *
 * O(m·n·d) time, O(n + d) extra memory.
 */
export function attentionWeights<T extends Floats>(
  q: Floats,
  k: Floats,
  m: number,
  n: number,
  d: number,
  scale: number,
  causal: boolean,
  mask: Mask | null,
  maskStride: number,
  out: T,
): T {
  checkWeights(q, k, m, n, d, scale, causal, mask, maskStride, out)
  const scoring: Scoring = { m, n, scale, causal, mask, maskStride }
  const queries = new Float64Array(queryTile * d)
  const keys = new Float64Array(keyTile * d)
  const tile = new Float64Array(queryTile * keyTile)
  const wide = new Float64Array(Math.min(queryTile, m) * n)
  for (let i0 = 0; i0 < m; i0 += queryTile) {
    const rows = Math.min(queryTile, m - i0)
    const a = tileOf(q, d, i0, i0 + rows, queries)
    const seen = keysSeen(scoring, i0 + rows - 1)
    wide.fill(-Infinity)
    for (let j0 = 0; j0 < seen; j0 += keyTile) {
      const cols = Math.min(keyTile, seen - j0)
      tileScores(a, i0, rows, tileOf(k, d, j0, j0 + cols, keys), j0, cols, d, scoring, tile)
      copyTile(tile, rows, cols, wide, j0, n)
    }
    softmax(wide, rows, n, out.subarray(i0 * n, (i0 + rows) * n))
  }
  return out
}

/**
 * Attention: the weights times V, never holding an m×n matrix. A fully masked row gives zeros.
 *
 * A key of weight 0 contributes nothing, even where its value is not finite.
 *
 * @param q m×d numbers
 * @param k n×d numbers
 * @param v n×dv numbers
 * @param causal query i sees keys j <= i + n − m only
 * @param mask 0 and 1 in a Uint8Array (1 = may attend), or numbers to add to the scores; m×n, or n with stride 0
 * @param maskStride n, or 0 when one row of the mask serves every query
 * @param out m×dv numbers; must not overlap the inputs
 * @throws RangeError when a size is not an integer >= 0 or a buffer is too short
 *
 * O(m·n·(d + dv)) time, O(d + dv) extra memory.
 */
export function attention<T extends Floats>(
  q: Floats,
  k: Floats,
  v: Floats,
  m: number,
  n: number,
  d: number,
  dv: number,
  scale: number,
  causal: boolean,
  mask: Mask | null,
  maskStride: number,
  out: T,
): T {
  checkAttention(q, k, v, m, n, d, dv, scale, causal, mask, maskStride, out)
  const scoring: Scoring = { m, n, scale, causal, mask, maskStride }
  const queries = new Float64Array(queryTile * d)
  const keys = new Float64Array(keyTile * d)
  const values = new Float64Array(keyTile * dv)
  const tile = new Float64Array(queryTile * keyTile)
  const part = new Float64Array(queryTile * dv)
  const state = {
    unit: unitOf(v, n * dv, n),
    max: new Float64Array(queryTile),
    total: new Float64Array(queryTile),
    sum: new Float64Array(queryTile * dv),
  }
  for (let i0 = 0; i0 < m; i0 += queryTile) {
    const rows = Math.min(queryTile, m - i0)
    const a = tileOf(q, d, i0, i0 + rows, queries)
    const seen = keysSeen(scoring, i0 + rows - 1)
    state.max.fill(-Infinity)
    state.total.fill(0)
    state.sum.fill(0)
    for (let j0 = 0; j0 < seen; j0 += keyTile) {
      const cols = Math.min(keyTile, seen - j0)
      tileScores(a, i0, rows, tileOf(k, d, j0, j0 + cols, keys), j0, cols, d, scoring, tile)
      for (let i = 0; i < rows; i++) exponentiate(tile, i, cols, dv, state)
      if (rows >= blockRows && transpose(v, j0, cols, dv, values)) {
        product(tile, rows, values, dv, cols, part)
        for (let at = 0; at < rows * dv; at++) state.sum[at] += part[at]
      } else {
        addAttended(tile, rows, v, j0, cols, dv, state.sum)
      }
    }
    for (let i = 0; i < rows; i++) {
      const total = state.total[i]
      for (let c = 0; c < dv; c++) out[(i0 + i) * dv + c] = total === 0 ? 0 : state.sum[i * dv + c] / total
    }
  }
  return out
}

interface State {
  readonly unit: number
  readonly max: Float64Array
  readonly total: Float64Array
  readonly sum: Float64Array
}

/**
 * The weight given to e^0. One, unless a sum of n values might overflow where their mean does not: then a power of two
 * that makes the weights sum to less than 1/2.
 */
function unitOf(v: Floats, length: number, n: number): number {
  let size = 0
  for (let at = 0; at < length; at++) {
    const value = Math.abs(v[at])
    if (value > size) size = value
  }
  return 4 * n * size < Infinity ? 1 : reciprocalPower(4 * n)
}

/** Turns row i of a tile of scores into unit·e^(s−M), and brings the row's sums to the new maximum M. */
function exponentiate(tile: Float64Array, i: number, cols: number, dv: number, state: State): void {
  const { unit, max, total, sum } = state
  const from = i * cols
  const before = max[i]
  let now = before
  for (let j = 0; j < cols; j++) now = Math.max(now, tile[from + j])
  if (now === -Infinity) {
    tile.fill(0, from, from + cols)
    return
  }
  const decay = expBelow(before, now)
  if (decay === 0) sum.fill(0, i * dv, (i + 1) * dv)
  else if (decay !== 1) for (let c = 0; c < dv; c++) sum[i * dv + c] *= decay
  let added = 0
  for (let j = 0; j < cols; j++) added += tile[from + j] = unit * expBelow(tile[from + j], now)
  total[i] = total[i] * decay + added
  max[i] = now
}

/** Stores rows j0 … j0+cols−1 of v as dv×cols, for `product`; says whether all are finite. */
function transpose(v: Floats, j0: number, cols: number, dv: number, out: Float64Array): boolean {
  let finite = true
  for (let j = 0; j < cols; j++) {
    for (let c = 0; c < dv; c++) {
      const value = v[(j0 + j) * dv + c]
      out[c * cols + j] = value
      // The difference is NaN for NaN and for infinities, and 0 for all else.
      if (value - value !== 0) finite = false
    }
  }
  return finite
}

/**
 * Adds weights times values without `product`: for so few rows that transposing would not pay, and where values may not be
 * finite, since 0·∞ and 0·NaN count as 0 here, for nothing was attended to.
 */
function addAttended(
  weights: Float64Array,
  rows: number,
  v: Floats,
  j0: number,
  cols: number,
  dv: number,
  sum: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const weight = weights[i * cols + j]
      if (weight === 0) continue
      const from = (j0 + j) * dv
      for (let c = 0; c < dv; c++) sum[i * dv + c] += weight * v[from + c]
    }
  }
}

/** How many keys, from the first, query i may see under the causal limit. */
function keysSeen({ m, n, causal }: Scoring, i: number): number {
  return causal ? Math.max(0, i + n - m + 1) : n
}

/** @throws TypeError for a wrong kind of argument; RangeError for a wrong size or scale, or a buffer too short. */
export function checkWeights(
  q: Floats,
  k: Floats,
  m: number,
  n: number,
  d: number,
  scale: number,
  causal: boolean,
  mask: Mask | null,
  maskStride: number,
  out: Floats,
): void {
  checkScale(scale)
  checkCausal(causal)
  checkSizes({ m, n, d, maskStride })
  checkLength('q', q, m * d)
  checkLength('k', k, n * d)
  checkMask(mask, maskStride, m, n)
  checkLength('out', out, m * n)
}

/** @throws TypeError for a wrong kind of argument; RangeError for a wrong size or scale, or a buffer too short. */
export function checkAttention(
  q: Floats,
  k: Floats,
  v: Floats,
  m: number,
  n: number,
  d: number,
  dv: number,
  scale: number,
  causal: boolean,
  mask: Mask | null,
  maskStride: number,
  out: Floats,
): void {
  checkScale(scale)
  checkCausal(causal)
  checkSizes({ m, n, d, dv, maskStride })
  checkLength('q', q, m * d)
  checkLength('k', k, n * d)
  checkLength('v', v, n * dv)
  checkMask(mask, maskStride, m, n)
  checkLength('out', out, m * dv)
}

function checkCausal(causal: boolean): void {
  if (typeof causal !== 'boolean') throw new TypeError(`causal: expected true or false, got ${tell(causal)}`)
}

function checkMask(mask: Mask | null, maskStride: number, m: number, n: number): void {
  if (mask === null) return
  if (maskStride !== 0 && maskStride !== n) {
    throw new RangeError(`maskStride: expected 0 or n = ${n}, got ${maskStride}`)
  }
  checkLength('mask', mask, maskStride === 0 ? n : m * n)
}

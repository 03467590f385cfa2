/**
 * Scores of queries against keys, tile by tile: s_ij = scale·q_i·k_j, then the masks.
 *
 * Everything that forms scores goes through `tileScores`, so scores, weights and attention agree to the last bit.
 */
import { product, tileOf } from './product.ts'
import { checkLength, checkScale, checkSizes } from './sizes.ts'
import type { Floats } from './sizes.ts'

/**
 * Tile sizes. At d = 64 a tile of keys takes 32 KiB and a tile of scores 16 KiB, so that both stay in a second-level
 * cache while 32 queries reuse them; copying a tile then costs 1/32 of the arithmetic done on it.
 */
export const queryTile = 32
export const keyTile = 64

/** Which keys a query may attend to: 0 and 1 (1 = may), or numbers added to the scores. */
export type Mask = Uint8Array | Floats

/** What turns products into scores. */
export interface Scoring {
  readonly m: number
  readonly n: number
  readonly scale: number
  readonly causal: boolean
  readonly mask: Mask | null
  /** Entries from one row of the mask to the next: n, or 0 when one row serves every query. */
  readonly maskStride: number
}

/**
 * All scores: out = scale·Q·Kᵀ, accumulated in float64, one product with `scale` last.
 *
 * The error of an entry is at most γ_(d+1)·|scale|·Σ|q_c||k_c|, u = 2⁻⁵³, plus the rounding of `out`.
 *
 * @param q m×d numbers
 * @param k n×d numbers
 * @param out m×n numbers; must not overlap q or k
 * @throws RangeError when a size is not an integer >= 0 or a buffer is too short
 *
 * O(m·n·d) time, O(d) extra memory.
 */
export function scores<T extends Floats>(
  q: Floats,
  k: Floats,
  m: number,
  n: number,
  d: number,
  scale: number,
  out: T,
): T {
  checkScores(q, k, m, n, d, scale, out)
  const scoring = { m, n, scale, causal: false, mask: null, maskStride: 0 }
  const queries = new Float64Array(queryTile * d)
  const keys = new Float64Array(keyTile * d)
  const tile = new Float64Array(queryTile * keyTile)
  for (let i0 = 0; i0 < m; i0 += queryTile) {
    const rows = Math.min(queryTile, m - i0)
    const a = tileOf(q, d, i0, i0 + rows, queries)
    for (let j0 = 0; j0 < n; j0 += keyTile) {
      const cols = Math.min(keyTile, n - j0)
      tileScores(a, i0, rows, tileOf(k, d, j0, j0 + cols, keys), j0, cols, d, scoring, tile)
      copyTile(tile, rows, cols, out, i0 * n + j0, n)
    }
  }
  return out
}

/** @throws TypeError for a wrong kind of argument; RangeError for a wrong size or scale, or a buffer too short. */
export function checkScores(q: Floats, k: Floats, m: number, n: number, d: number, scale: number, out: Floats): void {
  checkScale(scale)
  checkSizes({ m, n, d })
  checkLength('q', q, m * d)
  checkLength('k', k, n * d)
  checkLength('out', out, m * n)
}

/**
 * The masked scores of queries i0 … i0+rows−1 against keys j0 … j0+cols−1, rows×cols in `out`.
 *
 * A key that a boolean mask or the causal limit j <= i + n − m excludes scores −∞, whatever it holds.
 */
export function tileScores(
  q: Float64Array,
  i0: number,
  rows: number,
  k: Float64Array,
  j0: number,
  cols: number,
  d: number,
  scoring: Scoring,
  out: Float64Array,
): void {
  const { m, n, scale, causal, mask, maskStride } = scoring
  product(q, rows, k, cols, d, out)
  for (let at = 0; at < rows * cols; at++) out[at] *= scale
  if (mask !== null) {
    const isBoolean = mask.BYTES_PER_ELEMENT === 1
    for (let i = 0; i < rows; i++) {
      const from = (i0 + i) * maskStride + j0
      for (let j = 0; j < cols; j++) {
        const at = i * cols + j
        if (!isBoolean) out[at] += mask[from + j]
        else if (mask[from + j] === 0) out[at] = -Infinity
      }
    }
  }
  if (causal) {
    for (let i = 0; i < rows; i++) {
      const seen = Math.min(Math.max(i0 + i + n - m + 1 - j0, 0), cols)
      out.fill(-Infinity, i * cols + seen, (i + 1) * cols)
    }
  }
}

/** Stores a rows×cols tile from `at` on, rows `stride` apart. */
export function copyTile(
  tile: Float64Array,
  rows: number,
  cols: number,
  out: Floats,
  at: number,
  stride: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) out[at + i * stride + j] = tile[i * cols + j]
  }
}

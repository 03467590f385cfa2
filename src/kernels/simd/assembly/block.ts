/**
 * The product at the bottom of everything, in blocks whose sums stay in registers: R rows of A, two vectors of B.
 *
 * Each entry is a running sum over k in order: its error is at most γ_k·Σ|a||b| (Higham 2002, section 3.1), and no more
 * where a product is not rounded before it is added.
 */
import { four } from './four'
import { lanes } from './lanes'
import { six } from './six'

/** R, the rows of A in a block. */
export function blockRows(): i32 {
  return ASC_FEATURE_RELAXED_SIMD ? 6 : 4
}

/** NR, the columns of B in a block: 8 in f32, 4 in f64. */
export function blockColumns<T extends number>(): i32 {
  return 2 * lanes<T>()
}

/**
 * C = C ⊙ decay + A·B, or A·B where `decay` is 0, for A in strips of R rows and B in strips of NR columns.
 *
 * A strip of A stays in the first-level cache while B passes by, from the second. All steps are in bytes.
 *
 * @param a entry (r, k) of a strip at k·R + r numbers
 * @param aStrip from one strip of A to the next
 * @param b entry (k, j) of a strip at k·NR + j numbers
 * @param bStrip from one strip of B to the next
 * @param c entry (r, j) at r·cStep + j numbers: room for whole blocks
 * @param decay a factor for each column of a strip, the same for all strips
 */
export function multiply<T extends number>(
  a: usize,
  aStrip: usize,
  rows: i32,
  b: usize,
  bStrip: usize,
  columns: i32,
  depth: i32,
  c: usize,
  cStep: usize,
  decay: usize,
): void {
  if (ASC_FEATURE_RELAXED_SIMD) six<T>(a, aStrip, rows, b, bStrip, columns, depth, c, cStep, decay)
  else four<T>(a, aStrip, rows, b, bStrip, columns, depth, c, cStep, decay)
}

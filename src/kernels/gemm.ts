/**
 * Products of matrices and vectors, and norms of rows. Sums run in float64, in order, and are rounded once, when stored.
 *
 * A product errs by at most γ_d·Σ|a||b| (Higham 2002, section 3.1). The scores of attention are `gemmTransposed`, times
 * a scale.
 */
import { load, sumOfSquares } from './layernorm.ts'
import { product, tileOf } from './product.ts'
import { copyTile, keyTile, queryTile, scores } from './scores.ts'
import { checkLength, checkSizes } from './sizes.ts'
import type { Floats } from './sizes.ts'

/**
 * out = A·B.
 *
 * @param a m×d numbers
 * @param b d×n numbers
 * @param out m×n numbers; must not overlap a or b
 * @throws RangeError when a size is not an integer >= 0 or a buffer is too short
 *
 * O(m·n·d) time, O(d) extra memory.
 */
export function gemm<T extends Floats>(a: Floats, b: Floats, m: number, n: number, d: number, out: T): T {
  checkProduct(a, b, m, n, d, out)
  const rows = new Float64Array(queryTile * d)
  const columns = new Float64Array(keyTile * d)
  const tile = new Float64Array(queryTile * keyTile)
  for (let j0 = 0; j0 < n; j0 += keyTile) {
    const cols = Math.min(keyTile, n - j0)
    for (let c = 0; c < d; c++) for (let j = 0; j < cols; j++) columns[j * d + c] = b[c * n + j0 + j]
    for (let i0 = 0; i0 < m; i0 += queryTile) {
      const count = Math.min(queryTile, m - i0)
      product(tileOf(a, d, i0, i0 + count, rows), count, columns, cols, d, tile)
      copyTile(tile, count, cols, out, i0 * n + j0, n)
    }
  }
  return out
}

/**
 * out = A·Bᵀ.
 *
 * @param a m×d numbers
 * @param b n×d numbers
 * @param out m×n numbers; must not overlap a or b
 * @throws RangeError when a size is not an integer >= 0 or a buffer is too short
 *
 * O(m·n·d) time, O(d) extra memory.
 */
export function gemmTransposed<T extends Floats>(a: Floats, b: Floats, m: number, n: number, d: number, out: T): T {
  checkProduct(a, b, m, n, d, out)
  return scores(a, b, m, n, d, 1, out)
}

/**
 * out = A·x.
 *
 * @param a rows×d numbers
 * @param x d numbers
 * @param out rows numbers; must not overlap a or x
 * @throws RangeError when a size is not an integer >= 0 or a buffer is too short
 */
export function gemv<T extends Floats>(a: Floats, x: Floats, rows: number, d: number, out: T): T {
  checkVector(a, x, rows, d, out)
  for (let i = 0; i < rows; i++) out[i] = sumOfProducts(a, i * d, x, d)
  return out
}

/**
 * x·y.
 *
 * @param x d numbers
 * @param y d numbers
 * @throws RangeError when d is not an integer >= 0 or a buffer is too short
 */
export function dot(x: Floats, y: Floats, d: number): number {
  checkPair(x, y, d)
  return sumOfProducts(x, 0, y, d)
}

/**
 * Norm of each row, at any exponent: rows are scaled by a power of two before they are squared.
 *
 * @param x rows×d numbers
 * @param out rows numbers; must not overlap x
 * @throws RangeError when a size is not an integer >= 0 or a buffer is too short
 */
export function rowNorms<T extends Floats>(x: Floats, rows: number, d: number, out: T): T {
  checkNorms(x, rows, d, out)
  const row = new Float64Array(d)
  for (let i = 0; i < rows; i++) {
    const s = load(x, i * d, d, 0, row)
    out[i] = Math.sqrt(sumOfSquares(row, d)) / s
  }
  return out
}

/** @throws RangeError when a size is not an integer >= 0 or a buffer is too short. */
export function checkProduct(a: Floats, b: Floats, m: number, n: number, d: number, out: Floats): void {
  checkSizes({ m, n, d })
  checkLength('a', a, m * d)
  checkLength('b', b, n * d)
  checkLength('out', out, m * n)
}

/** @throws RangeError when a size is not an integer >= 0 or a buffer is too short. */
export function checkVector(a: Floats, x: Floats, rows: number, d: number, out: Floats): void {
  checkSizes({ rows, d })
  checkLength('a', a, rows * d)
  checkLength('x', x, d)
  checkLength('out', out, rows)
}

/** @throws RangeError when d is not an integer >= 0 or a buffer is too short. */
export function checkPair(x: Floats, y: Floats, d: number): void {
  checkSizes({ d })
  checkLength('x', x, d)
  checkLength('y', y, d)
}

/** @throws RangeError when a size is not an integer >= 0 or a buffer is too short. */
export function checkNorms(x: Floats, rows: number, d: number, out: Floats): void {
  checkSizes({ rows, d })
  checkLength('x', x, rows * d)
  checkLength('out', out, rows)
}

function sumOfProducts(a: Floats, from: number, x: Floats, d: number): number {
  let sum = 0
  for (let c = 0; c < d; c++) sum += a[from + c] * x[c]
  return sum
}

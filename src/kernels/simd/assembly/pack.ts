/** Panels: a matrix cut in strips, each stored in the order in which `block` reads it (Goto and van de Geijn 2008). */
import { blockColumns } from './block'
import { lanes, vector } from './lanes'

/**
 * Strips of `width` rows of x, entry (r, k) of a strip at k·width + r; rows past the last are zeros. Squares of numbers
 * are transposed in registers: one number at a time, a product of 8 rows with 4096 takes a third longer.
 *
 * @param stride numbers from one row of x to the next
 * @param width 4, or two vectors
 */
export function packRows<T extends number>(to: usize, x: usize, rows: i32, stride: i32, depth: i32, width: i32): void {
  const rowBytes = <usize>stride * sizeof<T>()
  const stepBytes = <usize>width * sizeof<T>()
  for (let i = 0; i < rows; i += width) {
    for (let r = 0; r < width; r += lanes<T>()) {
      const full = min(lanes<T>(), rows - i - r)
      const from = x + <usize>(i + r) * rowBytes
      const at = to + <usize>r * sizeof<T>()
      const whole = full < lanes<T>() ? 0 : depth - (depth % lanes<T>())
      if (sizeof<T>() === 4) transpose32(at, from, rowBytes, stepBytes, whole)
      else transpose64(at, from, rowBytes, stepBytes, whole)
      for (let k = whole; k < depth; k++) {
        for (let s = 0; s < lanes<T>(); s++) {
          const value = s < full ? load<T>(from + <usize>s * rowBytes + <usize>k * sizeof<T>()) : <T>0
          store<T>(at + <usize>k * stepBytes + <usize>s * sizeof<T>(), value)
        }
      }
    }
    to += <usize>depth * stepBytes
  }
}

/** Four rows of `depth` numbers, a multiple of 4, to columns. */
function transpose32(to: usize, x: usize, rowBytes: usize, stepBytes: usize, depth: i32): void {
  for (let k = 0; k < depth; k += 4) {
    const x0 = v128.load(x)
    const x1 = v128.load(x + rowBytes)
    const x2 = v128.load(x + 2 * rowBytes)
    const x3 = v128.load(x + 3 * rowBytes)
    const low0 = i32x4.shuffle(x0, x1, 0, 4, 1, 5)
    const low2 = i32x4.shuffle(x2, x3, 0, 4, 1, 5)
    const high0 = i32x4.shuffle(x0, x1, 2, 6, 3, 7)
    const high2 = i32x4.shuffle(x2, x3, 2, 6, 3, 7)
    v128.store(to, i64x2.shuffle(low0, low2, 0, 2))
    to += stepBytes
    v128.store(to, i64x2.shuffle(low0, low2, 1, 3))
    to += stepBytes
    v128.store(to, i64x2.shuffle(high0, high2, 0, 2))
    to += stepBytes
    v128.store(to, i64x2.shuffle(high0, high2, 1, 3))
    to += stepBytes
    x += vector
  }
}

/** Two rows of `depth` numbers, a multiple of 2, to columns. */
function transpose64(to: usize, x: usize, rowBytes: usize, stepBytes: usize, depth: i32): void {
  for (let k = 0; k < depth; k += 2) {
    const x0 = v128.load(x)
    const x1 = v128.load(x + rowBytes)
    v128.store(to, i64x2.shuffle(x0, x1, 0, 2))
    v128.store(to + stepBytes, i64x2.shuffle(x0, x1, 1, 3))
    to += 2 * stepBytes
    x += vector
  }
}

/**
 * Strips of two vectors of columns of x, entry (k, j) of a strip at k·NR + j; columns past the last are zeros.
 *
 * @param stride numbers from one row of x to the next
 */
export function packColumns<T extends number>(to: usize, x: usize, depth: i32, stride: i32, columns: i32): void {
  const width = blockColumns<T>()
  const rowBytes = <usize>stride * sizeof<T>()
  for (let j = 0; j < columns; j += width) {
    let from = x + <usize>j * sizeof<T>()
    const full = min(width, columns - j)
    for (let k = 0; k < depth; k++) {
      if (full === width) {
        v128.store(to, v128.load(from))
        v128.store(to, v128.load(from, vector), vector)
      } else {
        memory.fill(to, 0, 2 * vector)
        memory.copy(to, from, <usize>full * sizeof<T>())
      }
      from += rowBytes
      to += 2 * vector
    }
  }
}

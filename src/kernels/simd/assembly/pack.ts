/** Panels: a matrix cut in strips, each stored in the order in which `block` reads it (Goto and van de Geijn 2008). */
import { lanes, vector } from './lanes'

/**
 * Strips of `width` rows of x, entry (r, k) of a strip at k·width + r; rows past the last are zeros. Squares of numbers
 * are transposed in registers: one number at a time, a product of 8 rows with 4096 takes a third longer.
 *
 * @param stride numbers from one row of x to the next
 */
export function packRows<T extends number>(to: usize, x: usize, rows: i32, stride: i32, depth: i32, width: i32): void {
  const rowBytes = <usize>stride * sizeof<T>()
  const stepBytes = <usize>width * sizeof<T>()
  for (let i = 0; i < rows; i += width) {
    for (let r = 0; r < width; r += lanes<T>()) {
      const span = min(lanes<T>(), width - r)
      const full = min(span, rows - i - r)
      const from = x + <usize>(i + r) * rowBytes
      const at = to + <usize>r * sizeof<T>()
      let done = 0
      if (full === lanes<T>()) {
        done = depth - (depth % lanes<T>())
        if (sizeof<T>() === 4) transpose32(at, from, rowBytes, stepBytes, done)
        else transpose64(at, from, rowBytes, stepBytes, done)
      } else if (sizeof<T>() === 4 && full === 2 && span === 2) {
        done = depth & ~3
        interleave32(at, from, rowBytes, stepBytes, done)
      }
      for (let k = done; k < depth; k++) {
        for (let s = 0; s < span; s++) {
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

/** Two rows of `depth` numbers, a multiple of 4, to columns. */
function interleave32(to: usize, x: usize, rowBytes: usize, stepBytes: usize, depth: i32): void {
  for (let k = 0; k < depth; k += 4) {
    const x0 = v128.load(x)
    const x1 = v128.load(x + rowBytes)
    const low = i32x4.shuffle(x0, x1, 0, 4, 1, 5)
    const high = i32x4.shuffle(x0, x1, 2, 6, 3, 7)
    v128.store_lane<i64>(to, low, 0)
    to += stepBytes
    v128.store_lane<i64>(to, low, 1)
    to += stepBytes
    v128.store_lane<i64>(to, high, 0)
    to += stepBytes
    v128.store_lane<i64>(to, high, 1)
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
 * Strips of `width` columns of x, entry (k, j) of a strip at k·width + j; columns past the last are zeros.
 *
 * @param stride numbers from one row of x to the next
 * @param width even
 */
export function packColumns<T extends number>(
  to: usize,
  x: usize,
  depth: i32,
  stride: i32,
  columns: i32,
  width: i32,
): void {
  const rowBytes = <usize>stride * sizeof<T>()
  const bytes = <usize>width * sizeof<T>()
  for (let j = 0; j < columns; j += width) {
    let from = x + <usize>j * sizeof<T>()
    const full = <usize>min(width, columns - j) * sizeof<T>()
    for (let k = 0; k < depth; k++) {
      if (full === bytes) {
        let at: usize = 0
        for (; at + vector <= bytes; at += vector) v128.store(to + at, v128.load(from + at))
        if (at < bytes) store<i64>(to + at, load<i64>(from + at))
      } else {
        memory.fill(to, 0, bytes)
        memory.copy(to, from, full)
      }
      from += rowBytes
      to += bytes
    }
  }
}

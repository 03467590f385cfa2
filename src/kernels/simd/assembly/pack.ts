/** Panels: a matrix cut in strips, each stored in the order in which `block` reads it (Goto and van de Geijn 2008). */
import { blockColumns } from './block'
import { vector } from './lanes'

/**
 * Strips of `width` rows of x, entry (r, k) of a strip at k·width + r; rows past the last are zeros.
 *
 * @param stride numbers from one row of x to the next
 */
export function packRows<T extends number>(to: usize, x: usize, rows: i32, stride: i32, depth: i32, width: i32): void {
  const rowBytes = <usize>stride * sizeof<T>()
  const stepBytes = <usize>width * sizeof<T>()
  for (let i = 0; i < rows; i += width) {
    const full = min(width, rows - i)
    for (let r = 0; r < full; r++) {
      let from = x + <usize>(i + r) * rowBytes
      let at = to + <usize>r * sizeof<T>()
      for (let k = 0; k < depth; k++) {
        store<T>(at, load<T>(from))
        from += sizeof<T>()
        at += stepBytes
      }
    }
    for (let r = full; r < width; r++) {
      let at = to + <usize>r * sizeof<T>()
      for (let k = 0; k < depth; k++) {
        store<T>(at, <T>0)
        at += stepBytes
      }
    }
    to += <usize>depth * stepBytes
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

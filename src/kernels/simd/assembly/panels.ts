/** A matrix that stays packed, in strips of NR rows, times a vector. */
import { blockColumns } from './block'
import { vector } from './lanes'

/**
 * out = A·x, for A in strips: entry (i, k) of a strip at k·NR + i. Two strips at a time, so that four sums run side by
 * side; the last may be alone. Each entry is a running sum over k in order, as in `block`.
 *
 * @param out room for whole strips
 */
export function multiplyStrips<T extends number>(a: usize, x: usize, rows: i32, d: i32, out: usize): void {
  const width = blockColumns<T>()
  const strip = <usize>d * 2 * vector
  for (let i = 0; i < rows; i += 2 * width) {
    // A strip alone is multiplied twice, and stored once.
    const next = i + width < rows ? strip : 0
    let s0 = v128.splat<T>(<T>0)
    let s1 = s0
    let s2 = s0
    let s3 = s0
    let at = a
    let from = x
    for (let k = 0; k < d; k++) {
      const factor = v128.load_splat<T>(from)
      s0 = v128.add<T>(s0, v128.mul<T>(factor, v128.load(at)))
      s1 = v128.add<T>(s1, v128.mul<T>(factor, v128.load(at, vector)))
      s2 = v128.add<T>(s2, v128.mul<T>(factor, v128.load(at + next)))
      s3 = v128.add<T>(s3, v128.mul<T>(factor, v128.load(at + next, vector)))
      from += sizeof<T>()
      at += 2 * vector
    }
    v128.store(out, s0)
    v128.store(out, s1, vector)
    if (next !== 0) {
      v128.store(out, s2, 2 * vector)
      v128.store(out, s3, 3 * vector)
    }
    a += 2 * strip
    out += 4 * vector
  }
}

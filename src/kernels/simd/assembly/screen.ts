/**
 * Products of keys in integers, which are exact: two 16-bit numbers of each of four keys meet two others, and both products are summed, in
 * one instruction, twice what float32 does in two.
 *
 * Keys lie in strips of eight, entry (r, k) of a strip at 16·⌊k/2⌋ + 2r + (k mod 2), so that a strip serves either side. The caller sees to it
 * that no sum leaves 32 bits.
 */
import { vector } from './lanes'

export const stripBytes: usize = 32

/**
 * For each key of `columns` strips the largest product with any of `rows` keys, a multiple of 4, where it exceeds the key's bar: bit r of byte s
 * of `marks` is set for key r of strip s. Returns how many strips have a mark.
 *
 * A strip of columns stays in the first-level cache while the rows pass by, and its largest products in registers.
 *
 * @param pairs pairs of numbers of a key, at least 1
 * @param bars i32, one a key
 */
export function screen(a: usize, rows: i32, b: usize, columns: i32, pairs: i32, bars: usize, marks: usize): i32 {
  const strip = <usize>pairs * stripBytes
  let marked = 0
  for (let j = 0; j < columns; j++) {
    let most0 = i32x4.splat(i32.MIN_VALUE)
    let most1 = most0
    let from = a
    for (let i = 0; i < rows; i += 4) {
      let x = from
      let y = b
      let c00 = i32x4.splat(0)
      let c01 = c00
      let c10 = c00
      let c11 = c00
      let c20 = c00
      let c21 = c00
      let c30 = c00
      let c31 = c00
      let left = pairs
      while (true) {
        let b0 = v128.load(y)
        let b1 = v128.load(y, vector)
        let s = v128.load32_splat(x)
        c00 = i32x4.add(c00, i32x4.dot_i16x8_s(s, b0))
        c01 = i32x4.add(c01, i32x4.dot_i16x8_s(s, b1))
        s = v128.load32_splat(x, 4)
        c10 = i32x4.add(c10, i32x4.dot_i16x8_s(s, b0))
        c11 = i32x4.add(c11, i32x4.dot_i16x8_s(s, b1))
        s = v128.load32_splat(x, 8)
        c20 = i32x4.add(c20, i32x4.dot_i16x8_s(s, b0))
        c21 = i32x4.add(c21, i32x4.dot_i16x8_s(s, b1))
        s = v128.load32_splat(x, 12)
        c30 = i32x4.add(c30, i32x4.dot_i16x8_s(s, b0))
        c31 = i32x4.add(c31, i32x4.dot_i16x8_s(s, b1))
        if (left === 1) break
        b0 = v128.load(y, 2 * vector)
        b1 = v128.load(y, 3 * vector)
        s = v128.load32_splat(x, 32)
        c00 = i32x4.add(c00, i32x4.dot_i16x8_s(s, b0))
        c01 = i32x4.add(c01, i32x4.dot_i16x8_s(s, b1))
        s = v128.load32_splat(x, 36)
        c10 = i32x4.add(c10, i32x4.dot_i16x8_s(s, b0))
        c11 = i32x4.add(c11, i32x4.dot_i16x8_s(s, b1))
        s = v128.load32_splat(x, 40)
        c20 = i32x4.add(c20, i32x4.dot_i16x8_s(s, b0))
        c21 = i32x4.add(c21, i32x4.dot_i16x8_s(s, b1))
        s = v128.load32_splat(x, 44)
        c30 = i32x4.add(c30, i32x4.dot_i16x8_s(s, b0))
        c31 = i32x4.add(c31, i32x4.dot_i16x8_s(s, b1))
        left -= 2
        if (left === 0) break
        x += 2 * stripBytes
        y += 2 * stripBytes
      }
      most0 = i32x4.max_s(i32x4.max_s(most0, i32x4.max_s(c00, c10)), i32x4.max_s(c20, c30))
      most1 = i32x4.max_s(i32x4.max_s(most1, i32x4.max_s(c01, c11)), i32x4.max_s(c21, c31))
      // The other half of a strip, and then the next one.
      from += (i & 4) === 0 ? vector : strip - vector
    }
    const over0 = i32x4.bitmask(i32x4.gt_s(most0, v128.load(bars)))
    const over1 = i32x4.bitmask(i32x4.gt_s(most1, v128.load(bars, vector)))
    const mark = over0 | (over1 << 4)
    store<u8>(marks, mark)
    if (mark !== 0) marked++
    bars += 2 * vector
    marks++
    b += strip
  }
  return marked
}

/**
 * For each key of a strip the row whose product with it is the largest, the first of equals.
 *
 * @param rows a multiple of 4
 * @param to i32, eight of them
 */
export function strongest(a: usize, rows: i32, b: usize, pairs: i32, to: usize): void {
  const strip = <usize>pairs * stripBytes
  for (let half: usize = 0; half < stripBytes; half += vector) {
    let most = i32x4.splat(i32.MIN_VALUE)
    let by = i32x4.splat(0)
    let from = a
    for (let i = 0; i < rows; i += 4) {
      let x = from
      let y = b + half
      let c0 = i32x4.splat(0)
      let c1 = c0
      let c2 = c0
      let c3 = c0
      for (let k = 0; k < pairs; k++) {
        const keys = v128.load(y)
        c0 = i32x4.add(c0, i32x4.dot_i16x8_s(v128.load32_splat(x), keys))
        c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v128.load32_splat(x, 4), keys))
        c2 = i32x4.add(c2, i32x4.dot_i16x8_s(v128.load32_splat(x, 8), keys))
        c3 = i32x4.add(c3, i32x4.dot_i16x8_s(v128.load32_splat(x, 12), keys))
        x += stripBytes
        y += stripBytes
      }
      by = v128.bitselect(i32x4.splat(i), by, i32x4.gt_s(c0, most))
      most = i32x4.max_s(most, c0)
      by = v128.bitselect(i32x4.splat(i + 1), by, i32x4.gt_s(c1, most))
      most = i32x4.max_s(most, c1)
      by = v128.bitselect(i32x4.splat(i + 2), by, i32x4.gt_s(c2, most))
      most = i32x4.max_s(most, c2)
      by = v128.bitselect(i32x4.splat(i + 3), by, i32x4.gt_s(c3, most))
      most = i32x4.max_s(most, c3)
      from += (i & 4) === 0 ? vector : strip - vector
    }
    v128.store(to + half, by)
  }
}

/** Copies keys, by their numbers, to strips of their own; the rest of the last strip is zeros. */
export function gatherKeys(to: usize, from: usize, index: usize, count: i32, pairs: i32): void {
  const strip = <usize>pairs * stripBytes
  for (let r = 0; r < ((count + 7) & ~7); r++) {
    let at = to + <usize>(r >> 3) * strip + ((<usize>(r & 7)) << 2)
    const key = r < count ? load<i32>(index + ((<usize>r) << 2)) : -1
    let x = from + <usize>(key >> 3) * strip + ((<usize>(key & 7)) << 2)
    for (let k = 0; k < pairs; k++) {
      store<i32>(at, key < 0 ? 0 : load<i32>(x))
      at += stripBytes
      x += stripBytes
    }
  }
}

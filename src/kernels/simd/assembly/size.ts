/** How large a block of numbers is, to know before any arithmetic that none of it can overflow. */
import { lanes, vector } from './lanes'

/**
 * The upper 32 bits of the largest |x|, as an integer: integers order magnitudes as floats do, and NaN and infinities, with
 * the largest exponent of all, come out on top instead of getting lost in a comparison.
 */
export function size<T extends number>(x: usize, count: i32): i32 {
  const mask = i32x4.splat(0x7fff_ffff)
  let m0 = i32x4.splat(0)
  let m1 = m0
  const step = 2 * lanes<T>()
  let at = 0
  for (; at + step <= count; at += step) {
    m0 = i32x4.max_s(m0, v128.and(v128.load(x), mask))
    m1 = i32x4.max_s(m1, v128.and(v128.load(x, vector), mask))
    x += 2 * vector
  }
  m0 = i32x4.max_s(m0, m1)
  let largest = max(i32x4.extract_lane(m0, 1), i32x4.extract_lane(m0, 3))
  // Even words are low halves in f64, and numbers of their own in f32.
  if (sizeof<T>() === 4) largest = max(largest, max(i32x4.extract_lane(m0, 0), i32x4.extract_lane(m0, 2)))
  for (; at < count; at++) {
    largest = max(largest, load<i32>(x, sizeof<T>() - 4) & 0x7fff_ffff)
    x += sizeof<T>()
  }
  return largest
}

/** Whether a mask to be added holds NaN or +∞; −∞ and any finite number are fine. */
export function exceeds<T extends number>(x: usize, count: i32): bool {
  for (let at = 0; at < count; at++) {
    if (!(load<T>(x) < <T>Infinity)) return true
    x += sizeof<T>()
  }
  return false
}

/** Keys as 16-bit integers for `screen.ts`, and how far they are off. */
import { stripBytes } from './screen'
import { sumLanes, vector } from './lanes'

/** A block with nothing larger is brought to zeros: its scale might underflow. */
const smallest: f64 = 2.0 ** -960

/** The largest magnitude of `count` numbers. */
function largest(x: usize, count: usize): f64 {
  let most = f64x2.splat(0)
  const end = x + (count << 3)
  for (; x + vector <= end; x += vector) most = f64x2.pmax(most, f64x2.abs(v128.load(x)))
  let top = max<f64>(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1))
  if (x < end) top = max<f64>(top, abs<f64>(load<f64>(x)))
  return top
}

/**
 * Writes a block of up to 64 keys in strips, each number z as the nearest integer m to z/s, and the length of what is left of each key,
 * `z − s·m`; returns s, which brings the largest to `range`.
 *
 * @param z count × d float64 numbers
 * @param to room for 64 keys; those after the last become zeros
 * @param rests f64, one a key
 */
export function quantise(z: usize, count: i32, d: i32, range: f64, to: usize, rests: usize): f64 {
  const top = largest(z, <usize>count * <usize>d)
  const scale: f64 = top > smallest ? top / range : 1
  const s = f64x2.splat(scale)
  const strip = <usize>((d + 1) >> 1) * stripBytes
  if (count < 64) memory.fill(to, 0, 8 * strip)
  for (let r = 0; r < count; r++) {
    let at = to + <usize>(r >> 3) * strip + ((<usize>(r & 7)) << 2)
    let sum = f64x2.splat(0)
    const even = z + ((<usize>(d & ~1)) << 3)
    for (; z < even; z += vector) {
      const x = v128.load(z)
      const m = f64x2.nearest(f64x2.div(x, s))
      const rest = f64x2.sub(x, f64x2.mul(s, m))
      sum = f64x2.add(sum, f64x2.mul(rest, rest))
      const integers = i32x4.trunc_sat_f64x2_s_zero(m)
      store<i32>(at, (i32x4.extract_lane(integers, 0) & 0xffff) | (i32x4.extract_lane(integers, 1) << 16))
      at += stripBytes
    }
    let sqRest = sumLanes<f64>(sum)
    if ((d & 1) !== 0) {
      const x = load<f64>(z)
      const m = nearest<f64>(x / scale)
      const rest = x - scale * m
      sqRest += rest * rest
      store<i32>(at, (<i32>m) & 0xffff)
      z += 8
    }
    store<f64>(rests + ((<usize>r) << 3), sqrt(sqRest))
  }
  return scale
}

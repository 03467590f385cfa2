/**
 * LayerNorm and its halves for rows of float32, in place, r = x − mean and y = gain·r/rms + bias:
 *
 *  - the mean is a sum in float64. So it is right to γ_d of float64, a constant row has exactly its constant for mean
 *    (d·c is exact for d < 2^29), and no sum overflows. It is subtracted in two parts, the nearest float32 and the rest:
 *    an entry of r errs by u·(|r| + |x − high|), relative to the centred row and not to the row, u = 2^-24;
 *  - squares are summed in float32, 16 lanes of partial sums over 256 numbers, and those in float64: the sum errs by
 *    γ_20 relative, its root by half of that, and 1/rms, rounded to float32, by u more;
 *  - products with 1/rms and gain, and the bias, round once each.
 *
 * In all an entry of r/rms errs by at most (2 + 10 + 1 + 1)·u relative to the largest of |r| and its neighbours, plus
 * γ_2 for gain and bias: `test/simd-layernorm.test.ts` holds it to that.
 *
 * Where the mean square plus eps is not between 2^-80 and the largest float32, squares may have underflowed or
 * overflowed, or the row holds NaN or an infinity: then the kernel says so, and its caller takes the reference.
 */
import { promoteHigh, sumLanes, vector } from './lanes'

/** Squares that underflow err by 2^-150 each: nothing beside this. */
const leastSquare: f64 = 1.0 / 1208925819614629174706176.0
const chunk: i32 = 256

/** Sum of a row in float64. */
function sum(x: usize, d: i32): f64 {
  let s0 = f64x2.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let c = 0
  for (; c + 8 <= d; c += 8) {
    const x0 = v128.load(x)
    const x1 = v128.load(x, vector)
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(x0))
    s1 = f64x2.add(s1, promoteHigh(x0))
    s2 = f64x2.add(s2, f64x2.promote_low_f32x4(x1))
    s3 = f64x2.add(s3, promoteHigh(x1))
    x += 2 * vector
  }
  let total = sumLanes<f64>(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)))
  for (; c < d; c++) {
    total += <f64>load<f32>(x)
    x += 4
  }
  return total
}

/** Subtracts high + low from a row, in that order. */
function subtract(x: usize, d: i32, high: f32, low: f32): void {
  const first = f32x4.splat(high)
  const second = f32x4.splat(low)
  let c = 0
  for (; c + 4 <= d; c += 4) {
    v128.store(x, f32x4.sub(f32x4.sub(v128.load(x), first), second))
    x += vector
  }
  for (; c < d; c++) {
    store<f32>(x, load<f32>(x) - high - low)
    x += 4
  }
}

/** Subtracts high + low from a row, and returns the sum of squares of what is left. */
function centredSquares(x: usize, d: i32, high: f32, low: f32): f64 {
  const first = f32x4.splat(high)
  const second = f32x4.splat(low)
  let total: f64 = 0
  let c = 0
  while (c + 16 <= d) {
    let s0 = f32x4.splat(0)
    let s1 = s0
    let s2 = s0
    let s3 = s0
    const end = min(c + chunk, d)
    for (; c + 16 <= end; c += 16) {
      const r0 = f32x4.sub(f32x4.sub(v128.load(x), first), second)
      const r1 = f32x4.sub(f32x4.sub(v128.load(x, vector), first), second)
      const r2 = f32x4.sub(f32x4.sub(v128.load(x, 2 * vector), first), second)
      const r3 = f32x4.sub(f32x4.sub(v128.load(x, 3 * vector), first), second)
      v128.store(x, r0)
      v128.store(x, r1, vector)
      v128.store(x, r2, 2 * vector)
      v128.store(x, r3, 3 * vector)
      s0 = f32x4.add(s0, f32x4.mul(r0, r0))
      s1 = f32x4.add(s1, f32x4.mul(r1, r1))
      s2 = f32x4.add(s2, f32x4.mul(r2, r2))
      s3 = f32x4.add(s3, f32x4.mul(r3, r3))
      x += 4 * vector
    }
    total += <f64>sumLanes<f32>(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)))
  }
  for (; c < d; c++) {
    const r = load<f32>(x) - high - low
    store<f32>(x, r)
    total += <f64>(r * r)
    x += 4
  }
  return total
}

/** The sum of squares of a row. */
function squares(x: usize, d: i32): f64 {
  let total: f64 = 0
  let c = 0
  while (c + 16 <= d) {
    let s0 = f32x4.splat(0)
    let s1 = s0
    let s2 = s0
    let s3 = s0
    const end = min(c + chunk, d)
    for (; c + 16 <= end; c += 16) {
      const x0 = v128.load(x)
      const x1 = v128.load(x, vector)
      const x2 = v128.load(x, 2 * vector)
      const x3 = v128.load(x, 3 * vector)
      s0 = f32x4.add(s0, f32x4.mul(x0, x0))
      s1 = f32x4.add(s1, f32x4.mul(x1, x1))
      s2 = f32x4.add(s2, f32x4.mul(x2, x2))
      s3 = f32x4.add(s3, f32x4.mul(x3, x3))
      x += 4 * vector
    }
    total += <f64>sumLanes<f32>(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)))
  }
  for (; c < d; c++) {
    const value = load<f32>(x)
    total += <f64>(value * value)
    x += 4
  }
  return total
}

/** y = x·factor, times gain, plus bias, where their addresses are not 0. */
function stretch(x: usize, d: i32, factor: f32, gain: usize, bias: usize): void {
  const times = f32x4.splat(factor)
  const whole = d & ~3
  const end = x + <usize>whole * 4
  const tail = x + <usize>d * 4
  if (bias !== 0) {
    for (; x < end; x += vector) {
      v128.store(x, f32x4.add(f32x4.mul(f32x4.mul(v128.load(x), times), v128.load(gain)), v128.load(bias)))
      gain += vector
      bias += vector
    }
  } else if (gain !== 0) {
    for (; x < end; x += vector) {
      v128.store(x, f32x4.mul(f32x4.mul(v128.load(x), times), v128.load(gain)))
      gain += vector
    }
  } else {
    for (; x < end; x += vector) v128.store(x, f32x4.mul(v128.load(x), times))
  }
  for (; x < tail; x += 4) {
    let y = load<f32>(x) * factor
    if (gain !== 0) {
      y *= load<f32>(gain)
      gain += 4
    }
    if (bias !== 0) {
      y += load<f32>(bias)
      bias += 4
    }
    store<f32>(x, y)
  }
}

/** Mean-centres rows in place; false where a row holds NaN or an infinity. */
export function project32(x: usize, rows: i32, d: i32): bool {
  for (let i = 0; i < rows; i++) {
    const mean = sum(x, d) / <f64>d
    if (!(abs<f64>(mean) < Infinity)) return false
    const high = <f32>mean
    subtract(x, d, high, <f32>(mean - <f64>high))
    x += <usize>d * 4
  }
  return true
}

/** Rows to y = gain·r/√(‖r‖²/d + eps) + bias in place, r = x − mean or x; a bias comes with a gain. */
export function normalise32(x: usize, rows: i32, d: i32, centred: bool, eps: f64, gain: usize, bias: usize): bool {
  for (let i = 0; i < rows; i++) {
    let total: f64
    if (centred) {
      const mean = sum(x, d) / <f64>d
      const high = <f32>mean
      total = centredSquares(x, d, high, <f32>(mean - <f64>high))
    } else total = squares(x, d)
    const square = total / <f64>d + eps
    if (!(square >= leastSquare && square < <f64>f32.MAX_VALUE)) return false
    stretch(x, d, <f32>(1.0 / sqrt<f64>(square)), gain, bias)
    x += <usize>d * 4
  }
  return true
}

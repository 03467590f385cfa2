/**
 * LayerNorm and its halves for rows of float32, in place: y = gain·r/rms + bias, r = x − mean. The two-pass algorithm, on
 * rows shifted near zero first (Chan, Golub and LeVeque 1983), u = 2^-24:
 *
 *  - t = x − p, p the mean of the first 16 numbers, summed pairwise. What follows is relative to the shifted row, not to
 *    the row, and of a constant row exactly nothing is left. An entry errs by u·|t|;
 *  - the mean of t and the mean square of r are sums over 256 numbers in float32, four lanes of pairwise sums of four,
 *    and sums of those in float64: γ_20 relative to the sum of |t|, and of r²;
 *  - r = t − mean(t) errs by u·|r| and by the mean's u·|mean(t)| + γ_20·mean|t|, and 1/rms by half of γ_20, and by u;
 *  - products with 1/rms and gain, and the bias, round once each.
 *
 * So with T = mean|t| an entry of r errs by at most u·(|t| + |r| + |mean(t)|) + γ_20·T, where |mean(t)| = |p − mean(x)|
 * and T are at most about the row's own spread (or its largest entry's sixteenth): `test/simd-layernorm.test.ts` holds
 * the results to these bounds.
 *
 * Where the mean square plus eps is not between 2^-80 and the largest float32, squares may have underflowed or
 * overflowed, or the row holds NaN or an infinity: then the kernel says so, and its caller takes the reference.
 */
import { sumLanes, vector } from './lanes'

/** Squares that underflow err by 2^-150 each: nothing beside this. */
const leastSquare: f64 = 1.0 / 1208925819614629174706176.0
const chunk: i32 = 256

/** The mean of the first 16 numbers of a row, or of 1: of equal numbers, exactly that number. */
function pivot(x: usize, d: i32): f32 {
  if (d < 16) return load<f32>(x)
  const low = f32x4.add(v128.load(x), v128.load(x, vector))
  const high = f32x4.add(v128.load(x, 2 * vector), v128.load(x, 3 * vector))
  return sumLanes<f32>(f32x4.add(low, high)) * <f32>0.0625
}

/** Subtracts `value` from a row, and returns the sum of what is left. */
function shift(x: usize, d: i32, value: f32): f64 {
  const by = f32x4.splat(value)
  let total: f64 = 0
  let c = 0
  while (c + 16 <= d) {
    let sum = f32x4.splat(0)
    const end = min(c + chunk, d)
    for (; c + 16 <= end; c += 16) {
      const t0 = f32x4.sub(v128.load(x), by)
      const t1 = f32x4.sub(v128.load(x, vector), by)
      const t2 = f32x4.sub(v128.load(x, 2 * vector), by)
      const t3 = f32x4.sub(v128.load(x, 3 * vector), by)
      v128.store(x, t0)
      v128.store(x, t1, vector)
      v128.store(x, t2, 2 * vector)
      v128.store(x, t3, 3 * vector)
      sum = f32x4.add(sum, f32x4.add(f32x4.add(t0, t1), f32x4.add(t2, t3)))
      x += 4 * vector
    }
    total += <f64>sumLanes<f32>(sum)
  }
  for (; c < d; c++) {
    const t = load<f32>(x) - value
    store<f32>(x, t)
    total += <f64>t
    x += 4
  }
  return total
}

/** Subtracts `value` from a row, and returns the sum of squares of what is left. */
function shiftedSquares(x: usize, d: i32, value: f32): f64 {
  const by = f32x4.splat(value)
  let total: f64 = 0
  let c = 0
  while (c + 16 <= d) {
    let sum = f32x4.splat(0)
    const end = min(c + chunk, d)
    for (; c + 16 <= end; c += 16) {
      const r0 = f32x4.sub(v128.load(x), by)
      const r1 = f32x4.sub(v128.load(x, vector), by)
      const r2 = f32x4.sub(v128.load(x, 2 * vector), by)
      const r3 = f32x4.sub(v128.load(x, 3 * vector), by)
      v128.store(x, r0)
      v128.store(x, r1, vector)
      v128.store(x, r2, 2 * vector)
      v128.store(x, r3, 3 * vector)
      const low = f32x4.add(f32x4.mul(r0, r0), f32x4.mul(r1, r1))
      sum = f32x4.add(sum, f32x4.add(low, f32x4.add(f32x4.mul(r2, r2), f32x4.mul(r3, r3))))
      x += 4 * vector
    }
    total += <f64>sumLanes<f32>(sum)
  }
  for (; c < d; c++) {
    const r = load<f32>(x) - value
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
    let sum = f32x4.splat(0)
    const end = min(c + chunk, d)
    for (; c + 16 <= end; c += 16) {
      const x0 = v128.load(x)
      const x1 = v128.load(x, vector)
      const x2 = v128.load(x, 2 * vector)
      const x3 = v128.load(x, 3 * vector)
      const low = f32x4.add(f32x4.mul(x0, x0), f32x4.mul(x1, x1))
      sum = f32x4.add(sum, f32x4.add(low, f32x4.add(f32x4.mul(x2, x2), f32x4.mul(x3, x3))))
      x += 4 * vector
    }
    total += <f64>sumLanes<f32>(sum)
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
  let c = 0
  if (bias !== 0) {
    for (; c + 8 <= d; c += 8) {
      const at = <usize>c * 4
      const y0 = f32x4.mul(f32x4.mul(v128.load(x + at), times), v128.load(gain + at))
      const y1 = f32x4.mul(f32x4.mul(v128.load(x + at, vector), times), v128.load(gain + at, vector))
      v128.store(x + at, f32x4.add(y0, v128.load(bias + at)))
      v128.store(x + at, f32x4.add(y1, v128.load(bias + at, vector)), vector)
    }
  } else if (gain !== 0) {
    for (; c + 4 <= d; c += 4) {
      const at = <usize>c * 4
      v128.store(x + at, f32x4.mul(f32x4.mul(v128.load(x + at), times), v128.load(gain + at)))
    }
  } else {
    for (; c + 4 <= d; c += 4) {
      const at = x + <usize>c * 4
      v128.store(at, f32x4.mul(v128.load(at), times))
    }
  }
  for (; c < d; c++) {
    const at = <usize>c * 4
    let y = load<f32>(x + at) * factor
    if (gain !== 0) y *= load<f32>(gain + at)
    if (bias !== 0) y += load<f32>(bias + at)
    store<f32>(x + at, y)
  }
}

/** Subtracts `value` from a row. */
function subtract(x: usize, d: i32, value: f32): void {
  const by = f32x4.splat(value)
  let c = 0
  for (; c + 4 <= d; c += 4) {
    const at = x + <usize>c * 4
    v128.store(at, f32x4.sub(v128.load(at), by))
  }
  for (; c < d; c++) {
    const at = x + <usize>c * 4
    store<f32>(at, load<f32>(at) - value)
  }
}

/** Mean-centres rows in place; false where a row holds NaN or an infinity, or spans more than half of float32. */
export function project32(x: usize, rows: i32, d: i32): bool {
  for (let i = 0; i < rows; i++) {
    const mean = shift(x, d, pivot(x, d)) / <f64>d
    if (!(abs<f64>(mean) < Infinity)) return false
    subtract(x, d, <f32>mean)
    x += <usize>d * 4
  }
  return true
}

/** Rows to y = gain·r/√(‖r‖²/d + eps) + bias in place, r = x − mean or x; a bias comes with a gain. */
export function normalise32(x: usize, rows: i32, d: i32, centred: bool, eps: f64, gain: usize, bias: usize): bool {
  for (let i = 0; i < rows; i++) {
    const total = centred ? shiftedSquares(x, d, <f32>(shift(x, d, pivot(x, d)) / <f64>d)) : squares(x, d)
    const square = total / <f64>d + eps
    if (!(square >= leastSquare && square < <f64>f32.MAX_VALUE)) return false
    stretch(x, d, <f32>(1.0 / sqrt<f64>(square)), gain, bias)
    x += <usize>d * 4
  }
  return true
}

/**
 * LayerNorm and its halves for rows of float32, in place: y = gain·r/rms + bias, r = x − mean. A row is read twice, for its
 * moments and for its results, u = 2^-24:
 *
 *  - the means of x and of x² are sums over 256 numbers in float32, four lanes of pairwise sums of four, and sums of those
 *    in float64: γ_20 relative to the sum of |x|, and of x²;
 *  - r = x − mean(x) errs by u·|r| and by the mean's u·|mean(x)| + γ_20·mean|x|;
 *  - the mean square of r is v = mean(x²) − mean(x)². It errs by γ_20·(mean(x²) + 2·|mean(x)|·mean|x|), and where
 *    mean(x)² <= v/4 this is at most γ_20·(1.25 + 1.12)·v. So 1/rms errs by at most 1.2·γ_20 <= γ_24, and by u;
 *  - products with 1/rms and gain, and the bias, round once each.
 *
 * Where the mean is larger, the row is first shifted near zero (Chan, Golub and LeVeque 1983), to t = x − p, p the mean of
 * the first 16 numbers, summed pairwise; an entry errs by u·|t|, of a constant row exactly nothing is left, and what follows
 * is relative to t instead of x. Where the mean of t is still too large, it is subtracted likewise, and v is the mean of the
 * squares, right to γ_20.
 *
 * So with T = mean|t|, t = x or x − p, an entry of r errs by at most u·(|t| + |r| + |mean(t)|) + γ_20·T, where |mean(t)|
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

/** The means of x and of x²: set by `moments`. */
let mean: f64 = 0
let meanSquare: f64 = 0

function moments(x: usize, d: i32): void {
  let total: f64 = 0
  let squares: f64 = 0
  let c = 0
  while (c + 16 <= d) {
    let sum = f32x4.splat(0)
    let square = sum
    const end = min(c + chunk, d)
    for (; c + 16 <= end; c += 16) {
      const x0 = v128.load(x)
      const x1 = v128.load(x, vector)
      const x2 = v128.load(x, 2 * vector)
      const x3 = v128.load(x, 3 * vector)
      sum = f32x4.add(sum, f32x4.add(f32x4.add(x0, x1), f32x4.add(x2, x3)))
      const low = f32x4.add(f32x4.mul(x0, x0), f32x4.mul(x1, x1))
      square = f32x4.add(square, f32x4.add(low, f32x4.add(f32x4.mul(x2, x2), f32x4.mul(x3, x3))))
      x += 4 * vector
    }
    total += <f64>sumLanes<f32>(sum)
    squares += <f64>sumLanes<f32>(square)
  }
  for (; c < d; c++) {
    const value = load<f32>(x)
    total += <f64>value
    squares += <f64>(value * value)
    x += 4
  }
  mean = total / <f64>d
  meanSquare = squares / <f64>d
}

/** Subtracts `value` from a row. */
function subtract(x: usize, d: i32, value: f32): void {
  const by = f32x4.splat(value)
  let c = 0
  for (; c + 4 <= d; c += 4) {
    v128.store(x, f32x4.sub(v128.load(x), by))
    x += vector
  }
  for (; c < d; c++) {
    store<f32>(x, load<f32>(x) - value)
    x += 4
  }
}

/** What is to be subtracted from a row, after it was shifted if need be, and the mean square of what is then left: set by `centre`. */
let rest: f32 = 0
let variance: f64 = 0

function centre(x: usize, d: i32): void {
  moments(x, d)
  if (settled()) return
  subtract(x, d, pivot(x, d))
  moments(x, d)
  if (settled()) return
  subtract(x, d, <f32>mean)
  moments(x, d)
  rest = 0
  variance = meanSquare
}

/** Whether the mean is small beside what is left, and no square has left the range of float32. */
function settled(): bool {
  rest = <f32>mean
  variance = meanSquare - mean * mean
  return variance >= 4 * mean * mean && variance >= leastSquare && variance < Infinity
}

/** y = (x − m)·factor, times gain, plus bias, where their addresses are not 0. */
function finish(x: usize, d: i32, m: f32, factor: f32, gain: usize, bias: usize): void {
  const by = f32x4.splat(m)
  const times = f32x4.splat(factor)
  let c = 0
  if (bias !== 0) {
    for (; c + 8 <= d; c += 8) {
      const r0 = f32x4.mul(f32x4.sub(v128.load(x), by), times)
      const r1 = f32x4.mul(f32x4.sub(v128.load(x, vector), by), times)
      v128.store(x, f32x4.add(f32x4.mul(r0, v128.load(gain)), v128.load(bias)))
      v128.store(x, f32x4.add(f32x4.mul(r1, v128.load(gain, vector)), v128.load(bias, vector)), vector)
      x += 2 * vector
      gain += 2 * vector
      bias += 2 * vector
    }
  } else if (gain !== 0) {
    for (; c + 4 <= d; c += 4) {
      v128.store(x, f32x4.mul(f32x4.mul(f32x4.sub(v128.load(x), by), times), v128.load(gain)))
      x += vector
      gain += vector
    }
  } else {
    for (; c + 4 <= d; c += 4) {
      v128.store(x, f32x4.mul(f32x4.sub(v128.load(x), by), times))
      x += vector
    }
  }
  for (; c < d; c++) {
    let y = (load<f32>(x) - m) * factor
    if (gain !== 0) {
      y *= load<f32>(gain)
      gain += 4
    }
    if (bias !== 0) {
      y += load<f32>(bias)
      bias += 4
    }
    store<f32>(x, y)
    x += 4
  }
}

/** Mean-centres rows in place; false where a row holds NaN or an infinity, or spans more than half of float32. */
export function project32(x: usize, rows: i32, d: i32): bool {
  for (let i = 0; i < rows; i++) {
    centre(x, d)
    if (!(abs<f64>(mean) < Infinity)) return false
    subtract(x, d, rest)
    x += <usize>d * 4
  }
  return true
}

/** Rows to y = gain·r/√(‖r‖²/d + eps) + bias in place, r = x − mean or x; a bias comes with a gain. */
export function normalise32(x: usize, rows: i32, d: i32, centred: bool, eps: f64, gain: usize, bias: usize): bool {
  rest = 0
  for (let i = 0; i < rows; i++) {
    if (centred) centre(x, d)
    else moments(x, d)
    const square = (centred ? variance : meanSquare) + eps
    if (!(square >= leastSquare && square < <f64>f32.MAX_VALUE)) return false
    finish(x, d, rest, <f32>(1.0 / sqrt<f64>(square)), gain, bias)
    x += <usize>d * 4
  }
  return true
}

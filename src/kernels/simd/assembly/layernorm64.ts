/**
 * LayerNorm and its halves for rows of float64, in place: step by step what the reference in `src/kernels/layernorm.ts`
 * does, and with its bounds. A power of two brings a row near 1, the mean is taken twice, squares are summed in eight
 * partial sums.
 *
 * A row that holds NaN or an infinity is left to the reference.
 */
import { maxLanes, sumLanes, vector } from './lanes'
import { dot } from './product'
import { size } from './size'

/** Exponent field of the largest finite doubles; 2046 − e is the field of the reciprocal power. */
const largestField: i64 = 2046

/** A power of two s with s·x in [1, 4), for a normal x > 0; 2^1023 for smaller ones. */
function reciprocalPower(x: f64): f64 {
  const field = (reinterpret<i64>(x) >> 52) & 0x7ff
  return reinterpret<f64>(max<i64>(1, largestField - field) << 52)
}

/** The sum of a row: eight partial sums. */
function sum(x: usize, d: i32): f64 {
  let s0 = f64x2.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let c = 0
  for (; c + 8 <= d; c += 8) {
    s0 = f64x2.add(s0, v128.load(x))
    s1 = f64x2.add(s1, v128.load(x, vector))
    s2 = f64x2.add(s2, v128.load(x, 2 * vector))
    s3 = f64x2.add(s3, v128.load(x, 3 * vector))
    x += 4 * vector
  }
  let total = sumLanes<f64>(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)))
  for (; c < d; c++) {
    total += load<f64>(x)
    x += 8
  }
  return total
}

/** Largest of ±x over a row. */
function extreme(x: usize, d: i32, sign: f64): f64 {
  const times = f64x2.splat(sign)
  let most = f64x2.splat(-Infinity)
  let c = 0
  for (; c + 2 <= d; c += 2) {
    most = f64x2.pmax(most, f64x2.mul(v128.load(x), times))
    x += vector
  }
  return c < d ? max<f64>(maxLanes<f64>(most), load<f64>(x) * sign) : maxLanes<f64>(most)
}

function subtract(x: usize, d: i32, value: f64): void {
  const by = f64x2.splat(value)
  let c = 0
  for (; c + 2 <= d; c += 2) {
    v128.store(x, f64x2.sub(v128.load(x), by))
    x += vector
  }
  if (c < d) store<f64>(x, load<f64>(x) - value)
}

function multiply(x: usize, d: i32, factor: f64): void {
  const by = f64x2.splat(factor)
  let c = 0
  for (; c + 2 <= d; c += 2) {
    v128.store(x, f64x2.mul(v128.load(x), by))
    x += vector
  }
  if (c < d) store<f64>(x, load<f64>(x) * factor)
}

/** The true mean lies between the least and the greatest entry: a computed one is clamped, so a constant row leaves 0. */
function centre(x: usize, d: i32): void {
  const mean = sum(x, d) / <f64>d
  subtract(x, d, min<f64>(max<f64>(mean, -extreme(x, d, -1)), extreme(x, d, 1)))
  subtract(x, d, sum(x, d) / <f64>d)
}

/** Multiplies a row by a power of two that brings the larger of max|x| and `floor` near 1, and returns it; 0 for NaN, ±∞. */
function bringNearOne(x: usize, d: i32, floor: f64): f64 {
  const top = size<f64>(x, d)
  if (top >= 0x7ff0_0000) return 0
  // The upper half of the largest |x| has its exponent, and is all that the power depends on.
  const power = reciprocalPower(max<f64>(reinterpret<f64>((<i64>top) << 32), floor))
  multiply(x, d, power)
  return power
}

/** y = x/by, times gain, plus bias, where their addresses are not 0. */
function stretch(x: usize, d: i32, by: f64, gain: usize, bias: usize): void {
  for (let c = 0; c < d; c++) {
    const at = x + <usize>c * 8
    let y = by === 0 ? 0 : load<f64>(at) / by
    if (gain !== 0) y *= load<f64>(gain + <usize>c * 8)
    store<f64>(at, bias === 0 ? y : y + load<f64>(bias + <usize>c * 8))
  }
}

/** Mean-centres rows in place; false where a row holds NaN or an infinity. */
export function project64(x: usize, rows: i32, d: i32): bool {
  for (let i = 0; i < rows; i++) {
    const power = bringNearOne(x, d, 0)
    if (power === 0) return false
    centre(x, d)
    stretch(x, d, power, 0, 0)
    x += <usize>d * 8
  }
  return true
}

/** Rows to y = gain·r/√(‖r‖²/d + eps) + bias in place, r = x − mean or x. */
export function normalise64(x: usize, rows: i32, d: i32, centred: bool, eps: f64, gain: usize, bias: usize): bool {
  const floor = sqrt<f64>(eps)
  for (let i = 0; i < rows; i++) {
    const power = bringNearOne(x, d, floor)
    if (power === 0) return false
    if (centred) centre(x, d)
    stretch(x, d, sqrt<f64>(dot<f64>(x, x, d) / <f64>d + eps * power * power), gain, bias)
    x += <usize>d * 8
  }
  return true
}

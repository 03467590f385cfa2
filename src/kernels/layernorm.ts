/**
 * LayerNorm and its two halves, row by row: a projection onto the hyperplane ⟂ 1, then a scaling onto the sphere.
 *
 *   layerNorm(x) = gain ⊙ (Px)/√(‖Px‖²/d + ε) + bias,   P = I − 11ᵀ/d
 *
 * Ba, Kiros and Hinton 2016 (arXiv 1607.06450); the decomposition: Brody, Alon and Yahav 2023 (arXiv 2305.02582).
 * Each row is first multiplied by a power of two s that brings max(|x|, √ε) near 1, and ε by s², so no square overflows
 * and none that counts underflows. The mean is removed by the corrected two-pass algorithm (Chan, Golub and LeVeque
 * 1983; Higham 2002, section 1.9): the mean of what is left after the first subtraction is subtracted too, so errors are
 * relative to the centred row, not to the row.
 *
 * Rows may hold NaN and infinities, which follow IEEE arithmetic and stay in their row. `out` may be `x` itself; any other
 * overlap is not supported. O(rows·d) time, O(d) extra memory.
 */
import { reciprocalPower } from './power.ts'
import { checkLength, checkSizes, tell } from './sizes.ts'
import type { Floats } from './sizes.ts'

/**
 * Mean-centres each row: x − mean(x)·1. A constant row becomes exactly zero.
 *
 * @param x rows×d numbers
 * @param out rows×d numbers; may be `x`
 * @throws RangeError when a size is not an integer >= 0 or a buffer is too short
 */
export function project<T extends Floats>(x: Floats, rows: number, d: number, out: T): T {
  checkRows(x, rows, d, out)
  const row = new Float64Array(d)
  for (let i = 0; i < rows; i++) {
    const s = load(x, i * d, d, 0, row)
    centre(row, d)
    for (let c = 0; c < d; c++) out[i * d + c] = row[c] / s
  }
  return out
}

/**
 * Scales each row to x/√(‖x‖²/d + eps): norm √d when eps = 0, at any exponent. A zero row stays zero.
 *
 * @param x rows×d numbers
 * @param eps finite, >= 0, in the square of the unit of x
 * @param out rows×d numbers; may be `x`
 * @throws RangeError when a size is not an integer >= 0, a buffer is too short, or eps is negative or not finite
 */
export function scale<T extends Floats>(x: Floats, rows: number, d: number, eps: number, out: T): T {
  return normalise(x, rows, d, false, eps, null, null, out)
}

/**
 * LayerNorm of each row: gain ⊙ scale(project(x), eps) + bias, with one rounding to the type of `out`.
 *
 * @param x rows×d numbers
 * @param eps finite, >= 0, inside the root
 * @param gain d numbers, or null for 1
 * @param bias d numbers, or null for 0
 * @param out rows×d numbers; may be `x`, not `gain` or `bias`
 * @throws RangeError when a size is not an integer >= 0, a buffer is too short, or eps is negative or not finite
 */
export function layerNorm<T extends Floats>(
  x: Floats,
  rows: number,
  d: number,
  eps: number,
  gain: Floats | null,
  bias: Floats | null,
  out: T,
): T {
  return normalise(x, rows, d, true, eps, gain, bias, out)
}

/**
 * RMSNorm of each row: gain ⊙ scale(x, eps). Zhang and Sennrich 2019 (arXiv 1910.07467).
 *
 * @param x rows×d numbers
 * @param eps finite, >= 0, inside the root
 * @param gain d numbers, or null for 1
 * @param out rows×d numbers; may be `x`, not `gain`
 * @throws RangeError when a size is not an integer >= 0, a buffer is too short, or eps is negative or not finite
 */
export function rmsNorm<T extends Floats>(
  x: Floats,
  rows: number,
  d: number,
  eps: number,
  gain: Floats | null,
  out: T,
): T {
  return normalise(x, rows, d, false, eps, gain, null, out)
}

/**
 * The matrix P = I − 11ᵀ/d, each entry correctly rounded.
 *
 * @param out d×d numbers
 * @throws RangeError when d is not an integer >= 0 or `out` is too short
 */
export function projectionMatrix<T extends Floats>(d: number, out: T): T {
  checkSizes({ d })
  checkLength('out', out, d * d)
  out.fill(-1 / d, 0, d * d)
  for (let i = 0; i < d; i++) out[i * d + i] = (d - 1) / d
  return out
}

function normalise<T extends Floats>(
  x: Floats,
  rows: number,
  d: number,
  centred: boolean,
  eps: number,
  gain: Floats | null,
  bias: Floats | null,
  out: T,
): T {
  checkRows(x, rows, d, out)
  checkNormalising(d, eps, gain, bias)
  const row = new Float64Array(d)
  for (let i = 0; i < rows; i++) {
    const s = load(x, i * d, d, Math.sqrt(eps), row)
    if (centred) centre(row, d)
    const rms = Math.sqrt(sumOfSquares(row, d) / d + eps * s * s)
    for (let c = 0; c < d; c++) {
      let y = rms === 0 ? 0 : row[c] / rms
      if (gain !== null) y *= gain[c]
      out[i * d + c] = bias === null ? y : y + bias[c]
    }
  }
  return out
}

/** @throws RangeError when a size is not an integer >= 0 or a buffer is too short. */
export function checkRows(x: Floats, rows: number, d: number, out: Floats): void {
  checkSizes({ rows, d })
  checkLength('x', x, rows * d)
  checkLength('out', out, rows * d)
}

/** @throws TypeError for a wrong kind of argument; RangeError when eps is negative or not finite, or gain or bias too short. */
export function checkNormalising(d: number, eps: number, gain: Floats | null, bias: Floats | null): void {
  if (typeof eps !== 'number') throw new TypeError(`eps: expected a finite number >= 0, got ${tell(eps)}`)
  if (!(eps >= 0 && eps < Infinity)) throw new RangeError(`eps: expected a finite number >= 0, got ${eps}`)
  if (gain !== null) checkLength('gain', gain, d)
  if (bias !== null) checkLength('bias', bias, d)
}

/** Copies s·x into `row`, s a power of two that brings the largest of |x| and `floor` near 1; returns s. */
export function load(x: Floats, from: number, d: number, floor: number, row: Float64Array): number {
  let size = floor
  for (let c = 0; c < d; c++) {
    const value = Math.abs(x[from + c])
    if (value > size) size = value
  }
  const s = reciprocalPower(size)
  for (let c = 0; c < d; c++) row[c] = x[from + c] * s
  return s
}

/**
 * Subtracts the mean, then the mean of what is left.
 *
 * The true mean lies between the least and the greatest entry, so clamping the computed one there only brings it nearer,
 * and leaves exactly nothing of a constant row for a scaling to magnify.
 */
function centre(row: Float64Array, d: number): void {
  let least = Infinity
  let greatest = -Infinity
  for (let c = 0; c < d; c++) {
    if (row[c] < least) least = row[c]
    if (row[c] > greatest) greatest = row[c]
  }
  const mean = Math.min(Math.max(sum(row, d) / d, least), greatest)
  for (let c = 0; c < d; c++) row[c] -= mean
  const rest = sum(row, d) / d
  for (let c = 0; c < d; c++) row[c] -= rest
}

/** Four partial sums: an addition need not wait for the one before it, and the error bound is γ_(d/4+4), not γ_d. */
function sum(row: Float64Array, d: number): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let c = 0
  for (; c + 4 <= d; c += 4) {
    s0 += row[c]
    s1 += row[c + 1]
    s2 += row[c + 2]
    s3 += row[c + 3]
  }
  for (; c < d; c++) s0 += row[c]
  return s0 + s1 + (s2 + s3)
}

/** ‖row‖² in four partial sums. */
export function sumOfSquares(row: Float64Array, d: number): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let c = 0
  for (; c + 4 <= d; c += 4) {
    s0 += row[c] * row[c]
    s1 += row[c + 1] * row[c + 1]
    s2 += row[c + 2] * row[c + 2]
    s3 += row[c + 3] * row[c + 3]
  }
  for (; c < d; c++) s0 += row[c] * row[c]
  return s0 + s1 + (s2 + s3)
}

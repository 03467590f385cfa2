/**
 * Softmax of each row, shifted by the row's maximum: p_j = e^(s_j − max) / Σ e^(s_j − max).
 *
 * No exponential overflows and the sum is at least 1 (Blanchard, Higham and Higham 2021, arXiv 1909.03469).
 */
import { checkLength, checkSizes } from './sizes.ts'
import type { Floats } from './sizes.ts'

/**
 * Softmax of each row, in float64, rounded once when stored.
 *
 * The rows at infinity: all −∞ (nothing may be attended to) gives zeros; m entries of +∞ share the weight, 1/m each,
 * the limit of letting them grow together; a NaN makes its row NaN.
 *
 * @param s rows×n numbers
 * @param out rows×n numbers; may be `s`, no other overlap
 * @throws RangeError when a size is not an integer >= 0 or a buffer is too short
 *
 * O(rows·n) time, O(n) extra memory.
 */
export function softmax<T extends Floats>(s: Floats, rows: number, n: number, out: T): T {
  checkSoftmax(s, rows, n, out)
  const weights = new Float64Array(n)
  for (let i = 0; i < rows; i++) {
    const from = i * n
    let max = -Infinity
    for (let j = 0; j < n; j++) max = Math.max(max, s[from + j])
    if (max === -Infinity) {
      out.fill(0, from, from + n)
      continue
    }
    let total = 0
    for (let j = 0; j < n; j++) total += weights[j] = expBelow(s[from + j], max)
    for (let j = 0; j < n; j++) out[from + j] = weights[j] / total
  }
  return out
}

/** @throws RangeError when a size is not an integer >= 0 or a buffer is too short. */
export function checkSoftmax(s: Floats, rows: number, n: number, out: Floats): void {
  checkSizes({ rows, n })
  checkLength('s', s, rows * n)
  checkLength('out', out, rows * n)
}

/** e^(s − max) for s <= max, also where both are the same infinity. */
export function expBelow(s: number, max: number): number {
  return s === max ? 1 : Math.exp(s - max)
}

/**
 * Numbers as sums of two floats, about 105 bits: hull points, heights along them, and sums.
 *
 * Products are split exactly and sums carry their rounding along (T. J. Dekker, *A floating-point technique for extending the available
 * precision*, Numer. Math. 18, 1971, doi:10.1007/BF01397083; T. Ogita, S. M. Rump, S. Oishi, *Accurate sum and dot product*, SIAM J.
 * Sci. Comput. 26, 2005, doi:10.1137/030601818). A sum of k products is off by its own last rounding, 2^−104 of it here, and by
 * `droppedShare(k)` of the sum of magnitudes.
 */
import { gamma, u } from './bounds.ts'

/** `high + low`, entry by entry. */
export interface Pair {
  readonly high: Float64Array
  readonly low: Float64Array
}

/** One number, `high + low`. */
export interface Double {
  readonly high: number
  readonly low: number
}

/** m rows of d numbers, each `offset + tail`. */
export interface Rows {
  readonly m: number
  readonly d: number
  readonly offsets: Float64Array
  readonly tails: Float64Array
}

const splitter = 2 ** 27 + 1

export function pairOf(high: Float64Array, low: Float64Array = new Float64Array(high.length)): Pair {
  return { high, low }
}

/**
 * What k doubled products and their sum may lose, as a share of Σ|terms|: the carried parts, of u each of a running sum, are summed in
 * plain floats (γ_k·k·u), and products of two low parts are left out (u²).
 */
export function droppedShare(k: number): number {
  return 4 * gamma(k + 8) * gamma(k + 8)
}

/** Below this products underflow, and with them the bounds. */
const underflow = 2 ** -1000

export function twoSum(a: number, b: number): Double {
  const high = a + b
  const part = high - a
  return { high, low: a - (high - part) + (b - part) }
}

export function twoProduct(a: number, b: number): Double {
  const high = a * b
  const aBig = splitter * a
  const aHigh = aBig - (aBig - a)
  const aLow = a - aHigh
  const bBig = splitter * b
  const bHigh = bBig - (bBig - b)
  const bLow = b - bHigh
  return { high, low: aLow * bLow - (high - aHigh * bHigh - aLow * bHigh - aHigh * bLow) }
}

/** `Σ x_c·y_c` over d entries from the given places on. */
export function dotDoubled(x: Pair, from: number, y: Pair, at: number, d: number): Double {
  let total = 0
  let carried = 0
  for (let c = 0, p = from, q = at; c < d; c++, p++, q++) {
    const a = x.high[p]
    const b = y.high[q]
    const product = a * b
    const aBig = splitter * a
    const aHigh = aBig - (aBig - a)
    const aLow = a - aHigh
    const bBig = splitter * b
    const bHigh = bBig - (bBig - b)
    const bLow = b - bHigh
    const lost = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
    const next = total + product
    const part = next - total
    carried += total - (next - part) + (product - part) + (lost + a * y.low[q] + x.low[p] * b)
    total = next
  }
  const high = total + carried
  return { high, low: carried - (high - total) }
}

/** Adds `w·row` to d entries of `out`, where `row` begins at `from` of x. */
export function addDoubled(w: Double, x: Pair, from: number, out: Pair, to: number, d: number): void {
  const wBig = splitter * w.high
  const wHigh = wBig - (wBig - w.high)
  const wLow = w.high - wHigh
  for (let c = 0, p = from, q = to; c < d; c++, p++, q++) {
    const a = x.high[p]
    const product = w.high * a
    const big = splitter * a
    const aHigh = big - (big - a)
    const aLow = a - aHigh
    const lost = wLow * aLow - (product - wHigh * aHigh - wLow * aHigh - wHigh * aLow)
    const sum = out.high[q]
    const next = sum + product
    const part = next - sum
    out.low[q] += sum - (next - part) + (product - part) + (lost + w.high * x.low[p] + w.low * a)
    out.high[q] = next
  }
}

/** Makes `high` the rounded sums. */
export function settle({ high, low }: Pair): void {
  for (let c = 0; c < high.length; c++) {
    const sum = high[c] + low[c]
    low[c] += high[c] - sum
    high[c] = sum
  }
}

/** `x·a_s`. */
export function heightOf({ d, offsets, tails }: Rows, s: number, x: Pair): Double {
  return dotDoubled(x, 0, { high: offsets, low: tails }, s * d, d)
}

/** `Σ w_s a_s` over all rivals, or over those of `labels`. */
export function hullPoint({ d, m, offsets, tails }: Rows, weights: Pair, labels?: Int32Array): Pair {
  const rows = { high: offsets, low: tails }
  const out = pairOf(new Float64Array(d))
  const count = labels?.length ?? m
  for (let s = 0; s < count; s++) {
    const high = weights.high[s]
    if (high !== 0) addDoubled({ high, low: weights.low[s] }, rows, (labels?.[s] ?? s) * d, out, 0, d)
  }
  settle(out)
  return out
}

/** What `hullPoint` may be off by, as a length: `magnitude` bounds `Σ |w_s|·‖a_s‖`. */
export function pointError(terms: number, d: number, magnitude: number): number {
  return droppedShare(terms + d) * magnitude + (terms + d) * underflow
}

/** The sum of pairs, and a bound on its error. */
export function sumDoubled({ high, low }: Pair): Double & { readonly error: number } {
  let sum = 0
  let lost = 0
  let magnitude = 0
  for (let s = 0; s < high.length; s++) {
    const term = high[s]
    const next = sum + term
    const part = next - sum
    lost += sum - (next - part) + (term - part) + low[s]
    sum = next
    magnitude += Math.abs(term)
  }
  const total = sum + lost
  const error = droppedShare(high.length) * magnitude + u * u * Math.abs(total)
  return { high: total, low: lost - (total - sum), error }
}

/** The length of a vector, off by less than 2^−90 of it and by `underflow`'s root. */
export function normDoubled(x: Pair): Double {
  const square = dotDoubled(x, 0, x, 0, x.high.length)
  const high = Math.sqrt(square.high)
  if (!(high > 2 ** -480)) return { high, low: 0 }
  const back = twoProduct(high, high)
  return { high, low: (square.high - back.high - back.low + square.low) / (2 * high) }
}

/** Lengths of the offsets, rounded up; tails are below their last digit, which the factor covers. */
export function lengthsAbove({ m, d, offsets }: Rows): Float64Array {
  const lengths = new Float64Array(m)
  for (let s = 0; s < m; s++) {
    let sum = 0
    for (let c = 0, at = s * d; c < d; c++, at++) sum += offsets[at] * offsets[at]
    lengths[s] = Math.sqrt(sum + d * 2 ** -1000) * (1 + gamma(d + 8))
  }
  return lengths
}

/** The length of a vector, rounded up. */
export function lengthAbove({ high, low }: Pair): number {
  let sum = 0
  for (let c = 0; c < high.length; c++) sum += (Math.abs(high[c]) + Math.abs(low[c])) ** 2
  return Math.sqrt(sum + high.length * 2 ** -1000) * (1 + gamma(high.length + 8))
}

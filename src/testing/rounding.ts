/**
 * Row vectors and the rounding errors of what is computed with them, u = 2⁻⁵³ and γ_k = k·u/(1 − k·u).
 *
 * Higham, *Accuracy and Stability of Numerical Algorithms*, 2002, section 3.1: whatever the order of summation, a computed dot
 * product of d terms is off by at most γ_d·Σ|x_c||y_c|.
 */
import type { Rows } from './types.ts'

export const u: number = 2 ** -53

export function gamma(k: number): number {
  return (k * u) / (1 - k * u)
}

export function sum(x: readonly number[]): number {
  return x.reduce((total, value) => total + value, 0)
}

export function dot(x: readonly number[], y: readonly number[]): number {
  let total = 0
  for (let c = 0; c < x.length; c++) total += x[c] * y[c]
  return total
}

/** Σ|x_c||y_c|, what the error of a dot product is relative to. */
export function dotSize(x: readonly number[], y: readonly number[]): number {
  let total = 0
  for (let c = 0; c < x.length; c++) total += Math.abs(x[c] * y[c])
  return total
}

export function sqDist(x: readonly number[], y: readonly number[]): number {
  let total = 0
  for (let c = 0; c < x.length; c++) total += (x[c] - y[c]) ** 2
  return total
}

export function largest(x: readonly number[]): number {
  return x.reduce((top, value) => Math.max(top, Math.abs(value)), 0)
}

/** −Σ w log w. */
export function entropy(weights: readonly number[]): number {
  return -sum(weights.map((w) => w * Math.log(w)))
}

/** The rows of a matrix that a public function returned. */
export function rowsOf({ data, shape }: { readonly data: ArrayLike<number>; readonly shape: number[] }): number[][] {
  const [n, d] = shape
  return Array.from({ length: n }, (_, j) => Array.from({ length: d }, (_, c) => data[j * d + c]))
}

/** keys·map, for a d × h map. */
export function product(keys: Rows, map: Rows): number[][] {
  return keys.map((key) => Array.from({ length: map[0].length }, (_, c) => sum(key.map((x, r) => x * map[r][c]))))
}

/**
 * By how much an entry of `project(x)` may be off.
 *
 * The mean is computed within γ_(d+1)·max|x|, so what is left after its subtraction is at most `max|p|` plus that, p the
 * result. The second mean is off by γ_(d+1) of that size, and either subtraction by one rounding of it: γ_(d+4) together, and
 * the rest is slack for the computed p that stands for the true one. Among the smallest floats a rounding is half of one.
 */
export function projectionError(x: readonly number[], p: readonly number[]): number {
  const g = gamma(x.length + 8)
  return g * (largest(p) + g * largest(x)) + (x.length + 8) * Number.MIN_VALUE
}

/**
 * The same, known from the projected row alone: entries of a row that is not constant differ by at least u·max|x|, so
 * max|p| >= u·max|x|/2, and (d + 8)·u·(1 + 2(d + 8)) <= 4(d + 8)²·u.
 */
export function projectedError(p: readonly number[]): number {
  return 4 * (p.length + 8) ** 2 * u * largest(p)
}

/** By how far a computed row of `layerNorm(x, { eps: 0 })` or `scale(x)` may lie from the true one, whose norm is √d. */
export function normalisedError(d: number): number {
  // The error of the projection, which its root mean square shares, and γ_(d+4) for the scaling.
  return 16 * (d + 8) ** 2 * u * Math.sqrt(d)
}

/**
 * By how much `x_i·(x_i − x_j)` may fall short of ‖x_i − x_j‖²/2 for computed rows of norm √d.
 *
 * Squared norms are d within γ_(2d+12)·d, so half their difference is at most that; the two sides are computed within
 * γ_(d+2)·2d and γ_(d+3)·4d/2.
 */
export function sphereSlack(d: number): number {
  return gamma(6 * d + 22) * d
}

/** Throws what failed unless the claim holds; NaN makes no claim hold, since comparisons with it are false. */
export function claim(holds: boolean, failure: () => string): void {
  if (!holds) throw new Error(failure())
}

/**
 * The distance of a key from the hull of the others, exactly: δ² as a fraction.
 *
 * A point x of the hull is the nearest to the origin if and only if no point has `a_j·x < x·x`. On a few affinely independent points the
 * candidate follows from linear equations, solved over the integers; which points they are may come from anywhere, or from trying all.
 */
import { toIntegers } from './rational.ts'

export interface Fraction {
  readonly n: bigint
  readonly d: bigint
}

const dot = (x: readonly bigint[], y: readonly bigint[]): bigint => x.reduce((sum, value, c) => sum + value * y[c]!, 0n)

/** The solution of a square system over one denominator, by Bareiss elimination; null where it is singular. */
function solve(rows: readonly (readonly bigint[])[], right: readonly bigint[]): { x: bigint[]; d: bigint } | null {
  const m = right.length
  const T = rows.map((row, r) => [...row, right[r]!])
  let previous = 1n
  for (let k = 0; k < m; k++) {
    const pivot = T.findIndex((row, r) => r >= k && row[k] !== 0n)
    if (pivot < 0) return null
    ;[T[k], T[pivot]] = [T[pivot]!, T[k]!]
    for (let r = 0; r < m; r++) {
      if (r === k) continue
      const factor = T[r]![k]!
      for (let c = 0; c <= m; c++) T[r]![c] = (T[k]![k]! * T[r]![c]! - factor * T[k]![c]!) / previous
    }
    previous = T[k]![k]!
  }
  return { x: T.map((row) => row[m]!), d: previous }
}

/** Keys as integers around key i, and the integer that stands for 1. */
export function around(keys: readonly (readonly number[])[], i: number): { points: bigint[][]; unit: bigint } {
  const flat = toIntegers([...keys.flat(), 1])
  const d = keys[i]!.length
  const others = keys.map((_, j) => j).filter((j) => j !== i)
  const points = others.map((j) => keys[j]!.map((_, c) => flat[j * d + c]! - flat[i * d + c]!))
  return { points, unit: flat[flat.length - 1]! }
}

/** δ² where the nearest point lies within the hull of the chosen points, which is checked; else null. */
export function nearestOn(points: readonly (readonly bigint[])[], chosen: readonly number[]): Fraction | null {
  const rows = chosen.map((s) => [...chosen.map((t) => dot(points[s]!, points[t]!)), -1n])
  rows.push([...chosen.map(() => 1n), 0n])
  const found = solve(rows, [...chosen.map(() => 0n), 1n])
  if (found === null) return null
  const sign = found.d < 0n ? -1n : 1n
  const weights = found.x.slice(0, -1).map((w) => w * sign)
  const d = found.d * sign
  if (weights.some((w) => w < 0n)) return null
  const x = points[0]!.map((_, c) => chosen.reduce((sum, s, at) => sum + weights[at]! * points[s]![c]!, 0n))
  const square = dot(x, x)
  return points.every((a) => dot(a, x) * d >= square) ? { n: square, d: d * d } : null
}

/** Tries all sets of at most d + 1 points, the smaller first. */
export function nearest(points: readonly (readonly bigint[])[]): Fraction {
  const d = points[0]!.length
  const grow = (chosen: number[], from: number, size: number): Fraction | null => {
    if (chosen.length === size) return nearestOn(points, chosen)
    for (let s = from; s < points.length; s++) {
      const found = grow([...chosen, s], s + 1, size)
      if (found !== null) return found
    }
    return null
  }
  for (let size = 1; size <= d + 1; size++) {
    const found = grow([], 0, size)
    if (found !== null) return found
  }
  throw new Error('reference: no set of points has the nearest one')
}

/** The sign of `bound² − δ²`, for a bound >= 0. */
export function compareSquares(bound: number, square: Fraction, unit: bigint): number {
  const { m, scale } = scaledTo(bound, unit)
  const difference = m * m * square.d - square.n * scale * scale
  return difference > 0n ? 1 : difference < 0n ? -1 : 0
}

/** `bound·unit = m/scale`. */
function scaledTo(bound: number, unit: bigint): { m: bigint; scale: bigint } {
  const [m, scale] = toIntegers([bound, 1]) as [bigint, bigint]
  return { m: m * unit, scale }
}

/** How far `distance` is from δ, relatively. */
export function relativeError(distance: number, square: Fraction, unit: bigint): number {
  if (square.n === 0n) return distance === 0 ? 0 : Infinity
  const { m, scale } = scaledTo(distance, unit)
  // distance²/δ² − 1, halved.
  const whole = square.n * scale * scale
  return Math.abs(Number(((m * m * square.d - whole) << 200n) / whole) * 2 ** -200) / 2
}

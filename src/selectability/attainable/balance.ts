/** Weights that give a key exactly, near some that nearly do: the proof of a bound that holds for queries of any norm. */
import { dotIntegers, reduce } from '../exact/linear.ts'

/**
 * Integer weights in proportion with `Σ w a = 0`, or null where those near the given ones are not all positive. The heaviest rivals that span
 * the points take up what the others leave. Complexity: O(r·d·m) products, r the rank, of integers of r times the points' bits.
 */
export function balance(points: readonly (readonly bigint[])[], weights: readonly bigint[]): bigint[] | null {
  const order = Array.from(weights.keys()).sort((a, b) =>
    weights[b] > weights[a] ? 1 : weights[b] < weights[a] ? -1 : 0,
  )
  const equations = points[0].map((_, c) => order.map((s) => points[s][c]))
  const { rows, columns, det } = reduce(equations, order.length)
  const pivots = new Set(columns)
  const given = order.map((s, at) => (pivots.has(at) ? 0n : weights[s]))
  const sign = det < 0n ? -1n : 1n
  const found = given.map((w) => w * sign * det)
  columns.forEach((column, r) => (found[column] = -sign * dotIntegers(given, rows[r])))
  if (!found.every((w) => w > 0n)) return null
  const out = new Array<bigint>(order.length)
  order.forEach((s, at) => (out[s] = found[at]))
  return out
}

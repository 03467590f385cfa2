/**
 * What a certificate's numbers prove, in exact arithmetic: the score gaps of a query, and the point of weights.
 *
 * Floating point with a proven bound only rules out keys that cannot have an extreme gap; all else is done in integers.
 */
import { extremeGaps, scoreGaps, u } from './bounds.ts'
import { add, commonIntegers, compare, dyadic, multiply, rootRatio, square, subtract, zero } from './exact/dyadic.ts'
import type { Dyadic } from './exact/dyadic.ts'
import { integerKeys, minus } from './exact/integers.ts'
import { dotIntegers } from './exact/linear.ts'
import type { KeySet } from './keyset.ts'

/** The extremes of the exact gaps `s_i − s_j`, the least over the other keys, the keys that have it, and ‖query‖². */
interface Gaps {
  readonly least: Dyadic
  readonly most: Dyadic
  readonly runnersUp: readonly number[]
  readonly sqNorm: Dyadic
}

/** Exact gaps of a query, or of the integers that it rounds; with those and a bias, all gaps are times their last. n > 1. */
function extremes(keys: KeySet, i: number, query: Float64Array, exactQuery: readonly bigint[] | undefined): Gaps {
  const { n, d, bias } = keys
  const { integers, e } = exactQuery === undefined ? commonIntegers(query) : { integers: exactQuery.slice(0, d), e: 0 }
  const factor = { m: exactQuery?.[d] ?? 1n, e: 0 }
  const candidates =
    exactQuery === undefined
      ? extremeGaps(scoreGaps(keys, i, query), i)
      : Array.from({ length: n }, (_, j) => j).filter((j) => j !== i)
  const { rows, keyExponent, biasExponent } = integerKeys(keys, [i, ...candidates])
  let least: Dyadic | null = null
  let most = zero
  let runnersUp: number[] = []
  candidates.forEach((j, at) => {
    const difference = minus(rows[0], rows[at + 1])
    const score = { m: dotIntegers(integers, difference), e: e + keyExponent }
    const gap = bias === null ? score : add(score, multiply(factor, { m: difference[d], e: biasExponent }))
    const order = least === null ? -1 : compare(gap, least)
    if (compare(gap, most) > 0) most = gap
    if (order < 0) {
      least = gap
      runnersUp = [j]
    } else if (order === 0) runnersUp.push(j)
  })
  return { least: least ?? zero, most, runnersUp, sqNorm: { m: dotIntegers(integers, integers), e: 2 * e } }
}

/** Whether `gap > tolerance·‖query‖`, for a tolerance >= 0. */
function exceeds(gap: Dyadic, tolerance: number, sqNorm: Dyadic): boolean {
  return gap.m > 0n && compare(square(gap), multiply(square(dyadic(tolerance)), sqNorm)) > 0
}

/** The margin that a query proves: its sign, whether it exceeds the tolerance, its value to 2^−52, and the keys that come second. */
export interface ProvenMargin {
  readonly sign: number
  readonly exceeds: boolean
  readonly margin: number
  readonly runnersUp: readonly number[]
}

/** The least gap of a query for key i (n > 1), over ‖query‖. */
export function provenMargin(
  keys: KeySet,
  i: number,
  query: Float64Array,
  tolerance: number,
  exactQuery?: readonly bigint[],
): ProvenMargin {
  const { least, runnersUp, sqNorm } = extremes(keys, i, query, exactQuery)
  const sign = compare(least, zero)
  const margin = sqNorm.m === 0n ? sign * Infinity : sign * rootRatio(square(least), sqNorm)
  return { sign, exceeds: exceeds(least, tolerance, sqNorm), margin, runnersUp }
}

/** Whether a query puts key i at the maximum up to `tolerance·‖query‖`, with some key more than `spread·‖query‖` below it; null if so. */
export function provesTie(
  keys: KeySet,
  i: number,
  query: Float64Array,
  tolerance: number,
  exactQuery?: readonly bigint[],
  spread: number = tolerance,
): string | null {
  const { least, most, runnersUp, sqNorm } = extremes(keys, i, query, exactQuery)
  if (exceeds(subtract(zero, least), tolerance, sqNorm)) {
    return `query: key ${runnersUp[0]} scores higher than key ${i} by more than the tolerance`
  }
  const drop = least.m < 0n ? subtract(most, least) : most
  if (exceeds(drop, spread, sqNorm)) return null
  return allEqual(keys, i, tolerance) ? null : 'query: no key scores below the maximum'
}

/** Whether every key is within the tolerance of key i, and has its bias. */
export function allEqual(keys: KeySet, i: number, tolerance: number): boolean {
  for (let j = 0; j < keys.n; j++) {
    const { rows, keyExponent } = integerKeys(keys, [i, j])
    // Under a bias the last entry is 0, or the answer is no.
    const step = minus(rows[0], rows[1])
    const sqDist = { m: dotIntegers(step, step), e: 2 * keyExponent }
    if (compare(sqDist, square(dyadic(tolerance))) > 0 || keys.bias?.[j] !== keys.bias?.[i]) return false
  }
  return true
}

/** Distance from key i to the point of some weights, as `√(sqDistance/sqTotal)`, and how far rounding the weights may move it. */
export interface HullPoint {
  readonly sqDistance: Dyadic
  readonly sqTotal: Dyadic
  readonly distance: number
  readonly rounding: Dyadic
  /** Whether the weights reach key i's bias, up to their rounding: `Σ w (b_j − b_i) >= −(m + 2)·u·Σ w·|b_j − b_i|`. */
  readonly reachesBias: boolean
}

/** The point `Σ w_j k_j / Σ w_j`; its rounding is `(m + d + 4)·u·Σ w_j ‖k_j − k_i‖₁`, and 2^−1074·Σ ‖k_j − k_i‖₁ for tiny weights. */
export function hullPoint(keys: KeySet, i: number, support: Uint32Array, weights: Float64Array): HullPoint {
  const { d } = keys
  const { rows, keyExponent, biasExponent } = integerKeys(keys, [i, ...support])
  const w = commonIntegers(weights)
  const points = rows.slice(1).map((row) => minus(row, rows[0]))
  const weigh = (value: (point: readonly bigint[]) => bigint): bigint => dotIntegers(w.integers, points.map(value))
  const size = (x: bigint): bigint => (x < 0n ? -x : x)
  const length = (point: readonly bigint[]): bigint => point.slice(0, d).reduce((sum, x) => sum + size(x), 0n)
  const offset = Array.from({ length: d }, (_, c) => weigh((point) => point[c]))
  const sqDistance = { m: dotIntegers(offset, offset), e: 2 * (keyExponent + w.e) }
  const sqTotal = square({ m: weigh(() => 1n), e: w.e })
  const m = support.length
  const rounding = add(
    multiply(dyadic((m + d + 4) * u), { m: weigh(length), e: keyExponent + w.e }),
    multiply(dyadic(Number.MIN_VALUE), { m: points.reduce((sum, point) => sum + length(point), 0n), e: keyExponent }),
  )
  const rise = { m: weigh((point) => point[d] ?? 0n), e: biasExponent + w.e }
  const slack = multiply(dyadic((m + 2) * u), { m: weigh((point) => size(point[d] ?? 0n)), e: biasExponent + w.e })
  const reachesBias = add(rise, slack).m >= 0n
  return { sqDistance, sqTotal, distance: rootRatio(sqDistance, sqTotal), rounding, reachesBias }
}

/** Whether the point of some weights is within a distance, exactly. */
export function isWithin({ sqDistance, sqTotal }: HullPoint, distance: Dyadic): boolean {
  return compare(sqDistance, multiply(square(distance), sqTotal)) <= 0
}

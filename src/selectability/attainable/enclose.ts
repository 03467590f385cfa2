/**
 * What a query and what weights prove about an attainable weight, in integers: only exponentials, logarithms and one root are rounded.
 *
 * As `prove.ts`, whatever the norms and however flat the keys; weights are integers in proportion, so that no rounding makes their sum
 * differ from 1.
 */
import { ratio } from '../exact/dyadic.ts'
import type { Dyadic } from '../exact/dyadic.ts'
import { divide, exponential, logarithmAbove, one, places, rootBelow, shift, shiftUp } from '../exact/fixed.ts'
import { integerKeys, minus } from '../exact/integers.ts'
import { dotIntegers } from '../exact/linear.ts'
import type { KeySet } from '../keyset.ts'
import type { Rivals } from '../rivals.ts'

/** Points `a_j·2^−pointExponent` and rises `β_j·2^−riseExponent`, exactly, in the units of `Rivals`. */
export interface ExactRivals {
  readonly points: readonly (readonly bigint[])[]
  readonly pointExponent: number
  readonly rises: readonly bigint[]
  readonly riseExponent: number
}

export function exactRivals(keys: KeySet, { key, indices, exponent }: Rivals): ExactRivals {
  const { d } = keys
  const { rows, keyExponent, biasExponent } = integerKeys(keys, [key, ...indices])
  const differences = rows.slice(1).map((row) => minus(row, rows[0]))
  return {
    points: differences.map((row) => row.slice(0, d)),
    pointExponent: keyExponent - exponent,
    rises: differences.map((row) => row[d] ?? 0n),
    riseExponent: biasExponent,
  }
}

/** The float above `x·2^−places`, or one above that. */
function floatAbove(x: bigint): number {
  const near = ratio({ m: x, e: 0 }, { m: one, e: 0 })
  return near + Math.abs(near) * 2 ** -52 + Number.MIN_VALUE
}

/** An upper bound on f at `p·2^−bits`, as a float. Complexity: O(m·d). */
export function valueAbove(rivals: ExactRivals, p: readonly bigint[], bits: number): number {
  const { points, pointExponent, rises, riseExponent } = rivals
  const logits = points.map(
    (point, s) =>
      shiftUp(dotIntegers(p, point), pointExponent - bits + places) + shiftUp(rises[s], riseExponent + places),
  )
  const top = logits.reduce((most, logit) => (logit > most ? logit : most))
  const sum = logits.reduce((all, logit) => all + exponential(logit - top) + 2n, 0n)
  return floatAbove(top + logarithmAbove(sum, places))
}

/** A lower bound on f for queries of the ball, or for all where the weights' point is 0 and `radius` is null. Complexity: O(m·d). */
export function valueBelow(rivals: ExactRivals, weights: readonly bigint[], radius: Dyadic | null): number {
  const { rises, riseExponent } = rivals
  const total = weights.reduce((sum, w) => sum + w, 0n)
  let entropy = 0n
  for (const w of weights) {
    if (w === 0n) continue
    const below = (w << BigInt(places)) / total
    const surprise = -logarithmAbove(below + 1n, places)
    entropy += (surprise < 0n ? below + 1n : below) * surprise
  }
  const gain = divide(shift(dotIntegers(weights, rises), riseExponent + places), total)
  const drop = radius === null ? 0n : lengthAbove(pointOf(rivals, weights), rivals.pointExponent, radius, total)
  return -floatAbove(drop - gain - shift(entropy, -places))
}

/** `Σ w a`, exactly but for the rivals' scale and the weights' sum. */
export function pointOf({ points }: ExactRivals, weights: readonly bigint[]): bigint[] {
  const sum = points[0].map(() => 0n)
  points.forEach((point, s) => {
    const w = weights[s]
    if (w !== 0n) for (let c = 0; c < sum.length; c++) sum[c] += w * point[c]
  })
  return sum
}

/** `radius·‖x‖·2^e/total`, rounded up. */
function lengthAbove(x: readonly bigint[], e: number, radius: Dyadic, total: bigint): bigint {
  const square = dotIntegers(x, x) * radius.m * radius.m
  const up = e + radius.e + places
  const root = up >= 0 ? rootBelow(square << BigInt(2 * up)) + 1n : shiftUp(rootBelow(square) + 1n, up)
  return -divide(-root, total)
}

/** Integer weights in proportion as floats that sum to about 1. */
export function weightsAsFloats(weights: readonly bigint[]): Float64Array {
  const total = { m: weights.reduce((sum, w) => sum + w, 0n), e: 0 }
  return Float64Array.from(weights, (m) => ratio({ m, e: 0 }, total))
}

/** `x·2^−bits`, rounded. */
export function asFloats(x: readonly bigint[], bits: number): Float64Array {
  return Float64Array.from(x, (m) => ratio({ m, e: -bits }, { m: 1n, e: 0 }))
}

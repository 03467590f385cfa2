/** Every bound that an attainable weight rests on, against the truth with 400 bits: never exceeded, and not far from it. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { provenDepth } from '../src/selectability/attainable/depth.ts'
import {
  exponential,
  exponentialAbove,
  exponentialBelow,
  logarithmAbove,
  relativeError,
} from '../src/selectability/attainable/exponential.ts'
import { dualBelow, weightAbove, weightBelow } from '../src/selectability/attainable/prove.ts'
import { quickDualBelow, quickWeightBelow } from '../src/selectability/attainable/quick.ts'
import {
  dotDoubled,
  hullPoint,
  lengthAbove,
  lengthsAbove,
  normDoubled,
  pairOf,
  pointError,
} from '../src/selectability/doubled.ts'
import type { Pair } from '../src/selectability/doubled.ts'
import { keySet } from '../src/selectability/keyset.ts'
import { othersThan, rivalsAround } from '../src/selectability/rivals.ts'
import type { Rivals } from '../src/selectability/rivals.ts'
import { exp, fixed, log, one, over, root, times, toFloat, total } from './reference/fixed.ts'

const u = 2 ** -53
const unit = fc.double({ min: -1, max: 1, noNaN: true })
const list = (entry: fc.Arbitrary<number>, length: number): fc.Arbitrary<number[]> =>
  fc.array(entry, { minLength: length, maxLength: length })
const size = (x: bigint): bigint => (x < 0n ? -x : x)

describe('exponentials and logarithms', () => {
  propertyTest.prop([fc.double({ min: -260, max: 250, noNaN: true })], { numRuns: 2000 })(
    'hold exp between them',
    (x) => {
      const truth = exp(fixed(x))
      expect(fixed(exponentialBelow(x)) <= truth).toBe(true)
      expect(fixed(exponentialAbove(x)) >= truth).toBe(true)
      expect(Math.abs(toFloat(fixed(exponential(x)) - truth))).toBeLessThanOrEqual(relativeError * toFloat(truth))
      // The bound is a few roundings, and no more.
      expect(exponentialAbove(x) - exponentialBelow(x)).toBeLessThan(64 * u * exponential(x))
    },
  )

  test('at the ends of the floats', () => {
    expect(exponentialBelow(-1e9)).toBe(0)
    expect(exponentialAbove(-1e9)).toBeGreaterThan(0)
    expect(exponentialAbove(709) < Infinity).toBe(true)
    expect(exponential(0)).toBe(1)
  })

  propertyTest.prop([fc.double({ min: 2 ** -250, max: 2, noNaN: true })], { numRuns: 2000 })('log from above', (w) => {
    const truth = log(fixed(w))
    expect(fixed(logarithmAbove(w)) >= truth).toBe(true)
    expect(toFloat(fixed(logarithmAbove(w)) - truth)).toBeLessThan(64 * u * (1 + Math.abs(Math.log(w))))
  })
})

interface Instance {
  readonly rivals: Rivals
  readonly p: Pair
  readonly weights: Pair
}

/** A few keys with biases, a query of two floats whose logits may be large, and weights of two floats. */
const instance = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 2, max: 7 }), fc.integer({ min: -2, max: 27 }))
  .chain(([d, n, e]) =>
    fc
      .record({
        keys: list(unit, n * d),
        bias: fc.option(list(unit, n)),
        p: list(unit, d),
        low: list(unit, d),
        weights: list(fc.double({ min: 2 ** -300, max: 1, noNaN: true }), n - 1),
      })
      .map(({ keys, bias, p, low, weights }): Instance => {
        const set = keySet(keys, n, d, bias === null ? null : bias.map((b) => b * 40))
        const high = Float64Array.from(p, (x) => x * 2 ** e)
        const sum = weights.reduce((all, w) => all + w, 0)
        const shares = Float64Array.from(weights, (w) => w / sum)
        return {
          rivals: rivalsAround(set, 0, othersThan(n, 0)),
          p: pairOf(
            high,
            Float64Array.from(low, (x, c) => x * u * (high[c] ?? 0)),
          ),
          weights: pairOf(
            shares,
            shares.map((w) => w * u * 0.4),
          ),
        }
      }),
  )
  .filter(({ rivals }) => rivals.offsets.some((x) => x !== 0))

const entry = ({ high, low }: Pair, at: number): bigint => fixed(high[at]!) + fixed(low[at]!)
const offset = ({ offsets, tails }: Rivals, at: number): bigint => fixed(offsets[at]!) + fixed(tails[at]!)
const rise = ({ rises, riseTails }: Rivals, s: number): bigint => fixed(rises[s]!) + fixed(riseTails[s]!)

function exactPoint({ m, d, ...rivals }: Rivals, weights: Pair): bigint[] {
  return Array.from({ length: d }, (_, c) =>
    total(Array.from({ length: m }, (_, s) => times(entry(weights, s), offset({ m, d, ...rivals }, s * d + c)))),
  )
}

describe('in doubled precision', () => {
  propertyTest.prop([instance], { numRuns: 500 })('hull points, lengths and heights', ({ rivals, weights, p }) => {
    const { m, d } = rivals
    const truth = exactPoint(rivals, weights)
    const computed = hullPoint(rivals, weights)
    const lengths = lengthsAbove(rivals)
    const magnitude = weights.high.reduce((sum, w, s) => sum + w * lengths[s]!, 0)
    const away = root(total(truth.map((x, c) => times(x - entry(computed, c), x - entry(computed, c)))))
    expect(toFloat(away)).toBeLessThanOrEqual(
      pointError(m, d, magnitude) + 2 ** -190 + u * u * toFloat(root(total(truth.map((x) => times(x, x))))),
    )
    const norm = normDoubled(computed)
    const exactNorm = root(total(Array.from({ length: d }, (_, c) => times(entry(computed, c), entry(computed, c)))))
    expect(toFloat(size(exactNorm - fixed(norm.high) - fixed(norm.low)))).toBeLessThanOrEqual(
      2 ** -88 * norm.high + 2 ** -199,
    )
    expect(fixed(lengthAbove(computed)) >= exactNorm).toBe(true)
    for (let s = 0; s < m; s++) {
      const row = Array.from({ length: d }, (_, c) => offset(rivals, s * d + c))
      const exactLength = root(total(row.map((x) => times(x, x))))
      expect(fixed(lengths[s]!) >= exactLength).toBe(true)
      const { high, low } = dotDoubled(p, 0, { high: rivals.offsets, low: rivals.tails }, s * d, d)
      const height = total(row.map((x, c) => times(x, entry(p, c))))
      const error = toFloat(size(height - fixed(high) - fixed(low)))
      expect(error).toBeLessThanOrEqual(
        4 * (d + 9) ** 2 * u * u * lengthAbove(p) * lengths[s]! + u * u * Math.abs(high) + 2 ** -370,
      )
    }
  })
})

describe('weights', () => {
  propertyTest.prop([instance], { numRuns: 500 })('a query proves no more than it reaches', ({ rivals, p }) => {
    const { m, d } = rivals
    const logits = Array.from({ length: m }, (_, s) =>
      total([rise(rivals, s), ...Array.from({ length: d }, (_, c) => times(entry(p, c), offset(rivals, s * d + c)))]),
    )
    const top = logits.reduce((most, x) => (x > most ? x : most), 0n)
    // Weights below e^−250 are not told apart with 400 bits.
    if (toFloat(top) > 250) return
    const truth = over(one, one + total(logits.map(exp)))
    const proven = weightBelow(rivals, lengthsAbove(rivals), p)
    expect(fixed(proven) <= truth).toBe(true)
    expect(toFloat(truth - fixed(proven))).toBeLessThan((2 ** -44 + 16 * u * toFloat(top)) * toFloat(truth))
    // Plain floats allow for a p that is rounded, and are off by what that may change.
    const quick = quickWeightBelow(rivals, lengthsAbove(rivals), p.high)
    expect(fixed(quick) <= truth).toBe(true)
    const spare = 2 ** -44 + 128 * u * (40 + 8 * Math.hypot(...p.high))
    if (spare < 1) expect(toFloat(truth - fixed(quick))).toBeLessThan(spare * toFloat(truth))
  })

  test('keys far behind add nothing to what plain floats prove', () => {
    const rivals = rivalsAround(keySet([0, 1, 2, 3], 4, 1, null), 0, othersThan(4, 0))
    const p = Float64Array.of(-200)
    const quick = quickWeightBelow(rivals, lengthsAbove(rivals), p)
    expect(quick).toBeLessThan(1)
    expect(1 - quick).toBeLessThan(2 ** -46)
  })

  propertyTest.prop([instance, fc.double({ min: 0, max: 30, noNaN: true }), fc.boolean()], { numRuns: 1000 })(
    'weights prove no less than what they do exactly',
    ({ rivals, weights: given }, radius, quick) => {
      const { m } = rivals
      const weights = quick ? pairOf(given.high) : given
      const raw = Array.from({ length: m }, (_, s) => entry(weights, s))
      const sum = total(raw)
      const W = raw.map((w) => over(w, sum))
      const x = exactPoint(rivals, weights).map((value) => over(value, sum))
      const truth =
        -total(W.map((w) => (w > 0n ? times(w, log(w)) : 0n))) +
        total(W.map((w, s) => times(w, rise(rivals, s)))) -
        times(fixed(radius), root(total(x.map((value) => times(value, value)))))
      const proven = quick
        ? quickDualBelow(rivals, lengthsAbove(rivals), weights.high, radius)
        : dualBelow(rivals, lengthsAbove(rivals), weights, { high: radius, low: 0 })
      expect(fixed(proven) <= truth).toBe(true)
      expect(toFloat(truth - fixed(proven))).toBeLessThan(2 ** -40 * (1 + Math.abs(proven) + 30 + radius * 4))
    },
  )

  propertyTest.prop([fc.double({ min: -200, max: 200, noNaN: true })], { numRuns: 1000 })(
    '1/(1 + e^f) from above',
    (f) => {
      const truth = over(one, one + exp(fixed(f)))
      expect(fixed(weightAbove(f)) >= truth).toBe(true)
      expect(toFloat(fixed(weightAbove(f)) - truth)).toBeLessThan(2 ** -44 * toFloat(truth))
    },
  )

  test('1/(1 + e^f) at the ends', () => {
    expect(weightAbove(-Infinity)).toBe(1)
    expect(weightAbove(-1e6)).toBe(1)
    expect(weightAbove(1e6)).toBeLessThan(2 ** -1000)
  })
})

describe('a ball around the key', () => {
  propertyTest.prop([instance, list(unit, 5)], { numRuns: 500 })(
    'lies in the hull',
    ({ rivals, weights }, direction) => {
      const depth = provenDepth(rivals, weights)
      if (depth === 0) return
      const v = direction.slice(0, rivals.d).map(fixed)
      const length = root(total(v.map((x) => times(x, x))))
      if (length === 0n) return
      const { m, d } = rivals
      const heights = Array.from({ length: m }, (_, s) => total(v.map((x, c) => times(x, offset(rivals, s * d + c)))))
      const most = heights.reduce((top, x) => (x > top ? x : top))
      expect(most >= times(fixed(depth), length)).toBe(true)
    },
  )

  test('is found where there is one', () => {
    const keys = [0, 0, 1, 1, 1, -1, -1, 1, -1, -1]
    const rivals = rivalsAround(keySet(keys, 5, 2), 0, othersThan(5, 0))
    const depth = provenDepth(rivals, pairOf(new Float64Array(4).fill(1 / 4)))
    expect(depth).toBeGreaterThan(1 / 64)
    expect(depth).toBeLessThan(1)
    const outside = rivalsAround(keySet([3, 0, ...keys.slice(2)], 5, 2), 0, othersThan(5, 0))
    expect(provenDepth(outside, pairOf(new Float64Array(4).fill(1 / 4)))).toBe(0)
  })
})

/** Attainable weights where doubled precision ends: the path against the solver, and keys that once had no answer. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import seedrandom from 'seedrandom'
import { describe, expect, test } from 'vitest'
import { balance } from '../src/selectability/attainable/balance.ts'
import { exactRivals, pointOf, valueAbove, valueBelow } from '../src/selectability/attainable/enclose.ts'
import { attainPrecisely } from '../src/selectability/attainable/precisely.ts'
import { weightAbove, weightAt } from '../src/selectability/attainable/prove.ts'
import { dyadic, multiply } from '../src/selectability/exact/dyadic.ts'
import { fixed as fixedPoint } from '../src/selectability/exact/fixed.ts'
import { keySet } from '../src/selectability/keyset.ts'
import { othersThan, rivalsAround } from '../src/selectability/rivals.ts'
import type { Rivals } from '../src/selectability/rivals.ts'
import { attainableWeight } from '../src/index.ts'
import { bits, exp, fixed, log, over, root, times, toFloat, total } from './reference/fixed.ts'
import { outOfDigits } from './reference/out-of-digits.ts'
import { drawFlat, flatFamilies, flatNorms, judgeFlat } from './soak/flat.ts'
import { agreement, drawCase, norms } from './soak/weights.ts'

function rivalsOf(seed: number): Rivals & { keys: ReturnType<typeof keySet> } {
  const { keys, i, bias } = drawCase(seedrandom(String(seed)), seed)
  const set = keySet(keys.flat(), keys.length, keys[0]!.length, bias ?? null)
  return { ...rivalsAround(set, i, othersThan(keys.length, i)), keys: set }
}

const entry = (x: Float64Array, at: number): bigint => fixed(x[at]!)

describe('what a query and weights prove', () => {
  const numbers = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 8, maxLength: 8 })

  propertyTest.prop([fc.nat(), numbers])('no less than the value of a query, and hardly more', (seed, numbers) => {
    const rivals = rivalsOf(seed)
    const { m, d, offsets, tails, rises, riseTails } = rivals
    const p = numbers.slice(0, d).map((x) => fixedPoint(x, 200))
    const truth = log(
      total(
        Array.from({ length: m }, (_, s) =>
          exp(
            entry(rises, s) +
              entry(riseTails, s) +
              total(
                p.map((x, c) => times(x << BigInt(bits - 200), entry(offsets, s * d + c) + entry(tails, s * d + c))),
              ),
          ),
        ),
      ),
    )
    const above = valueAbove(exactRivals(rivals.keys, rivals), p, 200)
    expect(fixed(above) >= truth).toBe(true)
    expect(above - toFloat(truth)).toBeLessThanOrEqual(2 ** -50 * (1 + Math.abs(above)))
  })

  propertyTest.prop([fc.nat(), fc.array(fc.bigInt({ min: 0n, max: 1n << 90n }), { minLength: 8, maxLength: 8 })])(
    'no more than the value of weights, and hardly less',
    (seed, numbers) => {
      const rivals = rivalsOf(seed)
      const { m, d, offsets, tails, rises, riseTails } = rivals
      const given = [1n, ...numbers.slice(1, m)]
      const sum = total(given)
      const W = given.map((w) => over(w, sum))
      const entropy = -total(W.filter((w) => w > 0n).map((w) => times(w, log(w))))
      const gain = total(W.map((w, s) => times(w, entry(rises, s) + entry(riseTails, s))))
      const point = Array.from({ length: d }, (_, c) =>
        total(W.map((w, s) => times(w, entry(offsets, s * d + c) + entry(tails, s * d + c)))),
      )
      const length = root(total(point.map((x) => times(x, x))))
      const exact = exactRivals(rivals.keys, rivals)
      for (const radius of [0, 2 ** -70, 3, 1e20]) {
        const truth = entropy + gain - times(fixed(radius), length)
        const below = valueBelow(exact, given, dyadic(radius))
        // Weights of the truth are rounded to 2^−400, and its root, of squares, to 2^−200.
        expect(fixed(below) <= truth + fixed((1 + radius) * 2 ** -190)).toBe(true)
        expect(toFloat(truth) - below).toBeLessThanOrEqual(2 ** -50 * (1 + Math.abs(below)) + radius * 2 ** -190)
      }
      expect(Math.abs(valueBelow(exact, given, null) - valueBelow(exact, given, dyadic(0)))).toBeLessThan(2 ** -100)
    },
  )
})

test('weights are corrected to give the key exactly, or not at all', () => {
  const points = [
    [2n, 0n],
    [-1n, 1n],
    [-1n, -1n],
    [0n, 3n],
  ]
  const near = [500n, 501n, 499n, 1n]
  const exact = balance(points, near)!
  expect(exact.every((w) => w > 0n)).toBe(true)
  expect(pointOf({ points, pointExponent: 0, rises: [], riseExponent: 0 }, exact)).toEqual([0n, 0n])
  const sum = total(exact)
  exact.forEach((w, s) => expect(Math.abs(Number(w) / Number(sum) - Number(near[s]) / 1501)).toBeLessThan(0.005))
  expect(balance(points.slice(0, 2), [1n, 1n])).toBeNull()
})

test('without doubled precision the same answers, at every norm', () => {
  const uniform = seedrandom('precisely')
  for (let index = 0; index < 60; index++) {
    const { keys, i, bias } = drawCase(uniform, index)
    const set = keySet(keys.flat(), keys.length, keys[0]!.length, bias ?? null)
    const rivals = rivalsAround(set, i, othersThan(keys.length, i))
    for (const maxNorm of norms.filter((norm) => norm > 0 && norm < Infinity)) {
      const answer = attainableWeight(keys, i, { maxNorm, bias, scale: 0.5 })
      const { m, e } = multiply(dyadic(maxNorm), dyadic(0.5))
      const precise = attainPrecisely(set, rivals, { m, e: e + rivals.exponent }, 0)
      expect(precise.bound - precise.weight).toBeLessThanOrEqual(agreement * precise.bound)
      expect(precise.weight).toBeLessThanOrEqual(answer.bound)
      expect(answer.weight).toBeLessThanOrEqual(precise.bound)
    }
  }
})

describe('doubled precision proves no more', () => {
  test.each(outOfDigits)('$name: both ends agree', ({ keys, bias, i, maxNorm, tolerance, between }) => {
    const { weight, bound, query, weights } = attainableWeight(keys, i, { maxNorm, bias, tolerance })
    expect(bound - weight).toBeLessThanOrEqual(agreement * bound)
    expect(bound).toBeGreaterThanOrEqual(between[0])
    expect(weight).toBeLessThanOrEqual(between[1])
    expect(Math.hypot(...query)).toBeLessThanOrEqual(maxNorm)
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12)
  })

  test.each(Object.keys(flatFamilies))('every key of sets %s is decided at every norm', (family) => {
    const uniform = seedrandom(family)
    for (let index = 0; index < 30; index++) {
      const drawn = drawFlat(uniform, index, family)
      expect({ drawn, flaws: judgeFlat(drawn).flaws }).toEqual({ drawn, flaws: [] })
    }
  })

  test('a key as far from the hull as the tolerance counts as in it', () => {
    const keys = [
      [0, 0],
      [2, 0],
      [1, 2 ** -30],
    ]
    const set = keySet(keys.flat(), 3, 2, null)
    const rivals = rivalsAround(set, 2, othersThan(3, 2))
    const { weight, bound } = attainPrecisely(set, rivals, null, 2 ** (-30 - rivals.exponent))
    expect(weight).toBeCloseTo(1 / 3, 9)
    expect(bound - weight).toBeLessThanOrEqual(agreement * bound)
  })

  test('norms at both ends of the floats', () => {
    const keys = [
      [1, 0],
      [-1, 2 ** -50],
      [0, 0],
      [3, 1],
    ]
    const set = keySet(keys.flat(), 4, 2, null)
    const rivals = rivalsAround(set, 2, othersThan(4, 2))
    for (const norm of [1e-300, 1e300]) {
      const { m, e } = multiply(dyadic(norm), dyadic(norm))
      const { weight, bound } = attainPrecisely(set, rivals, { m, e }, 0)
      expect(bound - weight).toBeLessThanOrEqual(agreement * bound)
    }
    expect(flatNorms).toContain(1e300)
  })
})

test('1/(1 + e^f) from below, beside that from above', () => {
  for (const f of [-800, -700, -1, -0.1, 0, 0.1, 1, 700]) {
    expect(weightAt(f)).toBeLessThanOrEqual(1 / (1 + Math.exp(f)))
    expect(weightAbove(f) - weightAt(f)).toBeLessThanOrEqual(2 ** -46 * weightAbove(f))
  }
  expect(weightAt(1e6)).toBe(0)
})

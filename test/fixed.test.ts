/** Numbers in fixed point, against ones of 400 bits and against what their roundings say. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  divide,
  exponential,
  fixed as fixedPoint,
  logarithmAbove,
  one as unit,
  places,
  rootBelow,
  shift,
  shiftUp,
} from '../src/selectability/exact/fixed.ts'
import { bits, exp, log, one } from './reference/fixed.ts'

/** In units of 2^−400. */
const widened = (x: bigint): bigint => x << BigInt(bits - places)
const size = (x: bigint): bigint => (x < 0n ? -x : x)

describe('fixed point', () => {
  propertyTest.prop([fc.double({ min: -100, max: 8, noNaN: true })], { numRuns: 1000 })(
    'exponentials are off by less than two units',
    (x) => {
      const truth = exp(widened(fixedPoint(x, places)))
      expect(size(widened(exponential(fixedPoint(x, places))) - truth) < 2n * widened(1n)).toBe(true)
    },
  )

  propertyTest.prop([fc.bigInt({ min: 1n, max: 1n << 390n })], { numRuns: 1000 })('logarithms are bounds', (w) => {
    const truth = log(w)
    const above = widened(logarithmAbove(w, bits))
    expect(above >= truth).toBe(true)
    expect(above - truth < one >> 100n).toBe(true)
  })

  test('what is below every unit, and whole numbers', () => {
    expect(exponential(-unit << 2000n)).toBe(0n)
    expect(exponential(0n)).toBe(unit)
    expect(logarithmAbove(1n, 0) >= 0n).toBe(true)
    expect(logarithmAbove(1n, 0) < 1n << 28n).toBe(true)
  })

  propertyTest.prop([fc.bigInt({ min: 0n, max: 1n << 300n })])('roots are rounded down', (x) => {
    const y = rootBelow(x)
    expect(y * y <= x && x < (y + 1n) * (y + 1n)).toBe(true)
  })

  propertyTest.prop([fc.bigInt(), fc.bigInt({ min: 1n }), fc.integer({ min: -80, max: 80 })])(
    'quotients and shifts are rounded as they say',
    (a, b, n) => {
      const q = divide(a, b)
      expect(q * b <= a && a < (q + 1n) * b).toBe(true)
      const [p, r] = n < 0 ? [1n, 1n << BigInt(-n)] : [1n << BigInt(n), 1n]
      expect(shift(a, n) * r <= a * p && a * p < (shift(a, n) + 1n) * r).toBe(true)
      expect(shiftUp(a, n) * r >= a * p && a * p > (shiftUp(a, n) - 1n) * r).toBe(true)
    },
  )

  test('exact quotients, roots and exponentials of any size', () => {
    expect([divide(-4n, 2n), divide(-5n, 2n), divide(5n, 2n), divide(4n, 2n)]).toEqual([-2n, -3n, 2n, 2n])
    expect([0n, 1n, 3n, 4n, 8n, 9n].map(rootBelow)).toEqual([0n, 1n, 1n, 2n, 2n, 3n])
    for (const x of [-88.5, -20, -1, -0.5, -0.01, 0.01, 0.5, 1, 7.9]) {
      const truth = exp(widened(fixedPoint(x, places)))
      expect(size(widened(exponential(fixedPoint(x, places))) - truth) < 2n * widened(1n)).toBe(true)
    }
  })
})

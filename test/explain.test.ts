/** Sentences about keys: each number in them is what the library says elsewhere, and its rounding is right. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { attainableWeight, certify, criticalScale, escapeScale, explain, margin } from '../src/index.ts'
import { explain as explainDense } from '../src/kernels.ts'
import { figure, figureWithin, list } from '../src/selectability/figure.ts'
import { gaussian } from './reference/gaussian.ts'
import { integers } from './reference/sets.ts'

describe('figures', () => {
  test.each<[number, number, string]>([
    [0, 0, '0'],
    [0.5, 0.5, '0.5'],
    [1, 1, '1'],
    [2 / 3, 2 / 3, '0.667'],
    [0.9999, 0.9999, '0.9999'],
    [0.99999999, 0.99999999, '0.99999999'],
    [1 - 2 ** -53, 1 - 2 ** -53, '0.9999999999999999'],
    [1 - 2 ** -53, 1, '1'],
    [0.99999999999, 1, '1'],
    [1234.5, 1234.5, '1230'],
    [2.2e9, 2.2e9, '2.2e+9'],
    [1e-9, 1e-9, '1e-9'],
    [-0.2346, -0.2346, '-0.235'],
    // Three digits would be a guess: 0.123 or 0.124.
    [0.1234999, 0.1235001, '0.1235'],
    [Infinity, Infinity, 'Infinity'],
  ])('between %d and %d: %s', (low, high, text) => {
    expect(figure(low, high)).toBe(text)
  })

  test('within a relative error', () => {
    expect(figureWithin(0.1235, 1e-9)).toBe('0.1235')
    expect(figureWithin(0.12351, 1e-9)).toBe('0.124')
    expect(figureWithin(0, 1e-9)).toBe('0')
  })

  propertyTest.prop({
    x: fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
    error: fc.constantFrom(0, 1e-12, 1e-9),
  })('are what both ends round to, to three digits or more', ({ x, error }) => {
    const printed = Number(figureWithin(x, error))
    const agree = (digits: number): boolean =>
      [x * (1 - error), x * (1 + error)].every((y) => Number(y.toPrecision(digits)) === printed)
    expect(Array.from({ length: 15 }, (_, k) => k + 3).some(agree)).toBe(true)
  })

  test('lists', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(list)).toEqual(['', 'a', 'a and b', 'a, b and c'])
  })
})

const square = [[1, 1], [1, -1], [-1, 1], [-1, -1]] // prettier-ignore

describe('sentences', () => {
  test.each<[string, number[][], number, string]>([
    ['a single key', [[5]], 0, 'Key 0 is selectable: it is the only key, so every query gives it all the attention.'],
    [
      'the end of a segment',
      [[0], [2], [1]],
      1,
      'Key 1 is selectable: the query (1) scores it 1 above key 2, the runner-up, and the least norm of a query that gives it a weight is 0.481 for 0.5, 2.29 for 0.9 and 4.61 for 0.99.',
    ],
    [
      'the middle of a segment',
      [[0], [2], [1]],
      2,
      'Key 2 is unselectable: it lies inside the hull of the others, at 0.5 of key 0 and 0.5 of key 1, so no query scores it above all of them; the most attention it can ever get is 0.333, until it is scaled by more than 2.',
    ],
    [
      'the middle of an edge',
      [...square, [0, 1]],
      4,
      'Key 4 is tied: it lies on the boundary of the hull of the others, at 0.5 of key 0 and 0.5 of key 2, so a query can put it at the top only together with others; the most attention it can ever come near to is 0.333, until it is scaled by more than 1, or key 0 is scaled by less than 1.',
    ],
    [
      'copies at the origin',
      [[0, 0], [0, 0], [1, 1]], // prettier-ignore
      0,
      'Key 0 is tied: it lies on the boundary of the hull of the others, as key 1 does, so a query can put it at the top only together with others; the most attention it can ever come near to is 0.5.',
    ],
    [
      'two equal keys',
      [[1, 1], [1, 1]], // prettier-ignore
      0,
      'Key 0 is tied: it lies on the boundary of the hull of the others, as key 1 does, so a query can put it at the top only together with others; the most attention it can ever get is 0.5, until it is scaled at all, or key 1 is scaled at all.',
    ],
    [
      'three copies of a corner',
      [...square, [1, 1], [1, 1]],
      4,
      'Key 4 is tied: it lies on the boundary of the hull of the others, as key 0 does, so a query can put it at the top only together with others; the most attention it can ever come near to is 0.333, until it is scaled by more than 1.',
    ],
  ])('%s', (_, keys, i, sentence) => {
    expect(explain(keys, i, { tolerance: 0 })).toBe(sentence)
    expect(explainDense(Float64Array.from(keys.flat()), keys.length, keys[0].length, i, { tolerance: 0 })).toBe(
      sentence,
    )
  })

  test('names are told after the indices', () => {
    expect(explain([[0], [2], [1]], 2, { names: ['the', 'a', 'of'] })).toMatch(
      /^Key 2 \(of\) is unselectable: it lies inside the hull of the others, at 0[.]5 of key 0 \(the\) and 0[.]5 of key 1 \(a\)/u,
    )
  })

  test('scale 0: scores do not count', () => {
    expect(explain([[0], [2]], 1, { scale: 0 })).toBe(
      'Key 1 is selectable: the query (1) scores it 2 above key 0, the runner-up, but scores do not count at scale 0.',
    )
  })

  test('a margin so small that weights take long queries', () => {
    expect(explain([[0], [1e-9], [1]], 0, { tolerance: 0 })).toMatch(
      /17[.]8 for 0[.]5, 2[.]2e[+]9 for 0[.]9 and 4[.]6e[+]9 for 0[.]99[.]$/u,
    )
  })
})

/** The numbers of a sentence that follow a phrase. */
const numbersAfter = (text: string, phrase: RegExp): number[] => {
  const found = phrase.exec(text)
  return (found?.slice(1) ?? []).map(Number)
}

/** Half a unit of the third digit, and what printing adds. */
const close = 0.5e-2

describe('numbers in sentences are the library’s', () => {
  const check = (keys: number[][], i: number): void => {
    const text = explain(keys, i, { tolerance: 0 })
    const certificate = certify(keys, i, { tolerance: 0 })
    expect(text.startsWith(`Key ${i} is ${certificate.verdict}: `)).toBe(true)
    const near = (actual: number, expected: number): void => {
      expect(Math.abs(actual - expected)).toBeLessThanOrEqual(close * Math.abs(expected))
    }
    if (keys.length === 1) return
    if (certificate.verdict === 'selectable') {
      const [gap = NaN] = numbersAfter(text, / scores it (\S+) above key \d+/u)
      near(gap, margin(keys, i).distance)
      const norms = numbersAfter(text, /weight is (\S+) for 0[.]5, (\S+) for 0[.]9 and (\S+) for 0[.]99[.]$/u)
      expect(norms.length).toBe(3)
      norms.forEach((norm, at) => {
        const weight = [0.5, 0.9, 0.99][at]
        // Longer by what the printing may have cut, the query reaches the weight; shorter, it does not.
        expect(attainableWeight(keys, i, { maxNorm: norm * (1 + close) + 1e-9 }).weight).toBeGreaterThanOrEqual(weight)
        if (norm > 0) expect(attainableWeight(keys, i, { maxNorm: norm * (1 - close) }).bound).toBeLessThan(weight)
      })
      return
    }
    const [most = NaN] = numbersAfter(text, /attention it can ever (?:get|come near to) is (\d[\d.e+-]*\d|\d)/u)
    near(most, attainableWeight(keys, i, { tolerance: 0 }).weight)
    const own = escapeScale(keys, i)
    const [high = Infinity] = numbersAfter(
      text,
      /it is scaled (?:by less than \S+ or )?by more than (\d[\d.e+-]*\d|\d)/u,
    )
    if (own !== null && own.low !== own.high && !(own.low === 0 && own.high === Infinity)) near(high, own.high)
    const heaviest = certificate.support[certificate.weights.indexOf(Math.max(...certificate.weights))]
    const rival = criticalScale(keys, i, heaviest)
    const told = text.includes(`key ${heaviest} is scaled`)
    expect(told).toBe(rival !== null && !(rival.low === 0 && rival.high === Infinity))
  }

  propertyTest.prop({ keys: integers }, { numRuns: 60 })('on small integers', ({ keys }) => {
    keys.forEach((_, i) => check(keys, i))
  })

  test('on normal keys', () => {
    const data = gaussian('explain', 40, 4)
    const keys = Array.from({ length: 40 }, (_, j) =>
      Array.from(data.subarray(4 * j, 4 * j + 4), (x) => x / (j < 3 ? 8 : 1)),
    )
    for (let i = 0; i < 8; i++) check(keys, i)
  })
})

describe('bad input', () => {
  test.each([-1, 3, 1.5, NaN])('index %d', (bad) => {
    expect(() => explain([[0], [2], [1]], bad)).toThrow(RangeError)
  })

  test('names, scale, tolerance, keys', () => {
    expect(() => explain([[0], [2]], 0, { names: ['one'] })).toThrow(/^names: expected length 2/u)
    expect(() => explain([[0], [2]], 0, { scale: NaN })).toThrow(RangeError)
    expect(() => explain([[0], [2]], 0, { scale: '1' as unknown as number })).toThrow(TypeError)
    expect(() => explain([[0], [2]], 0, { tolerance: -1 })).toThrow(RangeError)
    expect(() => explain([[0], [NaN]], 0)).toThrow('row 1, column 0')
    expect(() => explain([[0], [2]], '0' as unknown as number)).toThrow(TypeError)
  })
})

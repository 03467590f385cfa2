/** Forged hulls before the judge: support and weights must give the key, and at tolerance 0 span what the keys span. */
import { describe, expect, test } from 'vitest'
import { hullPoint } from '../src/selectability/certificate.ts'
import { add, compare } from '../src/selectability/exact/dyadic.ts'
import { keySet } from '../src/selectability/keyset.ts'
import { exact, expectRefused, judge, keys, tied } from './forger.ts'

describe('a hull', () => {
  const center = { verdict: 'unselectable', key: 4, distance: 0 }
  const corners = { support: Uint32Array.of(0, 1, 2, 3), weights: Float64Array.of(0.25, 0.25, 0.25, 0.25) }
  const both = [exact, {}, { tolerance: 0.5 }]

  test('of four corners holds the centre, with any weights that give it', () => {
    for (const options of both) expect(judge({ ...center, ...corners }, options)).toEqual({ valid: true })
    const skew = Float64Array.of(0.125, 0.375, 0.375, 0.125)
    for (const options of both)
      expect(judge({ ...center, ...corners, weights: skew }, options)).toEqual({ valid: true })
  })

  test.each<[string, number[]]>([
    ['another point', [0.7, 0.1, 0.1, 0.1]],
    ['a point on a side', [0.5, 0.25, 0.125, 0.125]],
  ])('whose weights give %s', (_, weights) => {
    for (const options of [exact, {}])
      expectRefused({ ...center, ...corners, weights: Float64Array.from(weights) }, options)
  })

  test('whose weights give another point, less than half a smallest float away', () => {
    const tiny = keys.map((key) => key.map((x) => Math.trunc(x) * 5e-324))
    const moved = { ...corners, weights: Float64Array.of(0.375, 0.25, 0.25, 0.125) }
    expect(judge({ ...center, ...corners }, exact, tiny)).toEqual({ valid: true })
    expectRefused({ ...center, ...moved }, exact, tiny)
  })

  test.each<[string, number[]]>([
    ['sum to less than 1', [0.25, 0.25, 0.25, 0.125]],
    ['sum to more than 1', [0.25, 0.25, 0.25, 0.5]],
    ['are all twice as large', [0.5, 0.5, 0.5, 0.5]],
    ['miss 1 by 1e-12', [0.25, 0.25, 0.25, 0.25 - 1e-12]],
    ['hold a 0', [0.5, 0, 0, 0.5]],
    ['hold a −0', [0.5, -0, 0, 0.5]],
    ['hold a negative', [0.75, -0.25, -0.25, 0.75]],
    ['hold NaN', [0.25, 0.25, 0.25, NaN]],
    ['hold an infinity', [0.25, 0.25, 0.25, Infinity]],
    ['are fewer', [0.25, 0.25, 0.5]],
    ['are more', [0.25, 0.25, 0.25, 0.125, 0.125]],
    ['are none', []],
  ])('whose weights %s', (_, weights) => {
    for (const options of both) expectRefused({ ...center, ...corners, weights: Float64Array.from(weights) }, options)
  })

  test.each<[string, Uint32Array | Int32Array | Float64Array]>([
    ['the key itself', Uint32Array.of(4)],
    ['the key among others', Uint32Array.of(0, 3, 4)],
    ['one key twice', Uint32Array.of(0, 0, 3, 3)],
    ['a key past the last', Uint32Array.of(0, 1, 2, 7)],
    ['a key far past the last', Uint32Array.of(2 ** 32 - 1)],
    ['a negative key', Int32Array.of(-1)],
    ['two negative keys', Int32Array.of(-1, -2)],
    ['keys between keys', Float64Array.of(0.25, 1.25, 2.25, 3.25)],
    ['the key itself, nearly', Float64Array.of(4.5)],
    ['NaN', Float64Array.of(NaN, 0)],
    ['no key', new Uint32Array(0)],
    ['ever the same key', new Uint32Array(1e6)],
    ['a million keys', Uint32Array.from({ length: 1e6 }, (_, j) => j)],
  ])('whose support lists %s', (_, support) => {
    const weights = new Float64Array(support.length).fill(1 / support.length)
    for (const options of both) {
      for (const key of [4, 0]) expectRefused({ ...center, key, support, weights }, options)
    }
  })

  test('that does not hold the key', () => {
    expectRefused({ ...center, support: Uint32Array.of(0, 1, 2), weights: Float64Array.of(0.5, 0.25, 0.25) })
    expectRefused({ ...center, ...corners, key: 5 })
    for (const key of [0, 1, 2, 3]) {
      const support = corners.support.map((j) => (j === key ? 4 : j))
      for (const options of both) expectRefused({ ...center, ...corners, key, support }, options)
    }
  })

  test('without the relative interior does not prove unselectable at tolerance 0', () => {
    const diagonal = { support: Uint32Array.of(0, 3), weights: Float64Array.of(0.5, 0.5) }
    expectRefused({ ...center, ...diagonal })
    expect(judge({ ...center, ...diagonal }, { tolerance: 0.5 })).toEqual({ valid: true })
    expectRefused({ ...tied, verdict: 'unselectable' })
  })

  test('on a line through space does not span a plane', () => {
    const claim = { ...center, key: 2, support: Uint32Array.of(0, 1), weights: Float64Array.of(0.5, 0.5) }
    for (const off of [
      [0, 1, 0],
      [0, 0, 1],
      [0, 1, 1],
    ]) {
      expectRefused(claim, exact, [[1, 0, 0], [-1, 0, 0], [0, 0, 0], off]) // prettier-ignore
    }
    expect(judge(claim, exact, [[1, 0, 0], [-1, 0, 0], [0, 0, 0]])).toEqual({ valid: true }) // prettier-ignore
  })

  test('of copies of one point is no proof that they are unselectable', () => {
    const claim = { ...center, key: 0, support: Uint32Array.of(1), weights: Float64Array.of(1) }
    expectRefused(claim, exact, [[2, 3], [2, 3]]) // prettier-ignore
  })

  test('at a distance', () => {
    const near = { ...center, ...corners, weights: Float64Array.of(0.375, 0.25, 0.25, 0.125) }
    const distance = Math.hypot(0.25, 0.25)
    const options = { tolerance: 0.5 }
    expect(judge({ ...near, distance }, options)).toEqual({ valid: true })
    for (const forged of [0.5 + 2 ** -53, 0.6, -distance, NaN, Infinity, distance * (1 + 1e-8), distance / 2]) {
      expectRefused({ ...near, distance: forged }, options)
    }
    expectRefused({ ...near, distance }, { tolerance: 0.25 })
    expectRefused({ ...near, distance }, exact)
    const far = { ...near, weights: Float64Array.of(0.625, 0.125, 0.125, 0.125), distance: 0.25 }
    const reason = 'weights: they give a point farther than the tolerance, or of too small a bias'
    expect(judge(far, options)).toEqual({ valid: false, reason })
    for (const forged of [5e-324, 1, -1, Infinity]) expectRefused({ ...center, ...corners, distance: forged })
  })

  test('whose bias is too low', () => {
    const bias = [0, 0, 0, 0, 1, 0, 0]
    for (const tolerance of [0, 0.5]) {
      expectRefused({ ...center, ...corners }, { tolerance, bias })
      const low = { tolerance, bias: bias.map((b) => -b) }
      expect(judge({ ...center, ...corners }, low)).toEqual({ valid: true })
    }
  })
})

test('rounding may move a point by so many units of each weight, and by the smallest float', () => {
  const line = keySet(Float64Array.of(0, 3, -5), 3, 1)
  const { rounding } = hullPoint(line, 0, Uint32Array.of(1, 2), Float64Array.of(0.5, 0.5))
  // (m + d + 4)·u·(3/2 + 5/2), and 2^−1074·(3 + 5).
  expect(compare(rounding, add({ m: 28n, e: -53 }, { m: 8n, e: -1074 }))).toBe(0)
})

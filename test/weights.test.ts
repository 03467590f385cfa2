/** Exact weights on a support: those that are proposed, and how they are put into the equations before they count. */
import { describe, expect, test } from 'vitest'
import { primitive } from '../src/selectability/exact/linear.ts'
import { flawOfWeights } from '../src/selectability/exact/support.ts'
import { findWeights, simplexWeights } from '../src/selectability/exact/weights.ts'
import type { ExactWeights } from '../src/selectability/exact/weights.ts'
import { keySet } from '../src/selectability/keyset.ts'

describe('proposed weights are judged, not believed', () => {
  // The corners of a square around 0, with rises past the second coordinate.
  const points = [[1n, 1n, 0n], [1n, -1n, 0n], [-1n, 1n, 0n], [-1n, -1n, -1n]] // prettier-ignore
  const flat = points.map((point) => point.slice(0, 2))
  const wrong = 'weights: no weights > 0 on this support give the key'

  test.each<[string, bigint[], string | null]>([
    ['right ones', [1n, 2n, 2n, 1n], null],
    ['none', [], wrong],
    ['too few', [1n, 1n, 1n], wrong],
    ['a weight of 0', [0n, 1n, 1n, 0n], wrong],
    ['a negative weight', [-1n, 1n, 1n, -1n], wrong],
    ['another point, in the first coordinate', [2n, 2n, 1n, 1n], wrong],
    ['another point, in the second', [2n, 1n, 2n, 1n], wrong],
  ])('%s', (_, exact, flaw) => {
    expect(flawOfWeights(flat, 2, exact, null)).toBe(flaw)
  })

  test('a rise below 0, at it and above', () => {
    expect(flawOfWeights(points, 2, [1n, 1n, 1n, 1n], null)).toBe(wrong)
    for (const rise of [1n, 2n]) {
      const raised = points.map((point, s) => (s === 0 ? [1n, 1n, rise] : point))
      expect(flawOfWeights(raised, 2, [1n, 1n, 1n, 1n], null)).toBe(null)
    }
  })

  test('shares that are not rounded to nearest, by the entry that is off', () => {
    const shares = Float64Array.of(1 / 6, 1 / 3, 1 / 3, 1 / 6)
    expect(flawOfWeights(flat, 2, [1n, 2n, 2n, 1n], shares)).toBe(null)
    shares[2] += 2 ** -54
    const off = 'weights: the weight of support entry 2 is not the exact one, rounded'
    expect(flawOfWeights(flat, 2, [1n, 2n, 2n, 1n], shares)).toBe(off)
  })
})

describe('proposals', () => {
  const find = (rows: number[][], d: number, given: number[]): ExactWeights => {
    const { exact, unique } = findWeights(
      rows.map((row) => row.map(BigInt)),
      d,
      Float64Array.from(given),
    )
    return { exact: primitive(exact), unique }
  }

  test('are the only weights, whatever is given, where points are independent', () => {
    for (const given of [
      [1, 1, 1],
      [3, 1, 2],
      [0.5, 2 ** -60, 1],
    ]) {
      // prettier-ignore
      expect(find([[4, 1], [-2, 3], [-1, -5]], 2, given)).toEqual({ exact: [13n, 19n, 14n], unique: true }) // prettier-ignore
      expect(find([[-2, 3], [4, 1], [-1, -5]], 2, given)).toEqual({ exact: [19n, 13n, 14n], unique: true }) // prettier-ignore
    }
    expect(find([[2], [-3]], 1, [1, 1])).toEqual({ exact: [3n, 2n], unique: true })
    // In the plane, on a line through 0.
    expect(find([[2, 2], [-3, -3]], 2, [1, 1])).toEqual({ exact: [3n, 2n], unique: true }) // prettier-ignore
  })

  test('are the given ones where those are right', () => {
    const given = [3 / 16, 5 / 16, 5 / 16, 3 / 16]
    expect(find([[1, 1], [1, -1], [-1, 1], [-1, -1]], 2, given)).toEqual({ exact: [3n, 5n, 5n, 3n], unique: false }) // prettier-ignore
    expect(find([[1, 1], [-1, -1], [2, 2], [-2, -2]], 2, [1, 2, 1.5, 1])).toEqual({ exact: [2n, 4n, 3n, 2n], unique: false }) // prettier-ignore
  })

  test('move none but the largest where those are right but for rounding', () => {
    // w_1 = w_0 + w_2, and 2^−60 is lost beside a half.
    const exact = [1n, 2n ** 59n + 1n, 2n ** 59n]
    expect(find([[-1], [1], [-1]], 1, [2 ** -60, 0.5, 0.5])).toEqual({ exact, unique: false }) // prettier-ignore
    expect(find([[1], [-1], [-1]], 1, [0.5, 0.5, 2 ** -60])).toEqual({ exact: [exact[1], exact[2], exact[0]], unique: false }) // prettier-ignore
  })

  test('are found anew where those are far off, on all points', () => {
    const rows = [[1, 0], [2, 1], [-1, -1], [-1, 0], [0, 3]] // prettier-ignore
    const points = rows.map((row) => row.map(BigInt))
    const { exact, unique } = find(rows, 2, [0.9, 0.05, 0.02, 0.02, 0.01])
    expect(unique).toBe(false)
    expect(exact.every((w) => w > 0n)).toBe(true)
    expect(flawOfWeights(points, 2, exact, null)).toBe(null)
    const line = find([[1, 1], [2, 2], [-1, -1]], 2, [0.4, 0.3, 0.3]) // prettier-ignore
    expect(line.unique).toBe(false)
    // The largest would be 0.
    expect(find([[1], [1], [-1]], 1, [0.4, 0.3, 0.3]).exact.every((w) => w > 0n)).toBe(true) // prettier-ignore
    expect(line.exact.every((w) => w > 0n) && line.exact[0] + 2n * line.exact[1] === line.exact[2]).toBe(true)
  })

  test('are none where there are none', () => {
    expect(find([[1], [2], [3]], 1, [1, 1, 1])).toEqual({ exact: [], unique: false }) // prettier-ignore
    expect(find([[1, 0], [2, 0], [3, 1], [1, 1]], 2, [1, 1, 1, 1])).toEqual({ exact: [], unique: false }) // prettier-ignore
    // Two of them give 0; a positive weight for another would not.
    expect(find([[1, 0], [-1, 0], [0, 1], [1, 1]], 2, [1, 1, 1, 1])).toEqual({ exact: [], unique: false }) // prettier-ignore
    // The only ones in proportion are not all above 0, and are for the judge to refuse.
    expect(find([[1], [2]], 1, [1, 1]).unique).toBe(true)
  })

  test('reach the bias, exactly where they would fall short of it', () => {
    expect(find([[1, 1], [-1, 2]], 1, [1, 1])).toEqual({ exact: [1n, 1n], unique: true }) // prettier-ignore
    expect(find([[1, 2], [-1, -2]], 1, [1, 1])).toEqual({ exact: [1n, 1n], unique: true }) // prettier-ignore
    expect(find([[1, -1], [-1, 0], [-1, 2]], 1, [0.5, 0.25, 0.25])).toEqual({ exact: [2n, 1n, 1n], unique: false }) // prettier-ignore
    // At 5 : 4 : 1 the rises sum to −3.
    expect(find([[1, -1], [-1, 0], [-1, 2]], 1, [0.5, 0.4, 0.1])).toEqual({ exact: [2n, 1n, 1n], unique: true }) // prettier-ignore
    expect(find([[1, 3], [-1, 0], [-1, 2]], 1, [0.5, 0.25, 0.25])).toEqual({ exact: [2n, 1n, 1n], unique: false }) // prettier-ignore
    // (1) would have to be below 0 for these weights of the others.
    expect(find([[1, 0], [2, 1], [-1, 1]], 1, [0.4, 0.3, 0.3]).exact.every((w) => w > 0n)).toBe(false) // prettier-ignore
  })

  test('of many points come in lowest terms: they are lifted, and where they are not unique, eliminated', () => {
    const simplex = (d: number): bigint[][] =>
      Array.from({ length: d + 1 }, (_, s) => Array.from({ length: d }, (__, c) => (s === d ? -2n : s === c ? 6n : 0n)))
    const weights = (d: number): bigint[] => [...new Array<bigint>(d).fill(1n), 3n]
    for (const d of [23, 24, 30]) {
      const { exact, unique } = findWeights(simplex(d), d, new Float64Array(d + 1).fill(1))
      expect(unique).toBe(true)
      expect(primitive(exact)).toEqual(weights(d))
      expect(exact.length === 24 ? exact[0] > 1n : exact[0] === 1n).toBe(true)
    }
    const given = Float64Array.of(...new Array<number>(30).fill(1), 2, 1)
    const { exact, unique } = findWeights([...simplex(30), simplex(30)[30]], 30, given)
    expect(unique).toBe(false)
    expect(primitive(exact)).toEqual([...new Array<bigint>(30).fill(1n), 2n, 1n])
  })

  test('are rounded for a simplex, whatever the bias', () => {
    const data = Float64Array.of(0.5, 0.5, 4.5, 1.5, -1.5, 3.5, -0.5, -4.5)
    for (const bias of [null, [5, 1, 2, -9]]) {
      const weights = simplexWeights(keySet(data, 4, 2, bias), 0, Uint32Array.of(1, 2, 3))
      expect(Array.from(weights)).toEqual([13 / 46, 19 / 46, 14 / 46])
    }
    expect(Array.from(simplexWeights(keySet(data, 4, 2), 0, Uint32Array.of(3, 1, 2)))).toEqual([
      14 / 46,
      13 / 46,
      19 / 46,
    ])
  })
})

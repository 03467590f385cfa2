/** Exact weights that some solver proposes are put into the equations before they count. */
import { describe, expect, test } from 'vitest'
import { flawOfWeights } from '../src/selectability/exact/support.ts'

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

/** The numerical span of a set, and the quick answer of a sample. */
import { describe, expect, test } from 'vitest'
import { numericalSpan, spansClearly } from '../src/selectability/span.ts'
import { gaussian } from './reference/gaussian.ts'

const slack = 2 ** -40

describe('a set that a sample says to span everything', () => {
  test.each([
    [2, 1],
    [5, 3],
    [60, 8],
    [400, 40],
  ])('does: %i Gaussian keys in %i dimensions', (n, d) => {
    const z = gaussian(`span ${n} ${d}`, n, d)
    expect(spansClearly(z, n, d, slack)).toBe(true)
    expect(numericalSpan(z, n, d, slack).rank).toBe(d)
  })

  test('is none of no more keys than dimensions', () => {
    expect(spansClearly(gaussian('few', 8, 8), 8, 8, slack)).toBe(false)
  })

  test.each([0, 1, 2])('is none that is flat but for what is not clear, across coordinate %i', (flat) => {
    const z = gaussian('flat', 100, 3).map((x, at) => (at % 3 === flat ? x * 2 ** -37 : x))
    expect(spansClearly(z, 100, 3, slack)).toBe(false)
    expect(numericalSpan(z, 100, 3, slack).rank).toBe(3)
  })

  test('is none of which only keys outside the sample leave a plane', () => {
    const z = gaussian('outlier', 1000, 4).map((x, at) => (at % 4 === 3 ? 0 : x))
    z[4 * 501 + 3] = 1
    expect(spansClearly(z, 1000, 4, slack)).toBe(false)
    expect(numericalSpan(z, 1000, 4, slack).rank).toBe(4)
  })

  test('is none of equal keys', () => {
    expect(spansClearly(new Float64Array(30).fill(1), 10, 3, slack)).toBe(false)
  })
})

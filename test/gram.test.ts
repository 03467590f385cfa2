/** The Gram pass finds each key's closest rival, in SIMD as in TypeScript, whatever tiles the sizes leave over. */
import { afterEach, describe, expect, test } from 'vitest'
import { setBackend } from '../src/kernels.ts'
import { gamma } from '../src/selectability/bounds.ts'
import { createGram, emptyClosest, mergeStrip } from '../src/selectability/gram.ts'
import { gaussian } from './reference/gaussian.ts'

afterEach(() => setBackend('auto'))

describe('closest rivals', () => {
  test.each([
    [2, 1],
    [5, 3],
    [64, 70],
    [65, 260],
    [131, 64],
    [257, 17],
    [300, 33],
  ])('of %i keys in %i dimensions', (n, d) => {
    const z = gaussian(`gram ${n} ${d}`, n, d)
    const exactly = (i: number, j: number): number => {
      let sum = 0
      for (let c = 0; c < d; c++) sum += z[i * d + c] * z[j * d + c]
      return sum
    }
    const size = (i: number): number => Math.sqrt(exactly(i, i))
    for (const name of ['js', 'simd'] as const) {
      setBackend(name)
      const gram = createGram(z, n, d)
      const closest = emptyClosest(n)
      // Strips in whatever order: the last first.
      const half = Math.min(n, Math.ceil(n / 8) * 4)
      mergeStrip(closest, half, gram(half, n))
      mergeStrip(closest, 0, gram(0, half))
      const { product, rival } = closest
      for (let i = 0; i < n; i++) {
        const largest = Math.max(...Array.from({ length: n }, (_, j) => (j === i ? -Infinity : exactly(i, j))))
        const bound = 2 * gamma(d) * size(i) * Math.max(...Array.from({ length: n }, (_, j) => size(j)))
        expect(Math.abs(product[i] - largest)).toBeLessThanOrEqual(bound)
        expect(rival[i]).not.toBe(i)
        expect(Math.abs(exactly(i, rival[i]) - largest)).toBeLessThanOrEqual(bound)
      }
    }
  })
})

/**
 * Zeros of either sign, subnormal numbers, the largest and infinities, mixed at random, through every kernel of the module.
 *
 * Where all is finite the reference, which sums in float64, is within the kernel's bounds; where something is not, the
 * reference is what runs, and agrees to the last bit.
 */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as kernels from '../src/kernels/index.ts'
import { gamma, numbers, u32, u64 } from './reference/dense.ts'
import { unaligned } from './reference/sizes.ts'

beforeAll(() => kernels.setBackend('simd'))
afterAll(() => kernels.setBackend('auto'))

type Floats = Float32Array | Float64Array

const types = [
  ['float32', Float32Array, u32, 2 ** -149, 2 ** 100],
  ['float64', Float64Array, u64, 2 ** -1074, 2 ** 900],
] as const

describe.each(types)('%s', (_, Type, u, tiny, large) => {
  const ordinary = [0, -0, tiny, -tiny, 3 * tiny, 1, -1, 0.75, -0.375]
  const finite = fc.constantFrom(...ordinary)
  const any = fc.constantFrom(...ordinary, large, -large, Infinity, -Infinity, NaN)
  const sizes = fc.record({
    m: fc.integer({ min: 1, max: 9 }),
    n: fc.integer({ min: 1, max: 13 }),
    d: fc.integer({ min: 1, max: 19 }),
  })
  const filled = (value: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
    fc.array(value, { minLength: 13 * 19, maxLength: 13 * 19 })
  const make = (length: number): Floats => unaligned(new Float64Array(length).fill(7), Type)

  /** Every kernel whose results are sums of products of its inputs, or weights of such. */
  function run(a: Floats, b: Floats, m: number, n: number, d: number): Record<string, number[]> {
    const [q, k] = [a.subarray(0, m * d), b.subarray(0, n * d)]
    const square = a.subarray(0, m * n)
    return {
      gemm: Array.from(kernels.gemm(q, b.subarray(0, d * n), m, n, d, make(m * n))),
      gemmTransposed: Array.from(kernels.gemmTransposed(q, k, m, n, d, make(m * n))),
      scores: Array.from(kernels.scores(q, k, m, n, d, -0.5, make(m * n))),
      gemv: Array.from(kernels.gemv(q, b, m, d, make(m))),
      dot: [kernels.dot(q, b, d)],
      rowNorms: Array.from(kernels.rowNorms(q, m, d, make(m))),
      softmax: Array.from(kernels.softmax(square, m, n, make(m * n))),
      weights: Array.from(kernels.attentionWeights(q, k, m, n, d, 0.5, false, null, 0, make(m * n))),
      attention: Array.from(kernels.attention(q, k, k, m, n, d, d, 0.5, false, null, 0, make(m * d))),
    }
  }

  function both(
    a: Floats,
    b: Floats,
    m: number,
    n: number,
    d: number,
  ): Record<'fast' | 'slow', Record<string, number[]>> {
    const fast = run(a, b, m, n, d)
    kernels.setBackend('js')
    const slow = run(a, b, m, n, d)
    kernels.setBackend('simd')
    return { fast, slow }
  }

  propertyTest.prop({ sizes, a: filled(finite), b: filled(finite) })(
    'finite numbers',
    ({ sizes: { m, n, d }, a, b }) => {
      const { fast, slow } = both(unaligned(a, Type), unaligned(b, Type), m, n, d)
      // No entry exceeds 1, so that a score's terms add up to at most d, and its error to γ_(d+4)·d; a weight, relative to
      // itself, errs by that twice over, by exponentials and by its sum; and d products may underflow.
      const ofScore = gamma(d + 4, u) * d + d * tiny
      const ofWeight = Math.expm1(4 * ofScore + gamma(n + 40, u)) + n * tiny
      for (const [name, values] of Object.entries(fast)) {
        const bound = ['softmax', 'weights', 'attention'].includes(name) ? 2 * ofWeight : 2 * ofScore
        for (const [at, value] of values.entries()) {
          expect(Math.abs(value - slow[name][at]), `${name} at ${at}`).toBeLessThanOrEqual(bound)
        }
      }
    },
  )

  propertyTest.prop({ sizes, a: filled(any), b: filled(any) })('any numbers', ({ sizes: { m, n, d }, a, b }) => {
    const { fast, slow } = both(unaligned(a, Type), unaligned(b, Type), m, n, d)
    for (const [name, values] of Object.entries(fast)) {
      for (const [at, value] of values.entries()) {
        const wanted = slow[name][at]
        // Finite results come of finite inputs or of weights that are 0, and are bounded above; here, what is not finite.
        if (!Number.isFinite(wanted) || !Number.isFinite(value)) expect(value, `${name} at ${at}`).toBe(wanted)
      }
    }
  })

  test('the halves of LayerNorm in place, over every length', () => {
    for (let d = 1; d <= 70; d++) {
      const x = unaligned(numbers(d, 3 * d), Type)
      const each = {
        project: (out: Floats, from: Floats) => kernels.project(from, 3, d, out),
        scale: (out: Floats, from: Floats) => kernels.scale(from, 3, d, 0, out),
        rmsNorm: (out: Floats, from: Floats) => kernels.rmsNorm(from, 3, d, 1e-5, null, out),
      }
      for (const [name, kernel] of Object.entries(each)) {
        const apart = Array.from(kernel(make(3 * d), x))
        const inPlace = unaligned(x, Type)
        expect(kernel(inPlace, inPlace), name).toBe(inPlace)
        expect(Array.from(inPlace), name).toEqual(apart)
      }
    }
  })
})

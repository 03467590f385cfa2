/** The tests of products and attention once more, with the fused multiply-adds of relaxed SIMD: the same bounds hold. */
import './reference/relaxed.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { backend, gemm, setBackend } from '../src/kernels/index.ts'
import { instantiate } from '../src/kernels/simd/module.ts'
import './simd-attention.test.ts'
import './simd.test.ts'

beforeAll(() => setBackend('simd'))

describe('relaxed SIMD', () => {
  const e = 2 ** -30
  const [a, b] = [Float64Array.of(1 + e, -1), Float64Array.of(1 - e, 1)]

  test('is used, and reported', () => {
    setBackend('auto')
    expect(backend()).toEqual({ name: 'simd', reason: expect.stringContaining('fused multiply-adds') as string })
    setBackend('simd')
    expect(backend().reason).toContain('fused multiply-adds')
  })

  test('rounds once where the processor can', () => {
    // (1 + e)(1 − e) − 1 = −e², which two roundings lose.
    const y = gemm(a, b, 1, 1, 2, new Float64Array(1))
    expect([0, -e * e]).toContain(y[0])
    // An engine keeps to one of them.
    expect(gemm(a, b, 1, 1, 2, new Float64Array(1))).toEqual(y)
  })

  test('is not for solvers, whose numbers are the same on every machine', () => {
    const { fused, float64 } = instantiate(false)
    expect(fused).toBe(false)
    const rows = Float64Array.of(-1, 1 + e, 1, 1 - e)
    const [x, y] = [rows.subarray(0, 2), rows.subarray(2)]
    const [at, to] = float64.layout(4, 1)
    float64.write(at, rows, 0, 4)
    float64.multiplyVector(at, at + 16, 1, 2, to)
    expect(float64.view(to, 1)[0]).toBe(x[0] * y[0] + x[1] * y[1])
  })
})

import { test as propertyTest, fc } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  attention,
  attentionWeights,
  dot,
  gemm,
  gemmTransposed,
  gemv,
  layerNorm,
  project,
  projectionMatrix,
  rmsNorm,
  rowNorms,
  scale,
  scores,
  setBackend,
  softmax,
} from '../src/kernels/index.ts'
import { reciprocalPower } from '../src/kernels/power.ts'
import * as reference from './reference/dense.ts'
import { expectWithin, gamma, numbers, rowsOf, u32, u64 } from './reference/dense.ts'

const f64 = (...values: number[]): Float64Array => Float64Array.from(values)

/** Every test runs on both backends, whatever the size. */
describe.each(['js', 'simd'] as const)('on %s', (backend) => {
  beforeAll(() => setBackend(backend))
  afterAll(() => setBackend('auto'))

  describe('degenerate sizes', () => {
    test('no rows, and rows of nothing, leave out alone', () => {
      const out = f64(7)
      const none = f64()
      expect(project(none, 0, 3, out)).toBe(out)
      expect(scale(none, 4, 0, 0, out)).toBe(out)
      expect(layerNorm(none, 4, 0, 1e-5, none, none, out)).toBe(out)
      expect(softmax(none, 0, 3, out)).toBe(out)
      expect(softmax(none, 3, 0, out)).toBe(out)
      expect(scores(none, f64(1, 2), 0, 1, 2, 1, out)).toBe(out)
      expect(projectionMatrix(0, out)).toBe(out)
      expect(gemm(none, none, 0, 0, 3, out)).toBe(out)
      expect(gemmTransposed(none, f64(1, 2), 0, 1, 2, out)).toBe(out)
      expect(gemv(none, f64(1, 2), 0, 2, out)).toBe(out)
      expect(rowNorms(none, 0, 2, out)).toBe(out)
      expect(attention(none, none, none, 0, 0, 3, 1, 1, false, null, 0, out)).toBe(out)
      expect(attentionWeights(f64(1, 1), none, 2, 0, 1, 1, false, null, 0, out)).toBe(out)
      expect(out).toEqual(f64(7))
    })

    test('queries without keys get zeros', () => {
      expect(attention(f64(1, 1), f64(), f64(), 2, 0, 1, 2, 1, false, null, 0, f64(7, 7, 7, 7))).toEqual(
        f64(0, 0, 0, 0),
      )
    })

    test('d = 0: every score is 0', () => {
      expect(scores(f64(), f64(), 2, 3, 0, 1, new Float64Array(6).fill(7))).toEqual(new Float64Array(6))
    })

    test('d = 1', () => {
      expect(project(f64(3, -4), 2, 1, f64(7, 7))).toEqual(f64(0, 0))
      expect(scale(f64(3, -4, 0), 3, 1, 0, f64(7, 7, 7))).toEqual(f64(1, -1, 0))
      expect(layerNorm(f64(3, -4), 2, 1, 0, f64(5), f64(6), f64(7, 7))).toEqual(f64(6, 6))
      expect(projectionMatrix(1, f64(7))).toEqual(f64(0))
    })

    test('n = 1: one key takes all', () => {
      expect(softmax(f64(-1e300, 1e300, 0), 3, 1, f64(0, 0, 0))).toEqual(f64(1, 1, 1))
      expect(attention(f64(1, 2), f64(3), f64(4, 5), 2, 1, 1, 2, 1, false, null, 0, f64(0, 0, 0, 0))).toEqual(
        f64(4, 5, 4, 5),
      )
    })
  })

  describe('sizes are checked', () => {
    test.each([
      ['x', () => project(f64(1), 1, 2, f64(0, 0))],
      ['out', () => project(f64(1, 2), 1, 2, f64(0))],
      ['rows', () => project(f64(1), -1, 1, f64(0))],
      ['d', () => scale(f64(1), 1, 0.5, 0, f64(0))],
      ['d', () => projectionMatrix(NaN, f64(0))],
      ['eps', () => scale(f64(1), 1, 1, -1, f64(0))],
      ['eps', () => layerNorm(f64(1), 1, 1, NaN, null, null, f64(0))],
      ['eps', () => rmsNorm(f64(1), 1, 1, Infinity, null, f64(0))],
      ['gain', () => layerNorm(f64(1, 2), 1, 2, 0, f64(1), null, f64(0, 0))],
      ['bias', () => layerNorm(f64(1, 2), 1, 2, 0, null, f64(1), f64(0, 0))],
      ['s', () => softmax(f64(1), 1, 2, f64(0, 0))],
      ['q', () => scores(f64(1), f64(1), 2, 1, 1, 1, f64(0, 0))],
      ['k', () => scores(f64(1), f64(1), 1, 2, 1, 1, f64(0, 0))],
      ['out', () => scores(f64(1), f64(1), 1, 1, 1, 1, f64())],
      ['v', () => attention(f64(1), f64(1), f64(1), 1, 1, 1, 2, 1, false, null, 0, f64(0, 0))],
      ['dv', () => attention(f64(1), f64(1), f64(1), 1, 1, 1, -1, 1, false, null, 0, f64(0, 0))],
      ['mask', () => attentionWeights(f64(1), f64(1, 2), 1, 2, 1, 1, false, f64(1), 2, f64(0, 0))],
      ['a', () => gemm(f64(1), f64(1, 2), 1, 1, 2, f64(0))],
      ['b', () => gemmTransposed(f64(1, 2), f64(1), 1, 1, 2, f64(0))],
      ['out', () => gemv(f64(1, 2), f64(1), 2, 1, f64(0))],
      ['x', () => gemv(f64(1, 2), f64(1), 1, 2, f64(0))],
      ['y', () => dot(f64(1, 2), f64(1), 2)],
      ['x', () => rowNorms(f64(1), 1, 2, f64(0))],
      ['maskStride', () => attentionWeights(f64(1), f64(1, 2), 1, 2, 1, 1, false, f64(1, 1), 1, f64(0, 0))],
    ])('%s', (name, call) => {
      expect(call).toThrow(RangeError)
      expect(call).toThrow(`${name}: expected `)
    })
  })

  describe('out may be the input, row by row', () => {
    const x = numbers(1, 12)
    test.each([
      ['project', (a: Float64Array, out: Float64Array) => project(a, 3, 4, out)],
      ['scale', (a: Float64Array, out: Float64Array) => scale(a, 3, 4, 0.1, out)],
      ['layerNorm', (a: Float64Array, out: Float64Array) => layerNorm(a, 3, 4, 0.1, f64(1, 2, 3, 4), null, out)],
      ['rmsNorm', (a: Float64Array, out: Float64Array) => rmsNorm(a, 3, 4, 0.1, null, out)],
      ['softmax', (a: Float64Array, out: Float64Array) => softmax(a, 3, 4, out)],
    ])('%s', (_, kernel) => {
      const own = Float64Array.from(x)
      expect(kernel(own, own)).toEqual(kernel(x, new Float64Array(12)))
    })
  })

  describe('a longer out keeps its tail', () => {
    test('projectionMatrix, softmax, attention', () => {
      expect(projectionMatrix(2, f64(9, 9, 9, 9, 9))).toEqual(f64(0.5, -0.5, -0.5, 0.5, 9))
      expect(softmax(f64(0, 0), 1, 2, f64(9, 9, 9))).toEqual(f64(0.5, 0.5, 9))
      expect(attention(f64(1), f64(1), f64(2), 1, 1, 1, 1, 1, false, null, 0, f64(9, 9))).toEqual(f64(2, 9))
    })
  })

  if (backend === 'js')
    describe('float32 in and out: float64 within, one rounding', () => {
      test('scores', () => {
        const q = Float32Array.of(1e8, 1, -1e8)
        const k = Float32Array.of(1, 0.25, 1)
        expect(scores(q, k, 1, 1, 3, 1, new Float32Array(1))).toEqual(Float32Array.of(0.25))
      })

      test('layerNorm', () => {
        const x = Float32Array.from(numbers(3, 20))
        const narrow = layerNorm(x, 4, 5, 1e-5, null, null, new Float32Array(20))
        const wide = layerNorm(x, 4, 5, 1e-5, null, null, new Float64Array(20))
        expect(narrow).toEqual(Float32Array.from(wide))
      })
    })

  const shape = fc.record({
    m: fc.integer({ min: 1, max: 70 }),
    n: fc.integer({ min: 1, max: 140 }),
    d: fc.integer({ min: 1, max: 9 }),
    dv: fc.integer({ min: 0, max: 9 }),
    seed: fc.nat(),
  })

  describe('against the reference, within its bounds', () => {
    propertyTest.prop({ shape, exponent: fc.integer({ min: -4, max: 4 }) })('scores', ({ shape, exponent }) => {
      const { m, n, d, seed } = shape
      const q = numbers(seed, m * d)
      const k = numbers(seed + 1, n * d)
      const factor = 2 ** exponent / 3
      const wanted = reference.scores(rowsOf(q, m, d), rowsOf(k, n, d), { scale: factor })
      expectWithin(scores(q, k, m, n, d, factor, new Float64Array(m * n)), wanted)
      const q32 = Float32Array.from(q)
      const mixed = reference.scores(rowsOf(q32, m, d), rowsOf(k, n, d), { scale: factor })
      expectWithin(scores(q32, k, m, n, d, factor, new Float32Array(m * n)), mixed, u32)
    })

    const masks = fc.constantFrom('none', 'boolean', 'floating', 'row' as const)
    propertyTest.prop({ shape, causal: fc.boolean(), kind: masks, strength: fc.constantFrom(1, 30, 1000) })(
      'attention and its weights, over all masks',
      ({ shape, causal, kind, strength }) => {
        const { m, n, d, dv, seed } = shape
        const q = numbers(seed, m * d)
        const k = numbers(seed + 1, n * d)
        const v = numbers(seed + 2, n * dv)
        const b = numbers(seed + 3, m * n)
        const bytes = Uint8Array.from(b, (x) => (x > 0.5 ? 0 : 1))
        const mask = kind === 'none' ? null : kind === 'floating' ? b : bytes
        const stride = kind === 'row' ? 0 : n
        const added = rowsOf(b, m, n).map((row, i) =>
          row.map((x, j) => {
            if (kind === 'none') return 0
            return kind === 'floating' ? x : bytes[i * stride + j] === 0 ? -Infinity : 0
          }),
        )
        const scoring = { scale: strength, causal, mask: added }
        const s = reference.scores(rowsOf(q, m, d), rowsOf(k, n, d), scoring)
        const weights = attentionWeights(q, k, m, n, d, strength, causal, mask, stride, new Float64Array(m * n))
        const sums = rowsOf(weights, m, n).map((row) => row.reduce((sum, x) => sum + x, 0))
        expectWithin(
          weights,
          s.map((row) => reference.softmax(row)),
        )
        for (const [i, sum] of sums.entries()) {
          if (s[i].value.every((x) => x === -Infinity)) expect(sum).toBe(0)
          else expect(Math.abs(sum - 1)).toBeLessThanOrEqual(gamma(2 * n + 2))
        }
        expectWithin(
          attention(q, k, v, m, n, d, dv, strength, causal, mask, stride, new Float64Array(m * dv)),
          reference.attention(rowsOf(q, m, d), rowsOf(k, n, d), rowsOf(v, n, dv), dv, scoring),
        )
      },
    )

    propertyTest.prop({ seed: fc.nat(), d: fc.integer({ min: 1, max: 40 }), shift: fc.constantFrom(0, 1, 1e6, 1e12) })(
      'project, and what its rows sum to',
      ({ seed, d, shift }) => {
        const x = numbers(seed, d).map((value) => value + shift)
        const y = project(x, 1, d, new Float64Array(d))
        expectWithin(y, [reference.project(Array.from(x))])
        const size = y.reduce((total, value) => total + Math.abs(value), 0)
        const sum = y.reduce((total, value) => total + value, 0)
        // The mean of the rest errs by γ_d·mean|r|, each subtraction by u, and this sum by γ_d; r differs from y by γ_d.
        expect(Math.abs(sum)).toBeLessThanOrEqual(
          (gamma(d + 2) + u64 + gamma(d)) * (1 + gamma(d + 2)) * size + d * shift * gamma(d) ** 2,
        )
      },
    )

    propertyTest.prop({
      seed: fc.nat(),
      d: fc.integer({ min: 1, max: 40 }),
      eps: fc.constantFrom(0, 1e-12, 1e-5, 1, 1e9),
    })('scale, layerNorm and rmsNorm', ({ seed, d, eps }) => {
      const x = numbers(seed, d)
      const gain = numbers(seed + 1, d)
      const bias = numbers(seed + 2, d)
      const ones = Array.from(x, () => 1)
      const zeros = Array.from(x, () => 0)
      const given = { value: Array.from(x), error: zeros }
      const out = new Float64Array(d)
      expectWithin(scale(x, 1, d, eps, out), [reference.normalise(given, eps, ones, zeros)])
      expectWithin(rmsNorm(x, 1, d, eps, gain, out), [reference.normalise(given, eps, Array.from(gain), zeros)])
      expectWithin(layerNorm(x, 1, d, eps, gain, bias, out), [
        reference.normalise(reference.project(Array.from(x)), eps, Array.from(gain), Array.from(bias)),
      ])
    })
  })
})

test('the power of two brings any normal size into [1, 4), a subnormal one to 2^-51 or more', () => {
  for (let exponent = -1074; exponent <= 1023; exponent++) {
    const size = 2 ** exponent
    const s = reciprocalPower(size)
    expect(Number.isInteger(Math.log2(s))).toBe(true)
    expect(s >= 2 ** -1022 && s < Infinity).toBe(true)
    expect(size * s).toBeGreaterThanOrEqual(exponent < -1022 ? 2 ** -51 : 1)
    expect(size * s).toBeLessThan(4)
  }
  expect(reciprocalPower(Number.MAX_VALUE) * Number.MAX_VALUE).toBeLessThan(4)
  expect(reciprocalPower(Infinity)).toBe(1)
})

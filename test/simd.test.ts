/** Products, norms, softmax and exponentials of the SIMD module against slow references, within computed bounds. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dot, gemm, gemmTransposed, gemv, rowNorms, scores, setBackend, softmax } from '../src/kernels/index.ts'
import { instantiate } from '../src/kernels/simd/module.ts'
import * as reference from './reference/dense.ts'
import { expectWithin, gamma, numbers, rowsOf, u32, u64 } from './reference/dense.ts'
import { everySize, unaligned } from './reference/sizes.ts'

beforeAll(() => setBackend('simd'))
afterAll(() => setBackend('auto'))

const types = [
  ['float32', Float32Array, u32, 2 ** -149],
  ['float64', Float64Array, u64, 2 ** -1074],
] as const

const transpose = (x: ArrayLike<number>, rows: number, d: number): number[] =>
  Array.from({ length: rows * d }, (_, at) => x[(at % rows) * d + Math.floor(at / rows)])

describe.each(types)('%s', (_, Type, u, tiny) => {
  const random = (seed: number, length: number): Float32Array | Float64Array => unaligned(numbers(seed, length), Type)

  test('products and scores, over every size', () => {
    for (const [at, [m, n, d]] of everySize(3, 4).entries()) {
      const [a, b] = [random(at, m * d), random(at + 1, n * d)]
      const wanted = reference.scores(rowsOf(a, m, d), rowsOf(b, n, d), { scale: 1 }, u)
      const out = unaligned(new Float64Array(m * n + 1).fill(7), Type)
      expectWithin(gemmTransposed(a, b, m, n, d, out).subarray(0, m * n), wanted, u)
      expect(out[m * n]).toBe(7)
      expectWithin(gemm(a, unaligned(transpose(b, n, d), Type), m, n, d, new Type(m * n)), wanted, u)
      const scaled = reference.scores(rowsOf(a, m, d), rowsOf(b, n, d), { scale: -0.3 }, u)
      expectWithin(scores(a, b, m, n, d, -0.3, new Type(m * n)), scaled, u)
    }
  })

  /** Longer than a piece of the sum, wider than a chunk of columns, taller than a block of rows. */
  test.each([
    [3, 5, 1100],
    [300, 9, 600],
    [2, 2100, 3],
    [70, 4200, 2],
    [5, 1030, 1030],
  ])('products of %i×%i, sums of %i', (m, n, d) => {
    const [a, b] = [random(1, m * d), random(2, n * d)]
    const wanted = reference.scores(rowsOf(a, m, d), rowsOf(b, n, d), { scale: 1 }, u)
    expectWithin(gemmTransposed(a, b, m, n, d, new Type(m * n)), wanted, u)
    expectWithin(gemm(a, unaligned(transpose(b, n, d), Type), m, n, d, new Type(m * n)), wanted, u)
  })

  test('vectors and norms, over every size', () => {
    for (const [at, [rows, d]] of [...everySize(2, 6), [3, 100_000]].entries()) {
      const [a, x] = [random(at, rows * d), random(at + 1, d)]
      const wanted = reference.scores(rowsOf(a, rows, d), [Array.from(x)], { scale: 1 }, u)
      const products = gemv(a, x, rows, d, new Type(rows))
      expectWithin(products, wanted, u)
      if (rows > 0) expectWithin([dot(a, x, d)], wanted.slice(0, 1), u)
      const norms = rowsOf(a, rows, d).map((row) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)))
      const error = norms.map((norm) => (gamma(d + 2) + u) * norm)
      expectWithin(rowNorms(a, rows, d, new Type(rows)), [{ value: norms, error }], u)
    }
  })

  test('softmax, over every size, in place and not', () => {
    for (const [at, [rows, n]] of everySize(2, 6).entries()) {
      const s = random(at, rows * n).map((x) => x * [1, 30, 1000][at % 3])
      const wanted = rowsOf(s, rows, n).map((value) =>
        reference.softmax({ value, error: value.map(() => 0) }, u, 1, tiny),
      )
      const apart = softmax(s, rows, n, new Type(rows * n))
      expectWithin(apart, n === 0 ? [] : wanted, u)
      expect(softmax(s, rows, n, s)).toBe(s)
      expect(Array.from(s)).toEqual(Array.from(apart))
    }
  })

  test('softmax at infinity and beyond', () => {
    const rows = [
      [-Infinity, -Infinity, -Infinity],
      [Infinity, 0, Infinity],
      [-Infinity, 5, -Infinity],
      [NaN, -Infinity, 0],
      [-0, 0, -Infinity],
    ]
    expect(Array.from(softmax(Type.from(rows.flat()), 5, 3, new Type(15)))).toEqual(
      [0, 0, 0, 0.5, 0, 0.5, 0, 1, 0, NaN, NaN, NaN, 0.5, 0.5, 0].map((x) => new Type([x])[0]),
    )
    const most = Type === Float32Array ? 3e38 : 1e308
    expect(Array.from(softmax(Type.of(most, most, -most), 1, 3, new Type(3)))).toEqual([0.5, 0.5, 0])
  })

  test('inputs are read as they are: signed zeros, subnormal numbers, the largest', () => {
    const values = [0, -0, tiny, -3 * tiny, 2 ** -70, Type === Float32Array ? 3e38 : 1e154, 1]
    const [a, b] = [Type.from(values), Type.from(values).reverse()]
    for (const [m, n, d] of [
      [7, 7, 1],
      [1, 1, 7],
    ]) {
      const wanted = reference.scores(rowsOf(a, m, d), rowsOf(b, n, d), { scale: 1 }, u64)
      const out = gemmTransposed(a, b, m, n, d, new Float64Array(m * n))
      expectWithin(out, wanted)
      // The reference says so by its own rounding: an entry too large for float32 is infinite there.
      const narrow = gemmTransposed(a, b, m, n, d, new Type(m * n))
      expect(Array.from(narrow)).toEqual(Array.from(Type.from(out)))
    }
    expect(Array.from(rowNorms(a, 7, 1, new Type(7)))).toEqual(Array.from(a, Math.abs))
  })

  test('NaN and infinities take their course', () => {
    const a = Type.of(1, NaN, Infinity, 0)
    expect(Array.from(gemmTransposed(a, Type.of(1, 2), 4, 2, 1, new Type(8)))).toEqual([
      1,
      2,
      NaN,
      NaN,
      Infinity,
      Infinity,
      0,
      0,
    ])
    expect(Array.from(gemmTransposed(a, Type.of(0), 4, 1, 1, new Type(4)))).toEqual([0, NaN, NaN, 0])
    expect(Array.from(gemv(a, Type.of(2), 4, 1, new Type(4)))).toEqual([2, NaN, Infinity, 0])
    expect(dot(a, a, 4)).toBeNaN()
    expect(Array.from(rowNorms(a, 4, 1, new Type(4)))).toEqual([1, NaN, Infinity, 0])
  })
})

describe('exponents that float32 sums could not follow', () => {
  test.each([
    [1e30, 1e30, 1e-30],
    [1e-30, 1e-30, 1e30],
    [1e-25, 1e-20, 1],
    [3e38, 0.5, 1],
  ])('entries up to %d and %d, times %d', (size, other, factor) => {
    const q = Float32Array.from(numbers(1, 40), (x) => x * size)
    const k = Float32Array.from(numbers(2, 40), (x) => x * other)
    const wanted = reference.scores(rowsOf(q, 4, 10), rowsOf(k, 4, 10), { scale: factor })
    expectWithin(scores(q, k, 4, 4, 10, factor, new Float64Array(16)), wanted)
    const narrow = scores(q, k, 4, 4, 10, factor, new Float32Array(16))
    for (const [at, value] of wanted.flatMap((row) => row.value).entries()) {
      expect(Math.abs(narrow[at] - value)).toBeLessThanOrEqual(u32 * Math.abs(value) * (1 + u32) + 2 ** -149)
    }
  })

  test('norms of float64 whose squares would overflow or underflow', () => {
    const norms = rowNorms(Float64Array.of(3e200, 4e200, 3e-200, 4e-200), 2, 2, new Float64Array(2))
    expectWithin(norms, [{ value: [5e200, 5e-200], error: [gamma(5) * 5e200, gamma(5) * 5e-200] }])
  })
})

describe('the exponential', () => {
  const { float32, float64 } = instantiate(true)

  /** e^(x − 0), through the kernel that softmax uses. */
  function exponentials(lanes: typeof float32, x: Float32Array | Float64Array): Float32Array | Float64Array {
    const [at] = lanes.layout(x.length)
    lanes.write(at, x, 0, x.length)
    lanes.exponentials(at, x.length, 0)
    return lanes.view(at, x.length)
  }

  /** The distance from one number to the next at |x|, down to the least subnormal one. */
  const ulp = (x: number, digits: number, least: number): number =>
    Math.max(2 ** (Math.floor(Math.log2(Math.abs(x))) - digits), least)

  test('float32 is right to 2 ulp, everywhere it is not 0', () => {
    // Every 97th float from the least that matters to −0, in pieces: some twelve million of them.
    const bits = new Uint32Array(1 << 16)
    const piece = new Float32Array(bits.buffer)
    let worst = 0
    for (let start = 0x8000_0000; start <= 0xc2d0_0000; start += 97 * bits.length) {
      for (let at = 0; at < bits.length; at++) bits[at] = Math.min(start + 97 * at, 0xc2d0_0000)
      const y = exponentials(float32, piece)
      for (let at = 0; at < piece.length; at++) {
        const wanted = Math.exp(piece[at])
        const error = Math.abs(y[at] - wanted) / ulp(wanted, 23, 2 ** -149)
        if (!(error <= worst)) worst = error
      }
    }
    expect(worst).toBeLessThanOrEqual(1.25)
  })

  test('float64 is right to 2 ulp, Math.exp to 1 taken off', () => {
    const x = Float64Array.from(numbers(5, 1 << 18), (value, at) => -Math.abs(value) * [1, 40, 745][at % 3])
    const y = exponentials(float64, x)
    let worst = 0
    for (let at = 0; at < x.length; at++) {
      const wanted = Math.exp(x[at])
      worst = Math.max(worst, Math.abs(y[at] - wanted) / ulp(wanted, 52, 2 ** -1074))
    }
    expect(worst).toBeLessThanOrEqual(3)
  })

  test.each([
    ['float32', float32, -104, -103.97],
    ['float64', float64, -746, -745.1],
  ] as const)('%s: 1 at 0, and 0 where nothing else is near', (_, lanes, none, some) => {
    const y = Array.from(exponentials(lanes, Float64Array.of(0, -0, -Infinity, none, -3e38, some)))
    expect(y.slice(0, 5)).toEqual([1, 1, 0, 0, 0])
    expect(y[5]).toBe(lanes === float32 ? 2 ** -149 : 2 ** -1074)
  })
})

describe('both backends agree within the sum of their bounds', () => {
  const shape = fc.record({
    m: fc.integer({ min: 0, max: 90 }),
    n: fc.integer({ min: 0, max: 90 }),
    d: fc.integer({ min: 0, max: 90 }),
    seed: fc.nat(),
    exponent: fc.integer({ min: -30, max: 30 }),
  })

  propertyTest.prop({ shape, narrow: fc.boolean() })('products', ({ shape, narrow }) => {
    const { m, n, d, seed, exponent } = shape
    const Type = narrow ? Float32Array : Float64Array
    const a = Type.from(numbers(seed, m * d).map((x) => x * 2 ** exponent))
    const b = Type.from(numbers(seed + 1, n * d))
    const run = (backend: 'js' | 'simd'): Float32Array | Float64Array => {
      setBackend(backend)
      return gemmTransposed(a, b, m, n, d, new Type(m * n))
    }
    const [slow, fast] = [run('js'), run('simd')]
    const u = narrow ? u32 : u64
    const bounds = reference.scores(rowsOf(a, m, d), rowsOf(b, n, d), { scale: 1 }, u)
    const error = bounds.flatMap((row) => row.error)
    for (let at = 0; at < slow.length; at++) expect(Math.abs(fast[at] - slow[at])).toBeLessThanOrEqual(2 * error[at])
  })

  propertyTest.prop({ shape, narrow: fc.boolean() })('softmax', ({ shape, narrow }) => {
    const { m, n, seed, exponent } = shape
    const Type = narrow ? Float32Array : Float64Array
    const s = Type.from(numbers(seed, m * n).map((x) => x * 2 ** (exponent / 4)))
    const run = (backend: 'js' | 'simd'): Float32Array | Float64Array => {
      setBackend(backend)
      return softmax(s, m, n, new Type(m * n))
    }
    const [slow, fast] = [run('js'), run('simd')]
    const bounds = rowsOf(s, m, n).map((value) =>
      reference.softmax({ value, error: value.map(() => 0) }, narrow ? u32 : u64, 1, narrow ? 2 ** -149 : 2 ** -1074),
    )
    const error = bounds.flatMap((row) => row.error)
    for (let at = 0; at < slow.length; at++) expect(Math.abs(fast[at] - slow[at])).toBeLessThanOrEqual(2 * error[at])
  })
})

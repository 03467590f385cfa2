/** Fused attention and its weights on the SIMD module, against the slow reference, within computed bounds. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attention, attentionWeights, setBackend } from '../src/kernels/index.ts'
import type { Mask } from '../src/kernels/index.ts'
import * as reference from './reference/dense.ts'
import { expectWithin, numbers, rowsOf, u32, u64 } from './reference/dense.ts'
import type { Bounded } from './reference/dense.ts'
import { everySize, unaligned } from './reference/sizes.ts'

beforeAll(() => setBackend('simd'))
afterAll(() => setBackend('auto'))

type Floats = Float32Array | Float64Array

const types = [
  ['float32', Float32Array, u32],
  ['float64', Float64Array, u64],
] as const

interface Case {
  readonly sizes: readonly number[]
  readonly scale: number
  readonly causal: boolean
  readonly mask: Mask | null
  readonly maskStride: number
}

/** What is added to the scores, −∞ where a key is excluded. */
function added({ sizes: [m, n], mask, maskStride }: Case): number[][] | undefined {
  if (mask === null) return undefined
  return Array.from({ length: m }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      const b = mask[i * maskStride + j]
      if (mask.BYTES_PER_ELEMENT !== 1) return b
      return b === 0 ? -Infinity : 0
    }),
  )
}

/** Both kernels on one case, against the reference. */
function check(
  q: Floats,
  k: Floats,
  v: Floats,
  each: Case,
  Type: typeof Float32Array | typeof Float64Array,
  u: number,
) {
  const { sizes, scale, causal, mask, maskStride } = each
  const [m, n, d, dv] = sizes
  const b = added(each)
  const scoring = { scale, causal, ...(b === undefined ? {} : { mask: b }) }
  const rows = [rowsOf(q, m, d), rowsOf(k, n, d), rowsOf(v, n, dv)] as const
  const tiny = u === u32 ? 2 ** -149 : 2 ** -1074
  const weights = reference.scores(rows[0], rows[1], scoring, u).map((row) => reference.softmax(row, u, 1, tiny))
  const none: Bounded = { value: new Array<number>(dv).fill(0), error: new Array<number>(dv).fill(0) }
  const wanted = n === 0 ? rows[0].map(() => none) : reference.attention(...rows, dv, scoring, u, 3)
  const out = unaligned(new Float64Array(m * dv + 1).fill(7), Type)
  const y = attention(q, k, v, m, n, d, dv, scale, causal, mask, maskStride, out)
  expectWithin(y.subarray(0, m * dv), wanted, u)
  expect(out[m * dv]).toBe(7)
  const w = attentionWeights(q, k, m, n, d, scale, causal, mask, maskStride, new Type(m * n))
  expectWithin(w, n === 0 ? [] : weights, u)
}

/** A mask of each kind, by number. */
function maskOf(kind: number, seed: number, m: number, n: number, Type: typeof Float32Array | typeof Float64Array) {
  const b = numbers(seed, m * n)
  const bytes = Uint8Array.from(b, (x) => (x > 0.5 ? 0 : 1))
  const finite = unaligned(b, Type)
  const excluding = Type.from(b.map((x) => (x > 0.5 ? -Infinity : x)))
  const masks = [
    { mask: null, maskStride: 0 },
    { mask: bytes, maskStride: n },
    { mask: bytes.subarray(0, n), maskStride: 0 },
    { mask: finite, maskStride: n },
    { mask: excluding, maskStride: n },
    { mask: excluding.subarray(0, n), maskStride: 0 },
  ]
  return m === 0 ? masks[0] : masks[kind % masks.length]
}

describe.each(types)('%s', (_, Type, u) => {
  const random = (seed: number, length: number): Floats => unaligned(numbers(seed, length), Type)

  test('over every size, all masks in turn', () => {
    for (const [at, sizes] of everySize(4, 3).entries()) {
      const [m, n, d, dv] = sizes
      const [q, k, v] = [random(at, m * d), random(at + 1, n * d), random(at + 2, n * dv)]
      const masking = maskOf(at % 7, at + 3, m, n, Type)
      check(q, k, v, { sizes, scale: [1, 0.125, -30][at % 3], causal: at % 2 === 1, ...masking }, Type, u)
    }
  })

  /** Several tiles, several blocks of queries; several chunks of keys; a mask read in several runs. */
  test.each([
    [600, 300, 5, 9],
    [3, 900, 33, 65],
    [9, 2600, 520, 330],
  ])('m = %i, n = %i, d = %i, dv = %i', (...sizes) => {
    const [m, n, d, dv] = sizes
    const [q, k, v] = [random(1, m * d), random(2, n * d), random(3, n * dv)]
    for (const [causal, kind] of [
      [false, 0],
      [true, 4],
    ] as const) {
      check(q, k, v, { sizes, scale: 0.5, causal, ...maskOf(kind, 9, m, n, Type) }, Type, u)
    }
  })

  test('rows that see nothing are zeros, and the first tile may be one of them', () => {
    const [m, n] = [3, 200]
    const v = random(1, n)
    const mask = new Uint8Array(m * n)
    mask[n + 150] = 1
    mask[2 * n] = 1
    const y = attention(new Type(m), new Type(n), v, m, n, 1, 1, 1, false, mask, n, new Type(m))
    expect(Array.from(y)).toEqual([0, v[150], v[0]])
  })

  test('a mask of the least finite number masks, and alone it changes nothing', () => {
    const least = Type === Float32Array ? -3.4028234663852886e38 : -Number.MAX_VALUE
    const v = Type.of(1, 2, 4)
    const run = (...mask: number[]): number =>
      attention(Type.of(1), Type.of(0, 0, 0), v, 1, 3, 1, 1, 1, false, Type.from(mask), 3, new Type(1))[0]
    expect(run(0, least, 0)).toBe(2.5)
    expect(run(least, least, -Infinity)).toBe(1.5)
  })

  test('what is not finite goes where IEEE arithmetic and the masks send it', () => {
    const q = Type.of(1, 1)
    const k = Type.of(1, Infinity, NaN)
    const v = Type.of(3, 5, NaN)
    const see = (...mask: number[]): number[] =>
      Array.from(attention(q, k, v, 2, 3, 1, 1, 1, false, Uint8Array.from(mask), 0, new Type(2)))
    expect(see(1, 0, 0)).toEqual([3, 3])
    expect(see(1, 1, 0)).toEqual([5, 5])
    expect(see(1, 0, 1)).toEqual([NaN, NaN])
    const infinite = attention(
      Type.of(0),
      Type.of(0, 0),
      Type.of(1, 3),
      1,
      2,
      1,
      1,
      1,
      false,
      Type.of(Infinity, 0),
      2,
      q,
    )
    expect(infinite[0]).toBe(1)
  })

  test('values whose sum overflows where their mean does not', () => {
    const most = Type === Float32Array ? 3e38 : 1.7e308
    const v = new Type(100).fill(most)
    const y = attention(Type.of(0), new Type(100), v, 1, 100, 1, 1, 1, false, null, 0, new Type(1))
    expect(Math.abs(y[0] / v[0] - 1)).toBeLessThanOrEqual(200 * u)
  })
})

describe('exponents that float32 scores could not follow', () => {
  test.each([
    [1e30, 1e30, 1e-60],
    [1e-30, 1e-30, 1e60],
    [1e20, 1e25, 1],
  ])('queries of %d, keys of %d, scale %d', (size, other, scale) => {
    const [m, n, d] = [4, 30, 3]
    const q = Float32Array.from(numbers(1, m * d), (x) => x * size)
    const k = Float32Array.from(numbers(2, n * d), (x) => x * other)
    const v = Float32Array.from(numbers(3, n))
    const run = (backend: 'js' | 'simd'): number[] => {
      setBackend(backend)
      return Array.from(attention(q, k, v, m, n, d, 1, scale, false, null, 0, new Float32Array(m)))
    }
    expect(run('simd')).toEqual(run('js'))
  })
})

describe('memory', () => {
  test('32,768 keys of dimension 64 take less than 64 MiB beside inputs and output', () => {
    const [n, d] = [32_768, 64]
    const x = Float32Array.from(numbers(1, n * d))
    const out = new Float32Array(16 * d)
    const before = process.memoryUsage()
    attention(x.subarray(0, 16 * d), x, x, 16, n, d, d, 0.125, false, null, 0, out)
    const after = process.memoryUsage()
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(64 * 2 ** 20)
    expect(out.every((value) => Number.isFinite(value))).toBe(true)
  })
})

describe('both backends agree within the sum of their bounds', () => {
  const shape = fc.record({
    m: fc.integer({ min: 1, max: 40 }),
    n: fc.integer({ min: 1, max: 300 }),
    d: fc.integer({ min: 1, max: 20 }),
    dv: fc.integer({ min: 1, max: 20 }),
    seed: fc.nat(),
    kind: fc.integer({ min: 0, max: 5 }),
    causal: fc.boolean(),
    narrow: fc.boolean(),
  })

  propertyTest.prop({ shape, scale: fc.constantFrom(0.1, 3, 100) })('attention', ({ shape, scale }) => {
    const { m, n, d, dv, seed, kind, causal, narrow } = shape
    const Type = narrow ? Float32Array : Float64Array
    const [q, k, v] = [m * d, n * d, n * dv].map((length, at) => Type.from(numbers(seed + at, length)))
    const masking = maskOf(kind, seed + 4, m, n, Type)
    const run = (backend: 'js' | 'simd'): Floats => {
      setBackend(backend)
      const { mask, maskStride } = masking
      return attention(q, k, v, m, n, d, dv, scale, causal, mask, maskStride, new Type(m * dv))
    }
    const [slow, fast] = [run('js'), run('simd')]
    const b = added({ sizes: [m, n], scale, causal, ...masking })
    const scoring = { scale, causal, ...(b === undefined ? {} : { mask: b }) }
    const u = narrow ? u32 : u64
    const wanted = reference.attention(rowsOf(q, m, d), rowsOf(k, n, d), rowsOf(v, n, dv), dv, scoring, u, 3)
    const error = wanted.flatMap((row) => row.error)
    for (let at = 0; at < slow.length; at++) expect(Math.abs(fast[at] - slow[at])).toBeLessThanOrEqual(2 * error[at])
  })
})

/** LayerNorm and its halves on the SIMD module, against the slow reference, within the bounds that the kernels state. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { layerNorm, project, rmsNorm, scale, setBackend } from '../src/kernels/index.ts'
import * as reference from './reference/dense.ts'
import { expectWithin, numbers, rowsOf, u32, u64 } from './reference/dense.ts'
import type { Bounded } from './reference/dense.ts'
import { everySize, unaligned } from './reference/sizes.ts'

beforeAll(() => setBackend('simd'))
afterAll(() => setBackend('auto'))

type Floats = Float32Array | Float64Array

const types = [
  ['float32', Float32Array],
  ['float64', Float64Array],
] as const

const isNarrow = (Type: typeof Float32Array | typeof Float64Array): boolean => Type === Float32Array

/** A row without its mean, as the kernel of its type computes it. */
function centred(row: number[], narrow: boolean): Bounded {
  return narrow ? reference.shiftedProject(row) : reference.project(row)
}

function normalised(x: Bounded, eps: number, gain: Floats | null, bias: Floats | null, narrow: boolean): Bounded {
  const d = x.value.length
  const [g, b] = [
    gain ? Array.from(gain) : new Array<number>(d).fill(1),
    bias ? Array.from(bias) : new Array<number>(d).fill(0),
  ]
  return narrow ? reference.normalise(x, eps, g, b, u32, 24) : reference.normalise(x, eps, g, b)
}

describe.each(types)('%s', (_, Type) => {
  const narrow = isNarrow(Type)
  const u = narrow ? u32 : u64
  const random = (seed: number, length: number, shift = 0): Floats =>
    unaligned(
      numbers(seed, length).map((x) => x + shift),
      Type,
    )

  test('over every size, with and without gain and bias, in place and not', () => {
    for (const [at, [rows, d]] of [...everySize(2, 8), [2, 1023], [130, 300], [1, 40_000]].entries()) {
      if (d === 0) continue
      const shift = [0, 1, 1000][at % 3]
      const x = random(at, rows * d, shift)
      const [gain, bias] = [at % 2 === 0 ? random(at + 1, d) : null, at % 4 < 2 ? random(at + 2, d) : null]
      const eps = [0.01, 1e-5, 1, 0][at % 4]
      const given = rowsOf(x, rows, d)
      const exact = given.map((row) => ({ value: row, error: row.map(() => 0) }))
      const apart = layerNorm(x, rows, d, eps, gain, bias, new Type(rows * d))
      expectWithin(
        apart,
        given.map((row) => normalised(centred(row, narrow), eps, gain, bias, narrow)),
        u,
      )
      expectWithin(
        project(x, rows, d, new Type(rows * d)),
        given.map((row) => centred(row, narrow)),
        u,
      )
      expectWithin(
        rmsNorm(x, rows, d, eps, gain, new Type(rows * d)),
        exact.map((row) => normalised(row, eps, gain, null, narrow)),
        u,
      )
      expectWithin(
        scale(x, rows, d, eps, new Type(rows * d)),
        exact.map((row) => normalised(row, eps, null, null, narrow)),
        u,
      )
      expect(layerNorm(x, rows, d, eps, gain, bias, x)).toBe(x)
      expect(Array.from(x)).toEqual(Array.from(apart))
    }
  })

  test('a constant row leaves nothing, of any size and length', () => {
    for (const value of [0.1, 1 / 3, -1e6, narrow ? 3e38 : 1e308, narrow ? 2 ** -149 : 5e-324]) {
      for (const d of [1, 2, 15, 16, 17, 256, 300, 1000]) {
        const x = new Type(d).fill(value)
        expect(project(x, 1, d, new Type(d)).every((y) => y === 0)).toBe(true)
        expect(layerNorm(x, 1, d, 0, null, null, new Type(d)).every((y) => y === 0)).toBe(true)
      }
    }
  })

  test('a mean far from zero costs nothing but its own digits', () => {
    const d = 768
    const top = narrow ? 2 ** 20 : 2 ** 49
    const x = Type.from(Array.from({ length: d }, (_, c) => top + (c % 3)))
    const mean = [0, 1, 2].map((value) => value - 1)
    const wanted = Array.from(x, (_, c) => mean[c % 3] / Math.sqrt(2 / 3))
    const y = layerNorm(x, 1, d, 0, null, null, new Type(d))
    for (let c = 0; c < d; c++) expect(Math.abs(y[c] - wanted[c])).toBeLessThanOrEqual(30 * u)
  })

  test('one large entry: what is left of the others is right relative to it', () => {
    for (const at of [0, 5, 700]) {
      const x = random(3, 768)
      x[at] = 5000
      const wanted = [normalised(centred(Array.from(x), narrow), 1e-5, null, null, narrow)]
      expectWithin(layerNorm(x, 1, 768, 1e-5, null, null, new Type(768)), wanted, u)
    }
  })

  test('rows at any exponent, zeros, NaN and infinities', () => {
    const sizes = narrow ? [1e-40, 1e-30, 1e30, 3e38] : [1e-310, 1e-200, 1e200, 1e308]
    const rows = [...sizes.map((size) => [size, -size, size, size]), [0, 0, 0, 0], [-0, 0, 0, 0]]
    const x = Type.from(rows.flat())
    const wanted = [...sizes.flatMap(() => [1, -1, 1, 1]), 0, 0, 0, 0, 0, 0, 0, 0]
    expect(Array.from(scale(x, 6, 4, 0, new Type(24)))).toEqual(wanted)
    const bad = Type.of(NaN, 1, Infinity, 1, 1, 3)
    expect(Array.from(layerNorm(bad, 3, 2, 0, null, null, new Type(6)))).toEqual([NaN, NaN, NaN, NaN, -1, 1])
  })

  test('gains and biases of float64, of any size', () => {
    const x = Type.of(1, 3)
    const gain = Float64Array.of(1e-300, -1e300)
    const bias = Float64Array.of(0.25, 0)
    const y = layerNorm(x, 1, 2, 0, gain, bias, new Type(2))
    expect(Array.from(y)).toEqual([0.25, narrow ? -Infinity : -1e300])
  })
})

describe('both backends agree within the sum of their bounds', () => {
  propertyTest.prop({
    rows: fc.integer({ min: 1, max: 9 }),
    d: fc.integer({ min: 1, max: 600 }),
    seed: fc.nat(),
    shift: fc.constantFrom(0, 1, 1000),
    narrow: fc.boolean(),
  })('layerNorm', ({ rows, d, seed, shift, narrow }) => {
    const Type = narrow ? Float32Array : Float64Array
    const x = Type.from(numbers(seed, rows * d).map((value) => value + shift))
    const [gain, bias] = [Type.from(numbers(seed + 1, d)), Type.from(numbers(seed + 2, d))]
    const run = (backend: 'js' | 'simd'): Floats => {
      setBackend(backend)
      return layerNorm(x, rows, d, 1e-5, gain, bias, new Type(rows * d))
    }
    const [slow, fast] = [run('js'), run('simd')]
    const error = rowsOf(x, rows, d).flatMap((row) => normalised(centred(row, narrow), 1e-5, gain, bias, narrow).error)
    for (let at = 0; at < slow.length; at++) expect(Math.abs(fast[at] - slow[at])).toBeLessThanOrEqual(2 * error[at])
  })
})

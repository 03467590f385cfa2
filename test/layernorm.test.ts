import { test as propertyTest, fc } from '@fast-check/vitest'
import ndarray from 'ndarray'
import { describe, expect, test } from 'vitest'
import { layerNorm, project, projectionMatrix, rmsNorm, scale } from '../src/layernorm.ts'
import * as reference from './reference/dense.ts'
import { expectWithin, gamma, numbers, rowsOf, u32, u64 } from './reference/dense.ts'

const list = (x: { data: ArrayLike<number> }): number[] => Array.from(x.data)
const norm = (x: ArrayLike<number>): number => Math.hypot(...Array.from(x))

/** ‖scale(x)‖ against √d: the root errs by γ_(d+3) relative, the quotient by u, and `Math.hypot` by γ_(d+3). */
function expectOnSphere(row: ArrayLike<number>): void {
  const radius = Math.sqrt(row.length)
  expect(Math.abs(norm(row) - radius)).toBeLessThanOrEqual(2 * gamma(row.length + 4) * radius)
}

describe('degenerate sizes', () => {
  test('no rows', () => {
    expect(project([]).shape).toEqual([0, 0])
    expect(layerNorm(ndarray(new Float32Array(0), [0, 5])).shape).toEqual([0, 5])
    expect(layerNorm(ndarray(new Float32Array(0), [0, 5])).dtype).toBe('float32')
    expect(scale(ndarray(new Float64Array(0), [3, 0])).shape).toEqual([3, 0])
  })

  test('d = 1: centred to nothing, scaled to a sign', () => {
    expect(list(project([[3], [-1e308]]))).toEqual([0, 0])
    expect(list(scale([[3], [-1e308], [0]]))).toEqual([1, -1, 0])
    expect(list(layerNorm([[3]], { eps: 0, gain: [2], bias: [7] }))).toEqual([7])
  })

  test('d = 2: LayerNorm puts every row on ±(1, −1)', () => {
    expect(
      list(
        layerNorm(
          [
            [5, 1],
            [-3, 4],
            [0.1, 0.3],
          ],
          { eps: 0 },
        ),
      ),
    ).toEqual([1, -1, -1, 1, -1, 1])
  })

  test('a single vector keeps its rank', () => {
    expect(project(Float32Array.of(1, 3)).shape).toEqual([2])
    expect(list(project([1, 3]))).toEqual([-1, 1])
  })

  test('stacks of heads, row by row', () => {
    const x = numbers(1, 24)
    const flat = list(layerNorm({ data: x, dims: [6, 4] }))
    expect(layerNorm({ data: x, dims: [2, 3, 4] }).shape).toEqual([2, 3, 4])
    expect(list(layerNorm({ data: x, dims: [2, 1, 3, 4] }))).toEqual(flat)
  })
})

describe('the zero row and constant rows', () => {
  test('a zero row stays zero, at any eps', () => {
    expect(
      list(
        scale([
          [0, 0],
          [3, 3],
        ]),
      ),
    ).toEqual([0, 0, 1, 1])
    expect(list(scale([[0, 0]], { eps: 1e-5 }))).toEqual([0, 0])
  })

  test.each([0.1, 1 / 3, 1e300, 5e-324, -Number.MAX_VALUE])(
    'a constant row of %d projects to exactly zero',
    (value) => {
      for (const d of [1, 2, 3, 7, 10, 49]) {
        const row = new Array<number>(d).fill(value)
        expect(list(project([row])).every((x) => x === 0)).toBe(true)
        expect(list(layerNorm([row], { eps: 0, bias: row }))).toEqual(row)
      }
    },
  )
})

describe('any exponent', () => {
  test.each([1, 1e150, 1e-150, 1e300, 1e-300, 5e-324, 2 ** -1022, 2 ** 1020])('norm √d at %d', (size) => {
    const x = scale([[3 * size, 4 * size, 0, size]])
    expectOnSphere(list(x))
  })

  test('entries at the very top', () => {
    const top = Number.MAX_VALUE
    expect(list(scale([[top, -top, top, top]]))).toEqual([1, -1, 1, 1])
    const half = 2 ** 1023
    expect(list(project([[half, half, half, -half]]))).toEqual([half / 2, half / 2, half / 2, -1.5 * half])
    expect(list(project([[top, top, top, -top]])).at(-1)).toBe(-Infinity)
    expect(list(layerNorm([[top, -top]]))).toEqual([1, -1])
    expect(list(project([[top, top / 2]]))).toEqual([top / 4, -top / 4])
  })

  test('powers of two change nothing, down to the bit, while no entry is subnormal', () => {
    const x = numbers(5, 30)
    for (const k of [-900, -500, 3, 500, 1000]) {
      const moved = x.map((value) => value * 2 ** k)
      expect(list(scale({ data: moved, dims: [3, 10] }))).toEqual(list(scale({ data: x, dims: [3, 10] })))
      expect(list(layerNorm({ data: moved, dims: [3, 10] }, { eps: 0 }))).toEqual(
        list(layerNorm({ data: x, dims: [3, 10] }, { eps: 0 })),
      )
    }
  })

  test('eps far from the square of the row', () => {
    expect(list(scale([[1e-300, 0]], { eps: 0.25 }))).toEqual([2e-300, 0])
    expect(list(scale([[1e-300, 0]], { eps: 1e300 }))).toEqual([0, 0])
    expect(list(scale([[1e300, -1e300]], { eps: 1e300 }))).toEqual([1, -1])
    expect(list(scale([[3, 4]], { eps: 1e-320 }))).toEqual(list(scale([[3, 4]])))
  })

  test('subnormal rows project exactly', () => {
    expect(list(project([[5e-324, 15e-324]]))).toEqual([-5e-324, 5e-324])
  })

  test('NaN and infinities stay in their row', () => {
    expect(
      list(
        layerNorm(
          [
            [NaN, 1],
            [Infinity, 1],
            [1, 3],
          ],
          { eps: 0 },
        ),
      ),
    ).toEqual([NaN, NaN, NaN, NaN, -1, 1])
    expect(
      list(
        scale([
          [NaN, 1],
          [Infinity, 1],
        ]),
      ),
    ).toEqual([NaN, NaN, NaN, 0])
  })
})

describe('LayerNorm as published', () => {
  /** Variance 1.25, so that ε = 1 tells 1.5/√2.25 = 1 from 1.5/(√1.25 + 1) = 0.708. */
  test('ε belongs inside the root', () => {
    expect(list(layerNorm([[1, 2, 3, 4]], { eps: 1 }))).toEqual([-1, -1 / 3, 1 / 3, 1])
    expect(list(rmsNorm([[1, -1]], { eps: 3 }))).toEqual([0.5, -0.5])
    expect(list(scale([[2, 2, 2, 2]], { eps: 12 }))).toEqual([0.5, 0.5, 0.5, 0.5])
  })

  test('torch.nn.functional.layer_norm of 1, 2, 3, 4, 5, printed to four places', () => {
    const y = layerNorm([Float32Array.of(1, 2, 3, 4, 5)])
    expect(y.dtype).toBe('float32')
    expect(list(y).map((x) => x.toFixed(4))).toEqual(['-1.4142', '-0.7071', '0.0000', '0.7071', '1.4142'])
  })

  test('the divisor of the variance is d, not d − 1', () => {
    expect(list(layerNorm([[0, 2]], { eps: 0 }))).toEqual([-1, 1])
  })

  test('a mean a million times the spread costs no accuracy, where mean(x²) − mean² loses every digit', () => {
    const x = [2 ** 40 + 1, 2 ** 40 + 2, 2 ** 40 + 3, 2 ** 40 + 6]
    expect(list(project([x]))).toEqual([-2, -1, 0, 3])
    expect(list(layerNorm([x], { eps: 12.5 }))).toEqual([-0.5, -0.25, 0, 0.75])
  })

  test('gain and bias are any array-like of length d', () => {
    const x = [[1, 3]]
    const wanted = [-2 + 10, 4 + 20]
    for (const gain of [[2, 4], Float32Array.of(2, 4), Int8Array.of(2, 4), ndarray(Float64Array.of(2, 4))]) {
      for (const bias of [[10, 20], Uint16Array.of(10, 20), ndarray(Float32Array.of(20, 10)).step(-1)]) {
        expect(list(layerNorm(x, { eps: 0, gain, bias }))).toEqual(wanted)
      }
    }
    expect(list(rmsNorm([[1, 7]], { eps: 0, gain: [10, 5] }))).toEqual([2, 7])
  })

  test('LayerNorm is the projection, then the scaling', () => {
    const x = { data: numbers(2, 60), dims: [5, 12] }
    const wanted = rowsOf(x.data, 5, 12).map((row) => {
      return reference.normalise(
        reference.project(row),
        1e-5,
        new Array<number>(12).fill(1),
        new Array<number>(12).fill(0),
      )
    })
    expectWithin(list(scale(project(x), { eps: 1e-5 })), wanted)
    expectWithin(list(layerNorm(x)), wanted)
  })
})

describe('the projection matrix', () => {
  test.each([1, 2, 3, 4, 8, 30])('d = %i: symmetric, idempotent, of trace d − 1, image ⟂ 1', (d) => {
    const p = projectionMatrix(d)
    expect([p.dtype, ...p.shape]).toEqual(['float64', d, d])
    const rows = rowsOf(p.data, d, d)
    const columns = rows.map((_, j) => rows.map((row) => row[j]))
    expect(columns).toEqual(rows)
    const bound = gamma(d + 3) * 2
    for (const [i, row] of rows.entries()) {
      expect(Math.abs(row.reduce((sum, x) => sum + x, 0))).toBeLessThanOrEqual(bound)
      for (const [j, column] of columns.entries()) {
        const product = row.reduce((sum, x, c) => sum + x * column[c], 0)
        expect(Math.abs(product - rows[i][j])).toBeLessThanOrEqual(bound)
      }
    }
    const trace = rows.reduce((sum, row, i) => sum + row[i], 0)
    expect(Math.abs(trace - (d - 1))).toBeLessThanOrEqual(gamma(d + 1) * d)
  })

  test('is what project does', () => {
    expect(list(projectionMatrix(4))).toEqual(
      list(
        project([
          [1, 0, 0, 0],
          [0, 1, 0, 0],
          [0, 0, 1, 0],
          [0, 0, 0, 1],
        ]),
      ),
    )
  })

  test('of nothing is nothing', () => {
    expect(projectionMatrix(0).shape).toEqual([0, 0])
  })
})

describe('types, strides, and what comes in stays as it was', () => {
  test('float32 only where every floating input is', () => {
    const x = Float32Array.of(1, 3)
    expect(project([x]).dtype).toBe('float32')
    expect(project([[1, 3]]).dtype).toBe('float64')
    expect(scale({ data: Int32Array.of(1, 3), dims: [1, 2] }).dtype).toBe('float64')
    expect(layerNorm([x], { gain: [1, 2], bias: [0, 1] }).dtype).toBe('float32')
    expect(layerNorm([x], { gain: Float32Array.of(1, 2) }).dtype).toBe('float32')
    expect(layerNorm([x], { gain: Float64Array.of(1, 2) }).dtype).toBe('float64')
    expect(layerNorm([x], { bias: ndarray(Float64Array.of(1, 2)) }).dtype).toBe('float64')
    expect(rmsNorm([x], { gain: Uint8Array.of(1, 2) }).dtype).toBe('float32')
  })

  test('float32 rows are right to a few roundings of the centred row', () => {
    const data = Float32Array.from(numbers(9, 300), (x) => 1000 + x)
    const wanted = rowsOf(data, 3, 100).map((row) => {
      const [ones, zeros] = [row.map(() => 1), row.map(() => 0)]
      return reference.normalise(reference.shiftedProject(row), 1e-5, ones, zeros, u32, 20)
    })
    expectWithin(list(layerNorm({ data, dims: [3, 100] })), wanted, u32)
  })

  test('views: transposed, reversed, offset', () => {
    const x = ndarray(numbers(4, 40), [5, 8])
    for (const view of [x.transpose(1, 0), x.step(-1, 1), x.step(2, -3), x.hi(4, 6).lo(1, 2)]) {
      const [n, d] = view.shape
      const rows = Array.from({ length: n }, (_, i) => Array.from({ length: d }, (_, c) => view.get(i, c)))
      expect(list(layerNorm(view))).toEqual(list(layerNorm(rows)))
      expect(list(project(view))).toEqual(list(project(rows)))
    }
  })

  test('inputs are neither written nor kept', () => {
    const data = numbers(6, 12)
    const gain = numbers(7, 4)
    const before = [Float64Array.from(data), Float64Array.from(gain)]
    const results = [project, scale, rmsNorm].map((f) => f({ data, dims: [3, 4] }))
    const y = layerNorm({ data, dims: [3, 4] }, { gain, bias: gain })
    expect([data, gain]).toEqual(before)
    for (const result of [...results, y]) expect(result.data.buffer).not.toBe(data.buffer)
  })
})

describe('errors', () => {
  test.each<[string, () => unknown, ErrorConstructor, string]>([
    ['no matrix', () => project('x' as never), TypeError, 'X: expected a matrix'],
    [
      'five axes',
      () => scale({ data: [1], dims: [1, 1, 1, 1, 1] }),
      RangeError,
      'X: expected 1 or 2 or 3 or 4 dimensions, got 5',
    ],
    ['ragged', () => layerNorm([[1, 2], [3]]), RangeError, 'X: expected every row to have 2 entries, got 1'],
    ['short', () => layerNorm({ data: [1, 2], dims: [2, 2] }), RangeError, 'X: expected data'],
    ['eps < 0', () => scale([[1]], { eps: -1 }), RangeError, 'eps: expected a finite number >= 0, got -1'],
    ['eps NaN', () => rmsNorm([[1]], { eps: NaN }), RangeError, 'eps: expected a finite number >= 0, got NaN'],
    [
      'eps ∞',
      () => layerNorm([[1]], { eps: Infinity }),
      RangeError,
      'eps: expected a finite number >= 0, got Infinity',
    ],
    [
      'eps text',
      () => layerNorm([[1]], { eps: '1' as never }),
      TypeError,
      'eps: expected a number, got the string "1"',
    ],
    ['gain long', () => layerNorm([[1, 2]], { gain: [1, 2, 3] }), RangeError, 'gain: expected length 2, got 3'],
    [
      'bias short',
      () => layerNorm([[1, 2]], { bias: Float32Array.of(1) }),
      RangeError,
      'bias: expected length 2, got 1',
    ],
    ['gain null', () => rmsNorm([[1, 2]], { gain: null as never }), TypeError, 'gain: expected'],
    ['gain matrix', () => rmsNorm([[1, 2]], { gain: [[1, 2]] }), RangeError, 'gain: expected 1 dimension, got 2'],
    ['d < 0', () => projectionMatrix(-1), RangeError, 'd: expected an integer >= 0, got -1'],
    ['d = 1.5', () => projectionMatrix(1.5), RangeError, 'd: expected an integer >= 0, got 1.5'],
    ['d text', () => projectionMatrix('3' as never), TypeError, 'd: expected an integer >= 0, got the string "3"'],
  ])('%s', (_, call, kind, message) => {
    expect(call).toThrow(kind)
    expect(call).toThrow(message)
  })
})

describe('invariants', () => {
  const row = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 12 })
  const power = fc.integer({ min: -300, max: 300 }).map((k) => 2 ** k)

  propertyTest.prop({ row, power })('every row but zero ends on the sphere', ({ row, power }) => {
    const x = row.map((value) => value * power)
    if (x.some((value) => value !== 0)) expectOnSphere(list(scale([x])))
  })

  propertyTest.prop({ row, power })('projecting twice is projecting once', ({ row, power }) => {
    const once = list(project([row.map((value) => value * power)]))
    const d = row.length
    const size = once.reduce((sum, x) => sum + Math.abs(x), 0)
    for (const [c, x] of list(project([once])).entries()) {
      expect(Math.abs(x - once[c])).toBeLessThanOrEqual(gamma(2 * d + 6) * size + u64 * Math.abs(x))
    }
  })

  propertyTest.prop({ row, shift: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }) })(
    'a shift along 1 is projected away',
    ({ row, shift }) => {
      const moved = row.map((value) => value + shift)
      expectWithin(
        list(project([moved])),
        [reference.project(row)].map(({ value }) => ({ value, error: reference.project(moved).error })),
      )
    },
  )
})

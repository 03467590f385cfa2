/** The door: whatever matrix comes in, the same numbers go on; whatever is none is refused by name. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import ndarray from 'ndarray'
import { describe, expect, test } from 'vitest'
import type { MatrixLike } from '../src/index.ts'
import { certify, project, scores, selectability, verify } from '../src/index.ts'
import { allocate, readDense, readVector, resultFloat, toNdarray } from '../src/matrix.ts'

const read = (x: unknown, ranks: readonly number[] = [2]): ReturnType<typeof readDense> =>
  readDense('keys', x as MatrixLike, ranks)
const entries = (x: unknown): number[] => Array.from(read(x).data)

/** A typed array whose memory has been given away, as a transfer to a worker does. */
function detach<T extends Float64Array | Float32Array>(x: T): T {
  structuredClone(x.buffer, { transfer: [x.buffer] })
  return x
}

const oneToSix = [
  [1, 2, 3],
  [4, 5, 6],
]
const flat = [1, 2, 3, 4, 5, 6]

describe('every kind of matrix', () => {
  const f64 = Float64Array.from(flat)
  const columnMajor = Float64Array.of(1, 4, 2, 5, 3, 6)
  test.each<[string, unknown]>([
    ['rows of numbers', oneToSix],
    ['frozen rows', Object.freeze(oneToSix.map((row) => Object.freeze([...row])))],
    ['rows of Float64Array', oneToSix.map((row) => Float64Array.from(row))],
    ['rows of Float32Array', oneToSix.map((row) => Float32Array.from(row))],
    ['rows of Int8Array', oneToSix.map((row) => Int8Array.from(row))],
    ['rows of different kinds', [oneToSix[0], Uint8Array.from(oneToSix[1])]],
    ['rows that are views', [f64.subarray(0, 3), f64.subarray(3)]],
    ['data and shape', { data: f64, shape: [2, 3] }],
    ['data and a typed shape', { data: f64, shape: Uint32Array.of(2, 3) }],
    ['plain data and shape', { data: flat, shape: [2, 3] }],
    ['data, shape and offset', { data: Float32Array.of(9, 9, ...flat, 9), shape: [2, 3], offset: 2 }],
    ['column-major data', { data: columnMajor, shape: [2, 3], stride: [1, 2] }],
    ['column-major plain data', { data: Array.from(columnMajor), shape: [2, 3], stride: [1, 2] }],
    ['padded rows', { data: Int16Array.of(1, 2, 3, 99, 4, 5, 6), shape: [2, 3], stride: [4, 1] }],
    ['data backwards', { data: Float64Array.from(flat).reverse(), shape: [2, 3], stride: [-3, -1], offset: 5 }],
    ['rows backwards', { data: [4, 5, 6, 1, 2, 3], shape: [2, 3], stride: [-3, 1], offset: 3 }],
    ['data and dims', { data: f64, dims: [2, 3] }],
    ['a tensor', { data: Float32Array.from(flat), dims: [2, 3], type: 'float32', size: 6, location: 'cpu' }],
    ['an ndarray', ndarray(f64.slice(), [2, 3])],
    ['a transposed ndarray', ndarray(columnMajor.slice(), [3, 2]).transpose(1, 0)],
    ['a reversed ndarray', ndarray(Float64Array.from(flat).reverse(), [2, 3]).step(-1, -1)],
    ['a window of an ndarray', ndarray(Float32Array.of(0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6), [3, 4]).lo(1, 1)],
    ['every other row', ndarray(Int32Array.of(1, 2, 3, 0, 0, 0, 4, 5, 6, 0, 0, 0), [4, 3]).step(2, 1)],
    ['a plane of a cube', ndarray(Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0), [2, 3, 2]).pick(-1, -1, 0)],
    ['an ndarray of a plain array', ndarray([...flat], [2, 3])],
    ['an ndarray with a lazy store', ndarray({ length: 6, get: (at: number) => at + 1, set: () => 0 }, [2, 3])],
  ])('%s', (_, x) => {
    expect(read(x).shape).toEqual([2, 3])
    expect(entries(x)).toEqual(flat)
    expect(Array.from(scores([[1, 0, 0]], x as MatrixLike, { scale: 1 }).data)).toEqual([1, 4])
  })

  test('every dtype that holds numbers, clamped bytes too', () => {
    const kinds = [Float64Array, Float32Array, Int8Array, Int16Array, Int32Array]
    const unsigned = [Uint8Array, Uint8ClampedArray, Uint16Array, Uint32Array]
    for (const kind of [...kinds, ...unsigned]) {
      expect(entries({ data: kind.from(flat), dims: [2, 3] })).toEqual(flat)
      expect(entries(ndarray(kind.from(flat), [3, 2]).transpose(1, 0))).toEqual([1, 3, 5, 2, 4, 6])
    }
  })

  test('a stride of 0 repeats', () => {
    expect(entries({ data: [7, 8], shape: [3, 2], stride: [0, 1] })).toEqual([7, 8, 7, 8, 7, 8])
  })

  test('the strides of an axis of length 1 and of an empty matrix do not matter', () => {
    expect(entries({ data: [1, 2], shape: [1, 2], stride: [999, 1] })).toEqual([1, 2])
    expect(read({ data: [], shape: [0, 3], stride: [-5, 7] }).shape).toEqual([0, 3])
    expect(read(ndarray(new Float32Array(0), [4, 0])).shape).toEqual([4, 0])
  })

  test('no rows, and rows of nothing', () => {
    expect(read([]).shape).toEqual([0, 0])
    expect(read([[], []]).shape).toEqual([2, 0])
  })

  test('stacks of matrices, and vectors where asked for', () => {
    expect(read([oneToSix, oneToSix, oneToSix], [3]).shape).toEqual([3, 2, 3])
    expect(read([[oneToSix.map((row) => Float32Array.from(row))]], [4]).shape).toEqual([1, 1, 2, 3])
    expect(read(flat, [1]).shape).toEqual([6])
    expect(read(Int8Array.from(flat), [1, 2]).shape).toEqual([6])
  })

  const sizes = { rows: fc.integer({ min: 1, max: 5 }), columns: fc.integer({ min: 1, max: 5 }) }
  const steps = fc.integer({ min: -3, max: 3 }).filter((step) => step !== 0)
  propertyTest.prop({ ...sizes, byRow: steps, byColumn: steps, spare: fc.nat(4) })(
    'any strides and offset give what get(i, c) gives',
    ({ rows, columns, byRow, byColumn, spare }) => {
      const view = ndarray(
        Float64Array.from({ length: rows * columns * 9 + 2 * spare }, (_, at) => at),
        [rows * 3, columns * 3],
        [columns * 3, 1],
        spare,
      ).step(byRow, byColumn)
      const expected = Array.from({ length: view.shape[0] }, (_, i) =>
        Array.from({ length: view.shape[1] }, (_, c) => view.get(i, c)),
      )
      expect(entries(view)).toEqual(expected.flat())
      const { data, shape, stride, offset } = view
      expect(entries({ data: Array.from(data), shape, stride, offset })).toEqual(expected.flat())
    },
  )
})

describe('results', () => {
  test('are float32 only where every floating input is', () => {
    const f32 = read([Float32Array.of(1)])
    const f64 = read([[1]])
    const ints = read([Int32Array.of(1)])
    expect([f32.float, f64.float, ints.float]).toEqual(['float32', 'float64', null])
    expect(resultFloat(f32, f32)).toBe('float32')
    expect(resultFloat(f32, ints)).toBe('float32')
    expect(resultFloat(f32, f64)).toBe('float64')
    expect(resultFloat(ints, ints)).toBe('float64')
    expect(resultFloat()).toBe('float64')
    expect(read([Float32Array.of(1), Float64Array.of(1)]).float).toBe('float64')
    expect(read([Float32Array.of(1), Int8Array.of(1)]).float).toBe('float32')
    expect(read({ data: [1], shape: [1, 1] }).float).toBe('float64')
    expect(read({ data: Float32Array.of(1, 2), shape: [1, 1], stride: [2, 2], offset: 1 }).float).toBe('float32')
  })

  test('integers beside float32 rows keep all their digits', () => {
    expect(entries([Int32Array.of(2 ** 24 + 1), Float32Array.of(0.5)])).toEqual([2 ** 24 + 1, 0.5])
  })

  test('are ndarrays over storage of their own', () => {
    const out = toNdarray(allocate('out', 'float32', [2, 3]), [2, 3])
    expect([out.dtype, out.shape, out.stride, out.offset]).toEqual(['float32', [2, 3], [3, 1], 0])
    expect(scores([Float32Array.of(1)], { data: Float32Array.of(2), dims: [1, 1] }).dtype).toBe('float32')
    expect(scores([Float32Array.of(1)], [[2]]).dtype).toBe('float64')
    expect(allocate('out', 'float64', [2])).toEqual(Float64Array.of(0, 0))
  })
})

describe('inputs', () => {
  const square = Float64Array.of(1, 1, 1, -1, -1, 1, -1, -1, 0, 0)

  test('are not modified', () => {
    const data = square.slice()
    const bias = Float64Array.of(0, 0, 0, 0, 1)
    const report = selectability({ data, shape: [5, 2] }, { bias })
    for (let i = 0; i < 5; i++) verify({ data, shape: [5, 2] }, report.certificate(i), { bias })
    project(ndarray(data, [2, 5]).transpose(1, 0))
    expect(data).toEqual(square)
    expect(bias).toEqual(Float64Array.of(0, 0, 0, 0, 1))
  })

  test('are not kept: a report does not change with the memory that it was made from', () => {
    const data = square.slice()
    const bias = Float64Array.of(0, 0, 0, 0, -1)
    const report = selectability({ data, shape: [5, 2] }, { bias })
    data.fill(7)
    bias.fill(7)
    for (let i = 0; i < 5; i++) {
      const options = { bias: Float64Array.of(0, 0, 0, 0, -1) }
      expect(verify({ data: square, shape: [5, 2] }, report.certificate(i), options)).toEqual({ valid: true })
    }
  })

  test('share no memory with certificates', () => {
    const report = selectability({ data: square, shape: [5, 2] })
    const first = report.certificate(0)
    if (first.verdict !== 'selectable') throw new Error('a corner is selectable')
    expect(first.query.buffer).not.toBe(square.buffer)
  })
})

describe('vectors', () => {
  test('any array-like of numbers, or a matrix of one dimension', () => {
    for (const x of [
      [3, 4],
      Int8Array.of(3, 4),
      ndarray(Float32Array.of(4, 3)).step(-1),
      { data: [3, 4], dims: [2] },
    ]) {
      expect(readVector('bias', x, 2)).toEqual(Float64Array.of(3, 4))
    }
    expect(readVector('bias', [], 0)).toEqual(new Float64Array(0))
  })

  test('is a copy', () => {
    const x = Float64Array.of(1, 2)
    expect(readVector('bias', x, 2).buffer).not.toBe(x.buffer)
  })
})

describe('what is no matrix of numbers', () => {
  test.each<[string, unknown, string]>([
    ['null', null, 'keys: expected a matrix (ndarray, tensor or rows of numbers), got null'],
    ['undefined', undefined, 'keys: expected a matrix (ndarray, tensor or rows of numbers), got undefined'],
    ['a number', 3, 'keys: expected a matrix (ndarray, tensor or rows of numbers), got 3'],
    ['a string', '1,2', 'keys: expected a matrix (ndarray, tensor or rows of numbers), got the string "1,2"'],
    ['a function', () => 1, 'keys: expected a matrix (ndarray, tensor or rows of numbers), got a function'],
    ['an object', {}, 'keys: expected a matrix (ndarray, tensor or rows of numbers), got an object'],
    ['a map', new Map(), 'keys: expected a matrix'],
    ['a DataView', new DataView(new ArrayBuffer(8)), 'keys: expected a matrix'],
    [
      'bigints',
      BigInt64Array.of(1n),
      'keys: expected a matrix (ndarray, tensor or rows of numbers), got BigInt64Array',
    ],
    ['rows of strings', [['1']], 'keys: expected numbers, got the string "1" at row 0, column 0'],
    ['plain rows of bigints', [[1n]], 'keys: expected numbers, got a bigint at row 0, column 0'],
    ['a row of null', [[1], [null]], 'keys: expected numbers, got null at row 1, column 0'],
    ['a row that is null', [null, [1]], 'keys: expected numbers, got null at position 0'],
    ['a row that is a number', [[1], 2], 'keys: expected rows of numbers, got 2 at row 1'],
    ['a hole for a row', Object.assign([[1]], { 2: [1] }), 'keys: expected rows of numbers, got undefined at row 1'],
    ['rows that are objects', [{ 0: 1 }], 'keys: expected rows of numbers, got a row that is an object'],
    ['rows of bigints', [BigInt64Array.of(1n)], 'keys: expected rows of numbers, got a row that is BigInt64Array'],
    ['data that is a string', { data: '1', shape: [1, 1] }, 'keys: expected its data to be an array of numbers'],
    ['data that is null', { data: null, dims: [1, 1] }, 'keys: expected its data to be an array of numbers, got null'],
    [
      'data of bigints',
      { data: BigInt64Array.of(1n), dims: [1, 1] },
      'keys: expected its data to be an array of numbers, got BigInt64Array',
    ],
    ['data of strings', { data: [1, 'x'], shape: [1, 2] }, 'keys: expected numbers, got the string "x" at position 1'],
    ['half floats as bits', { data: Uint16Array.of(15360), dims: [1, 1], type: 'float16' }, 'got float16'],
    ['shape null', { data: [1], shape: null }, 'keys: expected its shape to be an array of integers, got null'],
    ['dims a number', { data: [1], dims: 1 }, 'keys: expected its shape to be an array of integers, got 1'],
    ['dims of bigints', { data: [1], dims: [1n, 1n] }, 'keys: expected its shape to be an array of integers'],
    ['stride null', { data: [1], shape: [1, 1], stride: null }, 'keys: expected its stride to be an array of integers'],
    [
      'offset text',
      { data: [1], shape: [1, 1], offset: '0' },
      'keys: expected its offset to be an integer, got the string "0"',
    ],
  ])('%s is a TypeError', (_, x, message) => {
    expect(() => read(x)).toThrow(TypeError)
    expect(() => read(x)).toThrow(message)
    expect(() => selectability(x as MatrixLike)).toThrow(message)
  })
})

describe('a matrix of the wrong shape', () => {
  test.each<[string, unknown, string]>([
    ['three dimensions', [[[1]]], 'keys: expected 2 dimensions, got 3'],
    ['one dimension', [1, 2], 'keys: expected 2 dimensions, got 1'],
    ['a typed array', Float64Array.of(1), 'keys: expected 2 dimensions, got 1'],
    ['no dimension', { data: [1], shape: [] }, 'keys: expected 2 dimensions, got 0'],
    ['an ndarray of three', ndarray(new Float64Array(8), [2, 2, 2]), 'keys: expected 2 dimensions, got 3'],
    ['a short row', [[1, 2], [3]], 'keys: expected every row to have 2 entries, got 1 at row 1'],
    ['a long row', [[1], Float32Array.of(1, 2)], 'keys: expected every row to have 1 entries, got 2 at row 1'],
    ['an empty row', [[1], []], 'keys: expected every row to have 1 entries, got 0 at row 1'],
    [
      'data too short',
      { data: [1, 2, 3], shape: [2, 2] },
      'keys: expected data for indices 0 to 3 (shape [2, 2]), got 3',
    ],
    ['a tensor too short', { data: new Float32Array(3), dims: [2, 2] }, 'got 3 elements'],
    ['a stride too long', { data: [1, 2, 3, 4], shape: [2, 2], stride: [3, 1] }, 'for indices 0 to 4'],
    ['before the start', { data: [1, 2], shape: [2, 1], stride: [-1, 1] }, 'for indices -1 to 0'],
    ['an offset too far', { data: [1, 2], shape: [1, 2], offset: 1 }, 'for indices 1 to 2'],
    ['a negative offset', { data: [1, 2], shape: [1, 1], offset: -1 }, 'for indices -1 to -1'],
    ['a fractional offset', { data: [1, 2], shape: [1, 1], offset: 0.5 }, 'keys: expected data for indices 0.5'],
    ['strides of another rank', { data: [1], shape: [1, 1], stride: [1] }, 'keys: expected 2 integer strides, got [1]'],
    ['a fractional stride', { data: [1, 2], shape: [1, 2], stride: [1, 0.5] }, 'keys: expected 2 integer strides'],
    ['a negative size', { data: [1], shape: [-1, 1] }, 'keys: expected every size in its shape to be an integer >= 0'],
    ['a fractional size', { data: [1], dims: [1, 1.5] }, 'an integer >= 0, got 1.5'],
    ['a size of NaN', { data: [1], dims: [1, NaN] }, 'an integer >= 0, got NaN'],
    ['many sizes', { data: [], dims: Array(400).fill(1) }, '(shape [1, 1, 1, 1, 1, 1, 1, 1, …]), got 0 elements'],
    ['sizes beyond memory', { data: [1], dims: [2 ** 40, 2 ** 40] }, 'got 1 elements'],
    ['a detached buffer', { data: detach(new Float64Array(4)), dims: [2, 2] }, 'got 0 elements'],
    ['a detached row', [[1, 2], detach(new Float32Array(2))], 'to have 2 entries, got 0 at row 1'],
  ])('%s is a RangeError', (_, x, message) => {
    expect(() => read(x)).toThrow(RangeError)
    expect(() => read(x)).toThrow(message)
    expect(() => selectability(x as MatrixLike)).toThrow(message)
  })

  test('all ranks that would do are named, and so is the argument', () => {
    expect(() => readDense('Q', [[[[[1]]]]] as unknown as MatrixLike, [2, 3, 4])).toThrow(
      'Q: expected 2 or 3 or 4 dimensions, got 5',
    )
    expect(() => readVector('bias', [[1]], 1)).toThrow('bias: expected 1 dimension, got 2')
    expect(() => readVector('bias', [1, 2, 3], 2)).toThrow('bias: expected length 2, got 3')
  })

  test.each<[string, MatrixLike, string]>([
    ['no rows', [], 'keys: expected at least 1 key, got 0'],
    ['no rows of three', ndarray(new Float64Array(0), [0, 3]), 'keys: expected at least 1 key, got 0'],
    ['no columns', [[], []], 'keys: expected at least 1 dimension a key, got 0'],
    ['detached rows', [detach(new Float64Array(2))], 'keys: expected at least 1 dimension a key, got 0'],
  ])('keys with %s are a RangeError', (_, x, message) => {
    expect(() => selectability(x)).toThrow(RangeError)
    expect(() => selectability(x)).toThrow(message)
  })
})

describe('numbers that are not finite', () => {
  test.each([NaN, Infinity, -Infinity])('%d in keys is a RangeError that names row and column', (bad) => {
    const message = `keys: expected finite numbers, got ${bad} in row 2, column 1`
    const rows = [[1, 2], [3, 4], Float32Array.of(5, bad)]
    const transposed = ndarray(Float32Array.of(1, 3, 5, 2, 4, bad), [2, 3]).transpose(1, 0)
    for (const keys of [rows, transposed, { data: [1, 2, 3, 4, 5, bad], dims: [3, 2] }]) {
      expect(() => selectability(keys)).toThrow(RangeError)
      expect(() => selectability(keys)).toThrow(message)
      expect(() => certify(keys, 0)).toThrow(message)
      expect(() => verify(keys, certify([[1]], 0))).toThrow(message)
    }
  })

  test('the first one is named, and what lies outside the view does not count', () => {
    expect(() => selectability([[1], [NaN], [Infinity]])).toThrow('got NaN in row 1, column 0')
    expect(selectability({ data: [NaN, 1, NaN, 2], shape: [2, 1], stride: [2, 1], offset: 1 }).n).toBe(2)
  })
})

describe('indices', () => {
  test.each([-1, 2, 0.5, NaN, Infinity])('%d of two keys is a RangeError', (i) => {
    const message = `i: expected an index from 0 to 1, got ${i}`
    expect(() => certify([[1], [2]], i)).toThrow(RangeError)
    expect(() => certify([[1], [2]], i)).toThrow(message)
    expect(() => selectability([[1], [2]]).certificate(i)).toThrow(message)
  })

  test.each([undefined, null, '0', 0n])('%s is a TypeError', (i) => {
    expect(() => certify([[1], [2]], i as never)).toThrow(TypeError)
    expect(() => certify([[1], [2]], i as never)).toThrow('i: expected the index of a key, got')
  })
})

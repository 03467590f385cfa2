import { test as propertyTest, fc } from '@fast-check/vitest'
import ndarray from 'ndarray'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { attention, attentionWeights, scores, softmax } from '../src/attention.ts'
import type { AttentionOptions } from '../src/attention.ts'
import * as reference from './reference/dense.ts'
import { expectWithin, gamma, numbers, rowsOf, u32, u64 } from './reference/dense.ts'

const list = (x: { data: ArrayLike<number> }): number[] => Array.from(x.data)

/** The same numbers as every form of matrix. */
function matrix(seed: number, ...dims: number[]): { data: Float64Array; dims: number[] } {
  return {
    data: numbers(
      seed,
      dims.reduce((product, size) => product * size, 1),
    ),
    dims,
  }
}

/** Matrix `at` of a stack, as rows. */
function slice({ data, dims }: { data: ArrayLike<number>; dims: readonly number[] }, at: number): number[][] {
  const [rows, d] = dims.slice(-2)
  return rowsOf(Array.from(data).slice(at * rows * d, (at + 1) * rows * d), rows, d)
}

describe('degenerate sizes', () => {
  test('no queries, no keys', () => {
    expect(scores([], [[1, 2]]).shape).toEqual([0, 1])
    expect(scores([[1, 2]], []).shape).toEqual([1, 0])
    expect(
      attentionWeights(
        [
          [1, 2],
          [3, 4],
        ],
        [],
      ).shape,
    ).toEqual([2, 0])
    expect(
      list(
        attention(
          [
            [1, 2],
            [3, 4],
          ],
          ndarray(new Float64Array(0), [0, 2]),
          ndarray(new Float64Array(0), [0, 3]),
        ),
      ),
    ).toEqual(new Array(6).fill(0))
    expect(attention([], [[1]], [[2]]).shape).toEqual([0, 1])
    expect(softmax([]).shape).toEqual([0, 0])
  })

  test('no heads, no batch', () => {
    const none = ndarray(new Float64Array(0), [0, 4, 2])
    expect(attention(none, none, none).shape).toEqual([0, 4, 2])
    const noBatch = ndarray(new Float64Array(0), [0, 2, 4, 2])
    expect(scores(noBatch, noBatch).shape).toEqual([0, 2, 4, 4])
  })

  test('d = 0: all scores are 0, all weights alike', () => {
    const q = ndarray(new Float64Array(0), [1, 0])
    const k = ndarray(new Float64Array(0), [4, 0])
    expect(list(scores(q, k))).toEqual([0, 0, 0, 0])
    expect(list(attention(q, k, [[1], [2], [3], [6]]))).toEqual([3])
    expect(attention(q, k, ndarray(new Float64Array(0), [4, 0])).shape).toEqual([1, 0])
  })

  test('one key takes all, whatever it scores', () => {
    for (const key of [0, -1e150, 1e150, 5e-324]) {
      expect(list(attentionWeights([[1e150]], [[key]]))).toEqual([1])
      expect(list(attention([[1e150]], [[key]], [[7, 5e-324]]))).toEqual([7, 5e-324])
    }
  })
})

describe('scores', () => {
  test('1/√d unless given', () => {
    expect(list(scores([[1, 2, 3, 4]], [[1, 1, 1, 1]]))).toEqual([5])
    expect(list(scores([[1, 2, 3, 4]], [[1, 1, 1, 1]], { scale: -1 }))).toEqual([-10])
    expect(list(scores([[1, 2]], [[3, 4]], { scale: 0 }))).toEqual([0])
  })

  test('large exponents', () => {
    expect(list(scores([[1e150]], [[1e150]]))).toEqual([1e150 * 1e150])
    expect(list(scores([[1e-150]], [[1e150], [1e-150]]))).toEqual([1e-150 * 1e150, 1e-150 * 1e-150])
  })
})

describe('softmax', () => {
  test('rows at infinity', () => {
    const rows = [
      [-Infinity, -Infinity, -Infinity],
      [Infinity, 0, Infinity],
      [-Infinity, 5, -Infinity],
      [NaN, -Infinity, -Infinity],
      [Infinity, NaN, 0],
    ]
    expect(list(softmax(rows))).toEqual([0, 0, 0, 0.5, 0, 0.5, 0, 1, 0, NaN, NaN, NaN, NaN, NaN, NaN])
  })

  test('a vector is one row', () => {
    const weights = softmax(Float32Array.of(0, 0, -Infinity))
    expect([weights.shape, weights.dtype, list(weights)]).toEqual([[3], 'float32', [0.5, 0.5, 0]])
    expect(softmax([]).data).toHaveLength(0)
  })

  test('no overflow, no shift changes it', () => {
    expect(list(softmax([[1e308, 1e308, -1e308]]))).toEqual([0.5, 0.5, 0])
    expect(list(softmax([[-1e308, -1e308]]))).toEqual([0.5, 0.5])
    expect(list(softmax([[2 ** 50, 2 ** 50 + 1]]))).toEqual(list(softmax([[0, 1]])))
  })

  test('along the last axis of stacks', () => {
    const s = matrix(1, 2, 3, 4, 5)
    expect(softmax(s).shape).toEqual([2, 3, 4, 5])
    expect(list(softmax(s))).toEqual(list(softmax({ data: s.data, dims: [24, 5] })))
    expect(list(softmax({ data: s.data, dims: [6, 4, 5] }))).toEqual(list(softmax(s)))
  })

  const power = fc.integer({ min: -3, max: 12 }).map((k) => 2 ** k)
  propertyTest.prop({ row: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 20 }), power })(
    'against the reference; rows sum to 1',
    ({ row, power }) => {
      const s = row.map((x) => x * power)
      const p = list(softmax([s]))
      expectWithin(p, [reference.softmax({ value: s, error: s.map(() => 0) })])
      expect(Math.abs(p.reduce((sum, x) => sum + x, 0) - 1)).toBeLessThanOrEqual(gamma(2 * s.length + 2))
    },
  )
})

describe('causal', () => {
  test('as many queries as keys: the lower triangle', () => {
    const w = attentionWeights([[0], [0], [0], [0]], [[1], [2], [3], [4]], { causal: true })
    expect(list(w)).toEqual([1, 0, 0, 0, 0.5, 0.5, 0, 0, 1 / 3, 1 / 3, 1 / 3, 0, 0.25, 0.25, 0.25, 0.25])
  })

  test('m < n: the last query sees all, as in decoding with a cache', () => {
    expect(list(attentionWeights([[0], [0]], [[1], [2], [3]], { causal: true }))).toEqual([
      0.5,
      0.5,
      0,
      1 / 3,
      1 / 3,
      1 / 3,
    ])
  })

  test('m > n: the first queries see nothing and get zeros', () => {
    expect(list(attentionWeights([[0], [0], [0]], [[1]], { causal: true }))).toEqual([0, 0, 1])
    expect(list(attention([[0], [0], [0]], [[1]], [[9]], { causal: true }))).toEqual([0, 0, 9])
  })

  test('what lies in the future cannot leak, NaN or infinite', () => {
    const q = [[1], [1]]
    const k = [[1], [NaN]]
    expect(list(attentionWeights(q, k, { causal: true })).slice(0, 2)).toEqual([1, 0])
    expect(list(attention(q, [[1], [1]], [[3], [Infinity]], { causal: true }))).toEqual([3, Infinity])
    expect(list(attention(q, k, [[3], [NaN]], { causal: true }))).toEqual([3, NaN])
  })
})

describe('masks', () => {
  const q = [
    [1, 0],
    [0, 1],
    [1, 1],
  ]
  const k = [
    [1, 2],
    [3, 1],
    [0, 0],
    [2, 2],
  ]
  const v = [[1], [2], [3], [4]]
  const may = [
    [true, false, true, true],
    [false, false, false, false],
    [true, true, true, false],
  ]
  const bytes = Uint8Array.from(may.flat(), Number)
  const added = may.map((row) => row.map((allowed) => (allowed ? 0 : -Infinity)))

  test.each<[string, AttentionOptions['mask']]>([
    ['boolean rows', may],
    ['uint8 ndarray', ndarray(bytes, [3, 4])],
    [
      'transposed uint8',
      ndarray(Uint8Array.from([0, 1, 2, 3].flatMap((j) => may.map((row) => Number(row[j])))), [4, 3]).transpose(1, 0),
    ],
    ['rows of bytes', may.map((row) => Uint8Array.from(row, Number))],
    ['bool tensor', { data: bytes, dims: [3, 4] }],
    ['booleans with a shape', { data: may.flat(), shape: [3, 4] }],
    ['floating −∞', added],
  ])('%s', (_, mask) => {
    const wanted = reference.scores(q, k, { scale: 1, mask: added }).map((row) => reference.softmax(row))
    const w = attentionWeights(q, k, { scale: 1, mask })
    expectWithin(list(w), wanted)
    expect(list(w).slice(4, 8)).toEqual([0, 0, 0, 0])
    const y = attention(q, k, v, { scale: 1, mask })
    expectWithin(
      list(y),
      wanted.map((row) => reference.weigh(row, v, 1)),
    )
    expect(y.get(1, 0)).toBe(0)
  })

  test('a floating mask is added, not read as truth', () => {
    expect(list(attentionWeights([[0]], [[1], [1]], { mask: [[1, 0]] }))).toEqual(list(softmax([[1, 0]])))
  })

  test('masked keys and values may hold anything', () => {
    const mask = [[true, false]]
    expect(list(attentionWeights([[1]], [[1], [NaN]], { mask }))).toEqual([1, 0])
    expect(list(attention([[1]], [[1], [Infinity]], [[2], [NaN]], { mask }))).toEqual([2])
  })

  test('one row serves every query, and one mask every head', () => {
    const padding = [[true, true, false, true]]
    const full = [padding[0], padding[0], padding[0]]
    expect(list(attention(q, k, v, { mask: padding }))).toEqual(list(attention(q, k, v, { mask: full })))
    const heads = { mask: may }
    const two = attentionWeights([q, q], [k, k], heads)
    expect(list(two)).toEqual([...list(attentionWeights(q, k, heads)), ...list(attentionWeights(q, k, heads))])
  })

  test('leading axes of size 1 repeat, others go one to one', () => {
    const stack = (seed: number, rows: number): { data: Float64Array; dims: number[] } => matrix(seed, 2, 3, rows, 2)
    const [queries, keys] = [stack(1, 3), stack(2, 4)]
    for (const lead of [[], [3], [1], [2, 3], [2, 1], [1, 3], [1, 1]]) {
      for (const rows of [1, 3]) {
        const mask = matrix(5, ...lead, rows, 4)
        const w = attentionWeights(queries, keys, { mask })
        for (let batch = 0; batch < 2; batch++) {
          for (let head = 0; head < 3; head++) {
            const [b, h] = [lead.length === 2 ? batch % lead[0] : 0, lead.length > 0 ? head % (lead.at(-1) ?? 1) : 0]
            const own = slice(mask, b * (lead.at(-1) ?? 1) + h)
            const full = rows === 1 ? [own[0], own[0], own[0]] : own
            const at = batch * 3 + head
            const alone = attentionWeights(slice(queries, at), slice(keys, at), { mask: full })
            expect(list(w).slice(at * 12, at * 12 + 12)).toEqual(list(alone))
          }
        }
      }
    }
  })
})

describe('stacks and grouped heads', () => {
  test('each head on its own, query heads sharing key heads in runs', () => {
    const q = matrix(1, 2, 6, 5, 3)
    const k = matrix(2, 2, 2, 7, 3)
    const v = matrix(3, 2, 2, 7, 4)
    const y = attention(q, k, v, { causal: true })
    const w = attentionWeights(q, k, { causal: true })
    const s = scores(q, k)
    expect([y.shape, w.shape, s.shape]).toEqual([
      [2, 6, 5, 4],
      [2, 6, 5, 7],
      [2, 6, 5, 7],
    ])
    for (let at = 0; at < 12; at++) {
      const shared = Math.floor(at / 6) * 2 + Math.floor((at % 6) / 3)
      const one = [slice(q, at), slice(k, shared), slice(v, shared)] as const
      expect(list(y).slice(at * 20, at * 20 + 20)).toEqual(list(attention(...one, { causal: true })))
      expect(list(w).slice(at * 35, at * 35 + 35)).toEqual(list(attentionWeights(one[0], one[1], { causal: true })))
      expect(list(s).slice(at * 35, at * 35 + 35)).toEqual(list(scores(one[0], one[1])))
    }
  })

  test('rank 3, and nested arrays of every depth', () => {
    const q = [[[1, 2]], [[3, 4]]]
    const k = [
      [
        [1, 0],
        [0, 1],
      ],
    ]
    expect(list(scores(q, k, { scale: 1 }))).toEqual([1, 2, 3, 4])
    expect(list(scores([q], [k], { scale: 1 }))).toEqual([1, 2, 3, 4])
  })
})

describe('exponents', () => {
  test('values near the largest double average without overflow', () => {
    const v = [
      [1.7e308, -1e308],
      [1.7e308, 1e308],
      [1.7e308, 0],
    ]
    expect(list(attention([[0]], [[1], [2], [3]], v, { scale: 1 }))[1]).toBe(0)
    const one = list(attention([[0]], [[1], [2], [3]], v))[0]
    expect(Math.abs(one / 1.7e308 - 1)).toBeLessThanOrEqual(gamma(8))
  })

  test('subnormal values', () => {
    expect(list(attention([[0]], [[1], [2]], [[5e-324], [15e-324]]))).toEqual([10e-324])
    expect(list(attention([[5e-324]], [[5e-324], [-5e-324]], [[1], [3]]))).toEqual([2])
  })

  test('scores that differ by more than a double can tell', () => {
    expect(list(attention([[1e150]], [[1e150], [-1e150]], [[1], [2]]))).toEqual([1])
  })

  test('scores beyond the largest double are infinite, and share the weight', () => {
    expect(list(attention([[1e200]], [[1e200], [2e200], [1]], [[1], [3], [9]]))).toEqual([2])
  })
})

describe('against the reference, across tiles', () => {
  const sizes = {
    m: fc.integer({ min: 1, max: 40 }),
    n: fc.integer({ min: 1, max: 150 }),
    d: fc.integer({ min: 1, max: 6 }),
  }
  propertyTest.prop({ ...sizes, seed: fc.nat(), causal: fc.boolean(), float32: fc.boolean() })(
    'attention is the weights times V',
    ({ m, n, d, seed, causal, float32 }) => {
      const store = (x: Float64Array): Float64Array | Float32Array => (float32 ? Float32Array.from(x) : x)
      const [q, k, v] = [m, n, n].map((rows, at) => ({ data: store(numbers(seed + at, rows * d)), dims: [rows, d] }))
      const y = attention(q, k, v, { scale: 20, causal })
      const rows = [slice(q, 0), slice(k, 0), slice(v, 0)] as const
      expect(y.dtype).toBe(float32 ? 'float32' : 'float64')
      // Where float32 is computed in float32, to its roundoff.
      const u = float32 ? u32 : u64
      expectWithin(list(y), reference.attention(...rows, d, { scale: 20, causal }, u), float32 ? u32 : 0)
    },
  )
})

describe('memory', () => {
  afterEach(() => vi.unstubAllGlobals())

  test('attention allocates nothing of size m·n, and little that grows with m or n', () => {
    const size = 3000
    const [q, k, v] = [1, 2, 3].map((seed) => matrix(seed, size, 2))
    let largest = 0
    let total = 0
    for (const type of ['Float64Array', 'Float32Array', 'Uint8Array', 'Array'] as const) {
      const count = (args: unknown[]): void => {
        const length = typeof args[0] === 'number' ? args[0] : ((args[0] as ArrayLike<number> | undefined)?.length ?? 0)
        largest = Math.max(largest, length)
        total += length
      }
      const counted = new Proxy(globalThis[type] as unknown as new (...args: unknown[]) => object, {
        construct(target, args, newTarget) {
          if (!(args[0] instanceof ArrayBuffer)) count(args)
          return Reflect.construct(target, args, newTarget) as object
        },
      })
      vi.stubGlobal(type, counted)
    }
    const y = attention(q, k, v, { causal: true })
    vi.unstubAllGlobals()
    expect(y.shape).toEqual([size, 2])
    expect(largest).toBe(2 * size)
    expect(total).toBeLessThan(2 * size + 4096)
    const wanted = reference.attention(slice(q, 0).slice(-1), slice(k, 0), slice(v, 0), 2, { scale: 1 / Math.sqrt(2) })
    expectWithin(list(y).slice(-2), wanted)
  })

  test('8,000 queries on 8,000 keys, whose weights would take 512 MB', () => {
    const size = 8000
    const before = process.memoryUsage().arrayBuffers
    const zero = new Float32Array(size)
    const k = { data: Float32Array.from(zero, (_, j) => j % 2), dims: [size, 1] }
    const y = attention({ data: zero, dims: [size, 1] }, k, k)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan((size * size) / 10)
    expect(y.data.every((x) => x === 0.5)).toBe(true)
  })
})

describe('types, strides, and what comes in stays as it was', () => {
  test('float32 only where every floating input is', () => {
    const narrow = [Float32Array.of(1, 2)]
    const wide = [[1, 2]]
    expect(scores(narrow, narrow).dtype).toBe('float32')
    expect(scores(narrow, wide).dtype).toBe('float64')
    expect(softmax(narrow).dtype).toBe('float32')
    expect(attention(narrow, narrow, narrow).dtype).toBe('float32')
    expect(attention(narrow, narrow, wide).dtype).toBe('float64')
    expect(attention(narrow, { data: Int8Array.of(1, 2), dims: [1, 2] }, narrow).dtype).toBe('float32')
    expect(attention(narrow, narrow, narrow, { mask: [[true]] }).dtype).toBe('float32')
    expect(attention(narrow, narrow, narrow, { mask: [Uint8Array.of(1)] }).dtype).toBe('float32')
    expect(attention(narrow, narrow, narrow, { mask: [Float32Array.of(0)] }).dtype).toBe('float32')
    expect(attentionWeights(narrow, narrow, { mask: [Float64Array.of(0)] }).dtype).toBe('float64')
  })

  test('views: transposed, reversed, offset', () => {
    const x = ndarray(numbers(4, 48), [6, 8])
    const views = [x.transpose(1, 0), x.step(-1, 1), x.step(2, -3), x.hi(5, 7).lo(1, 2)]
    for (const view of views) {
      const [n, d] = view.shape
      const rows = Array.from({ length: n }, (_, i) => Array.from({ length: d }, (_, c) => view.get(i, c)))
      expect(list(scores(view, view))).toEqual(list(scores(rows, rows)))
      expect(list(softmax(view))).toEqual(list(softmax(rows)))
      expect(list(attention(view, view, view))).toEqual(list(attention(rows, rows, rows)))
    }
  })

  test('inputs are neither written nor kept', () => {
    const inputs = [matrix(1, 5, 3), matrix(2, 7, 3), matrix(3, 7, 3), matrix(4, 5, 7)]
    const before = inputs.map(({ data }) => Float64Array.from(data))
    const [q, k, v, mask] = inputs
    const results = [
      attention(q, k, v, { mask, causal: true }),
      attentionWeights(q, k, { mask }),
      scores(q, k),
      softmax(q),
    ]
    expect(inputs.map(({ data }) => data)).toEqual(before)
    for (const { data } of results) expect(inputs.some((input) => input.data.buffer === data.buffer)).toBe(false)
  })
})

describe('errors', () => {
  const q = [
    [1, 2],
    [3, 4],
  ]
  const k = [
    [1, 2],
    [3, 4],
    [5, 6],
  ]
  const wide = ndarray(new Float32Array(64), [1, 64])
  const heads = (count: number, ...lead: number[]): { data: Float64Array; dims: number[] } =>
    matrix(1, ...lead, count, 1, 2)

  test.each<[string, () => unknown, ErrorConstructor, string]>([
    ['Q text', () => scores('q' as never, k), TypeError, 'Q: expected a matrix'],
    ['K missing', () => scores(q, undefined as never), TypeError, 'K: expected a matrix'],
    ['rank 5', () => softmax([[[[[1]]]]] as never), RangeError, 'S: expected 1 or 2 or 3 or 4 dimensions, got 5'],
    ['ranks differ', () => scores(q, [k]), RangeError, 'K: expected 2 dimensions (as many as Q), got 3'],
    ['V rank', () => attention(q, k, [k]), RangeError, 'V: expected 2 dimensions (as many as K), got 3'],
    ['d', () => scores(wide, [new Float32Array(32)]), RangeError, 'K: expected dimension d = 64 (that of Q), got 32'],
    ['V rows', () => attention(q, k, q), RangeError, 'V: expected n = 3 rows (those of K), got 2'],
    [
      'heads',
      () => scores(heads(8), heads(3)),
      RangeError,
      'K: expected a number of heads that divides 8 (that of Q), got 3',
    ],
    [
      'fewer',
      () => scores(heads(2), heads(4)),
      RangeError,
      'K: expected a number of heads that divides 2 (that of Q), got 4',
    ],
    [
      'none',
      () => scores(heads(2), heads(0)),
      RangeError,
      'K: expected a number of heads that divides 2 (that of Q), got 0',
    ],
    ['batch', () => scores(heads(2, 2), heads(2, 3)), RangeError, 'K: expected a batch of 2 (that of Q), got 3'],
    [
      'V heads',
      () => attention(heads(4), heads(2), heads(4)),
      RangeError,
      'V: expected leading shape [2] (that of K), got [4]',
    ],
    ['scale NaN', () => scores(q, k, { scale: NaN }), RangeError, 'scale: expected a finite number, got NaN'],
    [
      'scale ∞',
      () => attention(q, k, k, { scale: Infinity }),
      RangeError,
      'scale: expected a finite number, got Infinity',
    ],
    [
      'scale text',
      () => scores(q, k, { scale: '1' as never }),
      TypeError,
      'scale: expected a number, got the string "1"',
    ],
    ['causal', () => attention(q, k, k, { causal: 1 as never }), TypeError, 'causal: expected true or false, got 1'],
    [
      'mask shape',
      () => attention(q, k, k, { mask: [[true]] }),
      RangeError,
      'mask: expected shape [2, 3] or one that repeats to it, got [1, 1]',
    ],
    [
      'mask rank',
      () => attention(q, k, k, { mask: [[[true, true, true]]] }),
      RangeError,
      'mask: expected shape [2, 3] or one',
    ],
    [
      'mask ragged',
      () => attention(q, k, k, { mask: [[true, true, true], [true]] }),
      RangeError,
      'mask: expected every row',
    ],
    [
      'mask mixed',
      () => attention(q, k, k, { mask: [[true, 1, true]] as never }),
      TypeError,
      'mask: expected booleans only, got 1',
    ],
    [
      'mask 2',
      () => attention(q, k, k, { mask: { data: Uint8Array.of(0, 1, 2), dims: [1, 3] } }),
      RangeError,
      'mask: expected 0 and 1 where it is not floating, got 2',
    ],
    ['mask text', () => attention(q, k, k, { mask: 'causal' as never }), TypeError, 'mask: expected a matrix'],
    ['mask null', () => attentionWeights(q, k, { mask: null as never }), TypeError, 'mask: expected a matrix'],
  ])('%s', (_, call, kind, message) => {
    expect(call).toThrow(kind)
    expect(call).toThrow(message)
  })
})

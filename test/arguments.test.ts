/** Arguments of a wrong kind, at every door that takes them: one clear error of ours, never one of the engine's. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as library from '../src/index.ts'
import * as kernels from '../src/kernels.ts'
import * as testing from '../src/testing/index.ts'

type Call = (options: never) => unknown

const keys = [
  [1, 0],
  [0, 1],
  [-1, -1],
  [0.1, 0.1],
]
const data = Float64Array.from(keys.flat())
const certificate = library.certify(keys, 0)

/** Every public function that takes options, by entry and name. */
const takeOptions: Record<string, Call> = {
  selectability: (options) => library.selectability(keys, options),
  selectabilityAsync: (options) => library.selectabilityAsync(keys, options),
  selectabilityPart: (options) => library.selectabilityPart(keys, options),
  certify: (options) => library.certify(keys, 0, options),
  verify: (options) => library.verify(keys, certificate, options),
  attainableWeight: (options) => library.attainableWeight(keys, 0, options),
  attainableWeights: (options) => library.attainableWeights(keys, options),
  attainableWeightsAsync: (options) => library.attainableWeightsAsync(keys, options),
  explain: (options) => library.explain(keys, 0, options),
  scores: (options) => library.scores(keys, keys, options),
  attentionWeights: (options) => library.attentionWeights(keys, keys, options),
  attention: (options) => library.attention(keys, keys, keys, options),
  scale: (options) => library.scale(keys, options),
  layerNorm: (options) => library.layerNorm(keys, options),
  rmsNorm: (options) => library.rmsNorm(keys, options),
}

const denseTakeOptions: Record<string, Call> = {
  selectability: (options) => kernels.selectability(data, 4, 2, options),
  selectabilityAsync: (options) => kernels.selectabilityAsync(data, 4, 2, options),
  selectabilityPart: (options) => kernels.selectabilityPart(data, 4, 2, options),
  certify: (options) => kernels.certify(data, 4, 2, 0, options),
  verify: (options) => kernels.verify(data, 4, 2, certificate, options),
  attainableWeight: (options) => kernels.attainableWeight(data, 4, 2, 0, options),
  attainableWeights: (options) => kernels.attainableWeights(data, 4, 2, options),
  attainableWeightsAsync: (options) => kernels.attainableWeightsAsync(data, 4, 2, options),
  explain: (options) => kernels.explain(data, 4, 2, 0, options),
}

const arbitraries: Record<string, (from: typeof fc, sizes: never) => unknown> = {
  latticeKeys: testing.latticeKeys,
  ulpKeys: testing.ulpKeys,
  lowRankKeys: testing.lowRankKeys,
  heavyKeys: testing.heavyKeys,
  normalisedKeys: testing.normalisedKeys,
  keySets: testing.keySets,
  interiorKeys: testing.interiorKeys,
  vertexKeys: testing.vertexKeys,
  tiedKeys: testing.tiedKeys,
}

/** What is thrown, or what a promise is rejected with. */
async function failure(call: Call, options: unknown): Promise<unknown> {
  try {
    await call(options as never)
  } catch (error) {
    return error
  }
  return null
}

const noOptions: [unknown, string][] = [
  [null, 'null'],
  [3, '3'],
  ['exact', 'the string "exact"'],
  [[0], 'an array'],
  [() => 0, 'a function'],
]

describe.each([
  ['selectability', takeOptions],
  ['selectability/kernels', denseTakeOptions],
])('options of %s', (_, calls) => {
  it.each(Object.entries(calls))('%s', async (_, call) => {
    for (const [options, got] of noOptions) {
      expect(await failure(call, options)).toEqual(new TypeError(`options: expected an object, got ${got}`))
    }
    expect(await failure(call, undefined)).toBe(null)
    expect(await failure(call, Object.create(null))).toBe(null)
  })
})

describe('options of selectability/testing', () => {
  it.each<[string, Call]>([
    ['assertTheorems', (options) => testing.assertTheorems(fc, options)],
    ['randomKeys', (options) => testing.randomKeys(options)],
  ])('%s', async (_, call) => {
    for (const [options, got] of [
      [null, 'null'],
      [3, 'number'],
      [[3], 'array'],
    ] as const) {
      expect(await failure(call, options)).toEqual(new TypeError(`options: expected an object, got ${got}`))
    }
  })

  it.each(Object.entries(arbitraries))('%s', async (_, arbitrary) => {
    const draw: Call = (sizes) => arbitrary(fc, sizes)
    expect(await failure(draw, null)).toEqual(new TypeError('sizes: expected an object, got null'))
    expect(await failure(draw, { maxKeys: '7' })).toEqual(
      new TypeError('maxKeys: expected an integer >= 1, got string'),
    )
    expect(await failure(draw, { minDimension: 0 })).toEqual(
      new RangeError('minDimension: expected an integer >= 1, got 0'),
    )
    const without: Call = () => arbitrary(undefined as never, {} as never)
    expect(await failure(without, {})).toEqual(
      new TypeError(
        "fc: expected the fast-check module, got undefined; npm install --save-dev fast-check, then import fc from 'fast-check'",
      ),
    )
  })
})

describe('a field of the options', () => {
  const wrong: [string, unknown, string, Call[]][] = [
    [
      'onProgress',
      3,
      'onProgress: expected a function, got 3',
      [
        takeOptions.selectability,
        takeOptions.selectabilityAsync,
        takeOptions.selectabilityPart,
        takeOptions.attainableWeightsAsync,
        denseTakeOptions.selectability,
        denseTakeOptions.selectabilityAsync,
      ],
    ],
    ['onProgress', null, 'onProgress: expected a function, got null', [takeOptions.selectability]],
    ['tolerance', null, 'tolerance: expected a number, got null', Object.values(denseTakeOptions)],
    ['bias', 3, 'bias: expected an array of numbers, got 3', [denseTakeOptions.selectability]],
    ['bias', null, 'bias: expected an array of numbers, got null', Object.values(denseTakeOptions)],
    ['bias', [0, 0, null, 0], 'bias: expected numbers, got null at index 2', [denseTakeOptions.certify]],
    ['names', null, 'names: expected an array of strings, got null', [takeOptions.explain, denseTakeOptions.explain]],
    ['names', ['a', 'b', 3, 'd'], 'names: expected strings, got 3 at index 2', [takeOptions.explain]],
    ['margins', null, 'margins: expected true or false, got null', [takeOptions.selectability]],
    ['certificates', 1, 'certificates: expected true or false, got 1', [takeOptions.selectabilityPart]],
  ]

  it.each(wrong)('%s: %j', async (name, value, message, calls) => {
    for (const call of calls) expect(await failure(call, { [name]: value })).toEqual(new TypeError(message))
  })
})

describe('vectors', () => {
  const list = { length: 2, 0: 2, 1: 4 }

  it('may be any array-like', () => {
    const { data: wanted } = library.layerNorm([[1, 3]], { gain: [2, 4], bias: Float32Array.of(2, 4) })
    expect(library.layerNorm([[1, 3]], { gain: list, bias: list }).data).toEqual(wanted)
    expect(library.certify([[1], [2]], 0, { bias: list })).toEqual(library.certify([[1], [2]], 0, { bias: [2, 4] }))
    expect(kernels.certify(Float64Array.of(1, 2), 2, 1, 0, { bias: list })).toEqual(
      library.certify([[1], [2]], 0, { bias: [2, 4] }),
    )
  })

  it.each<[unknown, Error]>([
    [3, new TypeError('gain: expected an array of numbers, got 3')],
    [null, new TypeError('gain: expected an array of numbers, got null')],
    [{}, new TypeError('gain: expected an array of numbers, got an object')],
    [{ length: 2, 0: 2 }, new TypeError('gain: expected numbers, got undefined at index 1')],
    [{ length: 1, 0: 2 }, new RangeError('gain: expected length 2, got 1')],
  ])('%j is none', (gain, error) => {
    expect(() => library.layerNorm([[1, 3]], { gain: gain as never })).toThrow(error)
  })
})

describe('factors of kernels', () => {
  const out = new Float64Array(4)
  const x = Float64Array.of(1, 2, 3, 4)
  const calls: Record<string, (scale: never) => unknown> = {
    scores: (scale) => kernels.scores(x, x, 2, 2, 2, scale, out),
    attentionWeights: (scale) => kernels.attentionWeights(x, x, 2, 2, 2, scale, false, null, 0, out),
    attention: (scale) => kernels.attention(x, x, x, 2, 2, 2, 2, scale, false, null, 0, out),
  }

  it.each(['js', 'simd'] as const)('are finite numbers, on %s', (backend) => {
    kernels.setBackend(backend)
    try {
      for (const call of Object.values(calls)) {
        for (const wrong of [null, undefined])
          expect(() => call(wrong as never)).toThrow(new TypeError(`scale: expected a finite number, got ${wrong}`))
        for (const wrong of [NaN, Infinity])
          expect(() => call(wrong as never)).toThrow(new RangeError(`scale: expected a finite number, got ${wrong}`))
      }
      expect(() => kernels.rmsNorm(x, 2, 2, null as never, null, out)).toThrow(
        new TypeError('eps: expected a finite number >= 0, got null'),
      )
      expect(() => kernels.attention(x, x, x, 2, 2, 2, 2, 1, 0 as never, null, 0, out)).toThrow(
        new TypeError('causal: expected true or false, got 0'),
      )
    } finally {
      kernels.setBackend('auto')
    }
  })
})

describe('other arguments', () => {
  it.each<[string, () => unknown, Error]>([
    [
      'certificate',
      () => library.toJson(null as never),
      new TypeError('certificate: expected a certificate, got null'),
    ],
    [
      'certificate',
      () => library.toJson('proof' as never),
      new TypeError('certificate: expected a certificate, got the string "proof"'),
    ],
    ['certificate', () => library.fromJson([]), new TypeError('certificate: expected an object, got an array')],
    ['backend', () => library.setBackend(3 as never), new TypeError("backend: expected 'auto', 'simd' or 'js', got 3")],
    [
      'backend',
      () => library.setBackend('gpu' as never),
      new RangeError("backend: expected 'auto', 'simd' or 'js', got the string \"gpu\""),
    ],
    [
      'data',
      () => kernels.selectability(null as never, 4, 2),
      new TypeError('data: expected a Float64Array or a Float32Array, got null'),
    ],
    [
      'data that is too short',
      () => kernels.selectability(data, 5, 2),
      new RangeError('keys: expected 10 numbers for n = 5 and d = 2, got 8'),
    ],
    ['x', () => kernels.project(null as never, 2, 2, data), new TypeError('x: expected a typed array, got null')],
    ['n', () => kernels.selectability(data, null as never, 2), new TypeError('n: expected an integer >= 0, got null')],
    ['i', () => library.certify(keys, null as never), new TypeError('i: expected the index of a key, got null')],
  ])('%s', (_, call, error) => {
    expect(call).toThrow(error)
  })

  it('are told in words of ours, whatever they would say of themselves', () => {
    const detached = new Float64Array(8)
    structuredClone(detached, { transfer: [detached.buffer] })
    const silent = { toString: () => expect.unreachable() }
    const refused = (size: unknown, got: string): void => {
      const words = `expected an integer >= 0, got ${got}`
      expect(() => kernels.selectability(data, size as never, 2)).toThrow(new TypeError(`n: ${words}`))
      for (const backend of ['auto', 'simd'] as const) {
        kernels.setBackend(backend)
        expect(() => kernels.project(data, 2, size as never, data)).toThrow(new TypeError(`d: ${words}`))
        expect(() => kernels.gemm(data, data, 2, 2, size as never, data)).toThrow(new TypeError(`d: ${words}`))
        expect(() => kernels.dot(data, data, size as never)).toThrow(new TypeError(`d: ${words}`))
      }
      kernels.setBackend('auto')
    }
    refused(2n, '2')
    refused(Symbol('two'), 'Symbol(two)')
    refused(detached, 'an object')
    refused(silent, 'an object')
    refused(Object.create(null), 'an object')
    refused([2], 'an array')
    refused(() => 2, 'a function')
    refused('2'.repeat(100), `the string "${'2'.repeat(40)}"`)
    expect(() => kernels.setBackend(detached as never)).toThrow("'js', got an object")
  })
})

describe('shapes beyond memory', () => {
  const row = Float32Array.of(1, 2)
  const repeated = { data: row, shape: [2 ** 31, 2], stride: [0, 1] }

  it.each<[string, () => unknown, string]>([
    [
      'projectionMatrix',
      () => library.projectionMatrix(1e9),
      'd: expected a shape that fits in memory, got [1000000000, 1000000000]',
    ],
    [
      'keys that repeat',
      () => library.selectability(repeated),
      'keys: expected a shape that fits in memory, got [2147483648, 2]',
    ],
    [
      'rows that repeat',
      () => library.layerNorm(repeated),
      'X: expected a shape that fits in memory, got [2147483648, 2]',
    ],
    [
      'one number that repeats',
      () => library.softmax({ data: [1], shape: [2 ** 29 + 1, 1], stride: [0, 0] }),
      'S: expected a shape that fits in memory, got [536870913, 1]',
    ],
    [
      'a result',
      () => library.scores({ data: row, shape: [1e9, 0] }, { data: row, shape: [1e9, 0] }),
      'result: expected a shape that fits in memory, got [1000000000, 1000000000]',
    ],
    [
      'rows that are one array',
      () => library.selectability(Array<Float64Array>(2 ** 20).fill(new Float64Array(2 ** 20))),
      'keys: expected a shape that fits in memory, got [1048576, 1048576]',
    ],
    [
      'random keys',
      () => testing.randomKeys({ n: 1e9, d: 1e9, distribution: 'cube', seed: 1 }),
      'n: expected keys that fit in memory, got 1000000000 of dimension 1000000000',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(new RangeError(message))
  })

  it('takes a view that repeats within reason', () => {
    expect(library.softmax({ data: row, shape: [3, 2], stride: [0, 1] }).shape).toEqual([3, 2])
  })

  it('goes through no rows where they are empty', () => {
    const empty = { data: [], shape: [2 ** 50, 0] }
    for (const out of [library.project(empty), library.softmax(empty), library.attention(empty, [[]], [[]])]) {
      expect(out.shape).toEqual([2 ** 50, 0])
    }
    expect(library.scores({ data: [], shape: [2 ** 50, 3, 0] }, { data: [], shape: [1, 0, 0] }).shape).toEqual([
      2 ** 50,
      3,
      0,
    ])
  })
})

/** Sets of few keys, wholly in the module: the report is the one that the search for larger sets gives, number for number. */
import { afterEach, describe, expect, test } from 'vitest'
import { selectability, setBackend, verify } from '../src/index.ts'
import type { Report, SelectabilityOptions } from '../src/index.ts'
import { defaultTolerance, keySet } from '../src/selectability/keyset.ts'
import type { KeySet } from '../src/selectability/keyset.ts'
import { proveSmall } from '../src/selectability/small.ts'
import { randomKeys } from '../src/testing/index.ts'
import type { Distribution } from '../src/testing/index.ts'

interface Keys {
  readonly data: Float64Array
  readonly shape: readonly number[]
}

const draw = (distribution: Distribution, n: number, d: number, factor = 1, offset = 0): Keys => {
  const { data } = randomKeys({ n, d, distribution, seed: `small ${n} ${d}` })
  return { data: data.map((x) => (x + offset) * factor), shape: [n, d] }
}

const setOf = ({ data, shape: [n, d] }: Keys): KeySet => keySet(data, n, d)

const proves = (keys: Keys): boolean => {
  const set = setOf(keys)
  return proveSmall(set, defaultTolerance(set, 'float64'), true) !== null
}

const certificates = ({ verdicts, certificate }: Report): unknown[] => verdicts.map((_, i) => certificate(i))

/** The report, once as it is and once by the search for larger sets, which alone tells its progress. */
function both(keys: Keys, options: SelectabilityOptions = {}): readonly [Report, Report] {
  return [selectability(keys, options), selectability(keys, { ...options, onProgress: () => undefined })]
}

function expectSame(keys: Keys, options: SelectabilityOptions = {}): void {
  const [small, large] = both(keys, options)
  expect({ ...small, certificate: null }).toEqual({ ...large, certificate: null })
  expect(certificates(small)).toEqual(certificates(large))
}

afterEach(() => setBackend('auto'))

const sizes = [2, 3, 5, 8, 13, 21, 31, 32, 33, 64] as const
const dimensions = [1, 2, 3, 4, 7, 8, 9, 15, 16] as const

describe.each(['gaussian', 'cube', 'heavy', 'layernorm', 'lattice', 'low-rank'] as const)('%s keys', (distribution) => {
  test.each(dimensions)('of %i numbers have the report of larger sets', (d) => {
    for (const n of sizes) {
      expectSame(draw(distribution, n, d))
      expectSame(draw(distribution, n, d), { tolerance: 0 })
    }
  })
})

test('keys of any size, far from the origin or with a wide tolerance have the report of larger sets', () => {
  for (const exponent of [-1070, -1000, -500, 500, 1000, 1020]) expectSame(draw('gaussian', 30, 5, 2 ** exponent))
  for (const offset of [3, 1e3, 1e9]) expectSame(draw('gaussian', 30, 5, 1, offset))
  for (const tolerance of [0.01, 0.3, 3]) expectSame(draw('gaussian', 30, 5), { tolerance })
})

test('queries and simplices both occur, and every certificate holds', () => {
  const keys = draw('gaussian', 60, 8)
  expect(proves(keys)).toBe(true)
  const report = selectability(keys)
  expect(report.counts.selectable).toBeGreaterThan(40)
  expect(report.counts.unselectable).toBeGreaterThan(0)
  report.verdicts.forEach((_, i) => expect(verify(keys, report.certificate(i))).toEqual({ valid: true }))
})

test('a set does not see what the one before it left behind, and a report outlives the sets after it', () => {
  const [small, large] = [draw('gaussian', 19, 3), draw('heavy', 64, 15)]
  const first = selectability(small)
  selectability(large)
  const second = selectability(small)
  selectability(large)
  expect(certificates(second)).toEqual(certificates(first))
  expect(certificates(first)).toEqual(certificates(both(small)[1]))
})

test('without certificates the verdicts are the same', () => {
  const keys = draw('heavy', 50, 6)
  const report = selectability(keys, { certificates: false })
  expect(report.verdicts).toEqual(selectability(keys).verdicts)
  expect(() => report.certificate(0)).toThrow(RangeError)
})

test('copies, ties, flat sets, biases, many keys, many numbers and the other backend are left to the search for larger sets', () => {
  const keys = draw('gaussian', 20, 3)
  expect(proves(keys)).toBe(true)
  const twice = { data: Float64Array.from([...keys.data, ...keys.data.subarray(6, 9)]), shape: [21, 3] }
  expect(proves(twice)).toBe(false)
  const signed = keys.data.map((x, at) => (at % 3 === 0 ? 0 : x))
  signed.copyWithin(3, 0, 3)
  signed[3] = -0
  expect(proves({ data: signed, shape: [20, 3] })).toBe(false)
  expect(proves({ data: Float64Array.of(0, 0, 2, 0, 0, 2, 1, 1), shape: [4, 2] })).toBe(false)
  expect(proves({ data: keys.data.map((x, at) => (at % 3 === 0 ? 1 : x)), shape: [20, 3] })).toBe(false)
  expect(proves(draw('gaussian', 64, 16))).toBe(true)
  expect(proves(draw('gaussian', 65, 16))).toBe(false)
  expect(proves(draw('gaussian', 64, 17))).toBe(false)
  expect(proveSmall({ ...setOf(keys), bias: new Float64Array(20) }, 0, true)).toBe(null)
  setBackend('js')
  expect(proves(keys)).toBe(false)
})

/** How sharply keys can be selected, against the exact distance; small sets by trying all supports, large ones by the optimality conditions. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect, test, vi } from 'vitest'
import { certify, layerNorm, margin, selectability, selectabilityAsync } from '../src/index.ts'
import type { Progress } from '../src/index.ts'
import * as dense from '../src/kernels.ts'
import { bracketOf } from '../src/selectability/margin/bracket.ts'
import { approach } from '../src/selectability/margin/approach.ts'
import { refine } from '../src/selectability/margin/refine.ts'
import { othersThan, rivalsAround } from '../src/selectability/rivals.ts'
import { lengthsAbove } from '../src/selectability/doubled.ts'
import { keySet } from '../src/selectability/keyset.ts'
import { randomKeys } from '../src/testing/index.ts'
import { around, compareSquares, nearest, nearestOn, relativeError } from './reference/nearest.ts'
import { ulps } from './soak/families.ts'

/** The issue's: relative, where δ > 0. */
const precision = 1e-12
const smallestNormal = 2 ** -1022

const coordinate = fc.integer({ min: -6, max: 6 })
const sizes = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 7 }))
const lattice = sizes.chain(([d, n]) =>
  fc.array(fc.array(coordinate, { minLength: d, maxLength: d }), { minLength: n, maxLength: n }),
)
/** Lattices moved by ulps: keys that are a rounding away from a face. */
const nearLattice = fc
  .tuple(lattice, fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 21, maxLength: 21 }))
  .map(([rows, steps]) => rows.map((row, r) => row.map((x, c) => ulps(x / 3, steps[(r * 3 + c) % 21]!))))
/** Sets whose last coordinate is so small that their hull is thin. */
const thin = fc
  .tuple(lattice, fc.integer({ min: 5, max: 60 }))
  .map(([rows, e]) => rows.map((row) => row.map((x, c) => (c === row.length - 1 ? x * 2 ** -e : x / 3))))

function expectExact(keys: number[][], i: number): void {
  const { points, unit } = around(keys, i)
  const square = nearest(points)
  const { distance, query, support, weights } = margin(keys, i)
  if (distance < smallestNormal && square.n > 0n) {
    // No float is nearer than half the smallest one.
    expect(compareSquares(distance + Number.MIN_VALUE, square, unit)).toBe(1)
    expect(compareSquares(Math.max(0, distance - Number.MIN_VALUE), square, unit)).toBe(-1)
  } else expect(relativeError(distance, square, unit)).toBeLessThanOrEqual(precision)
  expect(support.length).toBe(weights.length)
  expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12)
  if (distance === 0) expect(Array.from(query)).toEqual(query.length === 0 ? [] : new Array(query.length).fill(0))
  else expect(Math.abs(Math.hypot(...query) - 1)).toBeLessThan(query.length * 2 ** -50)
}

describe('the distance from the hull of the others', () => {
  propertyTest.prop([lattice, fc.nat()], { numRuns: 300 })('on lattices', (keys, at) =>
    expectExact(keys, at % keys.length),
  )
  propertyTest.prop([nearLattice, fc.nat()], { numRuns: 300 })('an ulp from faces', (keys, at) =>
    expectExact(keys, at % keys.length),
  )
  propertyTest.prop([thin, fc.nat()], { numRuns: 300 })('in thin sets', (keys, at) =>
    expectExact(keys, at % keys.length),
  )

  test.each([
    ['gaussian', 40, 3],
    ['gaussian', 120, 8],
    ['heavy', 120, 16],
    ['gaussian', 200, 32],
  ] as const)('of a %s set of %i keys in %i dimensions', (distribution, n, d) => {
    const keys = randomKeys({ n, d, distribution, seed: 'margins' })
    const rows = Array.from({ length: n }, (_, j) => Array.from({ length: d }, (_, c) => keys.get(j, c)))
    for (let i = 0; i < n; i += Math.ceil(n / 8)) {
      const { distance, support } = margin(keys, i)
      const { points, unit } = around(rows, i)
      const square =
        distance === 0
          ? { n: 0n, d: 1n }
          : nearestOn(
              points,
              Array.from(support, (j) => (j < i ? j : j - 1)),
            )
      expect(square).not.toBeNull()
      if (square !== null && distance > 0) expect(relativeError(distance, square, unit)).toBeLessThanOrEqual(precision)
      if (distance === 0) expect(certify(keys, i, { tolerance: 0 }).verdict).not.toBe('selectable')
    }
  })

  test('is never less than a certificate proves, and the query has it', () => {
    const keys = layerNorm(randomKeys({ n: 50, d: 12, distribution: 'gaussian', seed: 3 }), { eps: 0 })
    for (let i = 0; i < 50; i += 7) {
      const { distance, query } = margin(keys, i)
      const certificate = certify(keys, i)
      expect(certificate.verdict === 'selectable' && certificate.margin <= distance * (1 + precision)).toBe(true)
      const scores = Array.from({ length: 50 }, (_, j) => query.reduce((sum, x, c) => sum + x * keys.get(j, c), 0))
      const gap = scores[i]! - Math.max(...scores.filter((_, j) => j !== i))
      // Twelve products and a unit vector's rounding, of norms √12.
      expect(Math.abs(gap - distance)).toBeLessThan(40 * 2 ** -53 * Math.sqrt(12) * 2)
    }
  })

  test('scales with the keys, whatever their size', () => {
    const keys = [
      [0, 0],
      [4, 0],
      [2, 3],
    ]
    for (const e of [-1000, -300, 0, 300, 1000]) {
      expect(
        margin(
          keys.map((row) => row.map((x) => x * 2 ** e)),
          2,
        ).distance,
      ).toBe(3 * 2 ** e)
    }
  })
})

describe('the bracket around it', () => {
  propertyTest.prop([fc.oneof(lattice, nearLattice, thin), fc.nat()], { numRuns: 500 })(
    'holds the exact distance',
    (rows, at) => {
      const i = at % rows.length
      const [n, d] = [rows.length, rows[0]!.length]
      const rivals = rivalsAround(keySet(rows.flat(), n, d), i, othersThan(n, i))
      const lengths = lengthsAbove(rivals)
      const { inside, corral } = approach(rivals, lengths)
      if (inside) return
      const { low, high } = bracketOf(rivals, lengths, refine(rivals, corral))
      const { points, unit } = around(rows, i)
      const square = nearest(points)
      const inKeys = (bound: number): number => bound * 2 ** rivals.exponent
      if (low > 0) expect(compareSquares(inKeys(low), square, unit)).toBeLessThanOrEqual(0)
      if (high < Infinity) expect(compareSquares(inKeys(high), square, unit)).toBeGreaterThanOrEqual(0)
    },
  )
})

describe('the margins of a whole set', () => {
  propertyTest.prop([fc.oneof(lattice, nearLattice, thin)], { numRuns: 200 })(
    'are those of its keys, alone',
    (keys) => {
      const { margins, verdicts } = selectability(keys, { margins: true, tolerance: 0 })
      expect(margins).toHaveLength(keys.length)
      verdicts.forEach((verdict, i) => {
        const alone = verdict === 'selectable' ? margin(keys, i).distance : 0
        expect(Math.abs(margins![i]! - alone)).toBeLessThanOrEqual(precision * alone)
      })
    },
  )

  test.each([
    ['gaussian', 400, 8],
    ['heavy', 400, 16],
    ['gaussian', 300, 64],
  ] as const)('of a %s set of %i keys in %i dimensions', (distribution, n, d) => {
    const keys = randomKeys({ n, d, distribution, seed: 'whole' })
    const { margins, verdicts } = selectability(keys, { margins: true })
    for (let i = 0; i < n; i += 13) {
      const alone = verdicts[i] === 'selectable' ? margin(keys, i).distance : 0
      expect(Math.abs(margins![i]! - alone)).toBeLessThanOrEqual(precision * alone)
    }
    const js = dense.selectability(Float64Array.from(keys.data), n, d, { margins: true }).margins
    expect(js).toEqual(margins)
  })

  test('where a walk among the selectable keys ends beside a tied one that is nearer, and with a weight below 0', () => {
    const keys = [
      [1, -0.0625],
      [5 / 3, 0],
      [5 / 3, -0.03125],
      [5 / 3, -0.0625],
    ]
    const { margins, verdicts } = selectability(keys, { margins: true, tolerance: 0 })
    expect(verdicts).toEqual(['selectable', 'selectable', 'tied', 'selectable'])
    expect(margins![1]).toBe(0.03125)
  })

  test.each([1, 2, 3])('are the same by %i workers, which say how far they are', async (threads) => {
    const keys = randomKeys({ n: 300, d: 8, distribution: 'heavy', seed: 'workers' })
    const seen: Progress[] = []
    const onProgress = (now: Progress): number => seen.push(now)
    const { margins, counts } = await selectabilityAsync(keys, { margins: true, threads, onProgress })
    expect(margins).toEqual(selectability(keys, { margins: true }).margins)
    const { selectable } = counts
    // A block has 32 keys.
    const hands = Math.min(threads, Math.ceil(selectable / 32))
    expect(seen.at(-1)).toEqual({ phase: 'measure', done: selectable, total: selectable, threads: hands })
    await expect(selectabilityAsync([[0], [1]], { margins: true, bias: [0, 1] })).rejects.toThrow(RangeError)
  })

  test('are the same where no worker may start', async () => {
    vi.stubGlobal('process', { ...process, getBuiltinModule: () => undefined })
    const keys = randomKeys({ n: 100, d: 4, distribution: 'heavy', seed: 'workers' })
    const { margins } = await selectabilityAsync(keys, { margins: true })
    vi.unstubAllGlobals()
    expect(margins).toEqual(selectability(keys, { margins: true }).margins)
  })

  test('of no key are asked where none is selectable, and none has rivals where there is one', async () => {
    const copies = [
      [1, 2],
      [1, 2],
    ]
    expect((await selectabilityAsync(copies, { margins: true })).margins).toEqual(Float64Array.of(0, 0))
    expect((await selectabilityAsync([[7]], { margins: true })).margins).toEqual(Float64Array.of(Infinity))
  })

  test('are called off within 100 ms', async () => {
    const keys = randomKeys({ n: 2000, d: 64, distribution: 'gaussian', seed: 'workers' })
    const controller = new AbortController()
    let from = 0
    const measured = selectabilityAsync(keys, {
      margins: true,
      threads: 2,
      signal: controller.signal,
      onProgress: ({ phase }) => {
        if (phase !== 'measure' || from > 0) return
        from = performance.now()
        controller.abort(new Error('enough'))
      },
    })
    await expect(measured).rejects.toThrow('enough')
    expect(from).toBeGreaterThan(0)
    // The machine may be busy with other tests: ten times what is promised for an idle one.
    expect(performance.now() - from).toBeLessThan(1000)
  })

  test('are not there unless asked for, nor under a bias', () => {
    expect('margins' in selectability([[0], [1]])).toBe(false)
    expect(Array.from(selectability([[7]], { margins: true }).margins!)).toEqual([Infinity])
    expect(Array.from(selectability([[0], [2], [1], [2]], { margins: true }).margins!)).toEqual([1, 0, 0, 0])
    expect(() => selectability([[0], [1]], { margins: true, bias: [0, 1] })).toThrow(RangeError)
    expect(() => selectability([[0], [1]], { margins: 1 as unknown as boolean })).toThrow(TypeError)
  })
})

test('a distance of the largest float is not rounded past it, and one beyond is infinite', () => {
  const top = Number.MAX_VALUE
  const keys = [
    [top / 2, -Number.MIN_VALUE],
    [0, 1],
    [0, top / 2],
    [-top, Number.MIN_VALUE],
    [-1, -top],
  ]
  const { margins } = selectability(keys, { margins: true })
  expect([margins![4], margin(keys, 4).distance]).toEqual([top, top])
  expect(Array.from(selectability([[top], [-top]], { margins: true }).margins!)).toEqual([Infinity, Infinity])
  expect(margin([[top], [-top]], 0).distance).toBe(Infinity)
})

describe('what a margin is where there is none', () => {
  test('in the hull it is 0, with weights that give the key', () => {
    expect(
      margin(
        [
          [0, 0],
          [2, 0],
          [1, 0],
        ],
        2,
      ),
    ).toEqual({
      distance: 0,
      query: Float64Array.of(0, 0),
      support: Uint32Array.of(0, 1),
      weights: Float64Array.of(0.5, 0.5),
    })
    expect(margin([[1], [1]], 0).distance).toBe(0)
  })

  test('a single key has an infinite one', () => {
    expect(margin([[3, 4]], 0)).toEqual({
      distance: Infinity,
      query: Float64Array.of(1, 0),
      support: new Uint32Array(0),
      weights: new Float64Array(0),
    })
  })

  test('bad input is refused', () => {
    expect(() => margin([[0], [1]], 2)).toThrow(new RangeError('i: expected an index from 0 to 1, got 2'))
    expect(() => margin([[0], [1]], -1)).toThrow(RangeError)
    expect(() => margin([[0], [1]], 0.5)).toThrow(RangeError)
    expect(() => margin([[0], [1]], '0' as unknown as number)).toThrow(TypeError)
    expect(() => margin([[0], [NaN]], 0)).toThrow(/row 1, column 0/)
    expect(() => margin([], 0)).toThrow(RangeError)
    expect(() => margin([[0, 1], [1]], 0)).toThrow(RangeError)
  })

  test('the typed-array form is the same', () => {
    expect(dense.margin(Float64Array.of(0, 0, 4, 0, 2, 3), 3, 2, 2)).toEqual(
      margin(
        [
          [0, 0],
          [4, 0],
          [2, 3],
        ],
        2,
      ),
    )
    expect(() => dense.margin(Float64Array.of(0, 1), 2, 1, 2)).toThrow(RangeError)
    expect(() => dense.margin([0, 1] as unknown as Float64Array, 2, 1, 0)).toThrow(TypeError)
  })
})

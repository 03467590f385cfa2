/** The exact nearest point, with and without a bias: each answer is proven by its own multiplier. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { keyVertex, lowestKey, lowestUnderBias, nearestPoint } from '../src/selectability/exact/nearest.ts'
import type { KeyPoint, Lowest } from '../src/selectability/exact/nearest.ts'

const dot = (x: readonly bigint[], y: readonly bigint[]): bigint => x.reduce((sum, value, c) => sum + value * y[c], 0n)

/** Points, each with its rise last. */
const pointsOf = (...rows: number[][]): KeyPoint[] =>
  rows.map((row, key) => ({
    key: 10 * key,
    vector: row.slice(0, -1).map(BigInt),
    rise: BigInt(row[row.length - 1]),
  }))

/**
 * Puts an answer to the proof. It is a convex combination with a rise >= 0, and for the multiplier μ >= 0 of that rise every point has
 * `x·a_j − μ·rise_j >= x·x`, so that x·y >= x·x for every other combination y with a rise >= 0.
 */
function expectNearest(points: readonly KeyPoint[], found: ReturnType<typeof nearestPoint>, biased: boolean): void {
  const { vector, keys, weights, slope } = found
  expect(new Set(keys).size).toBe(keys.length)
  expect(weights.every((w) => w > 0n)).toBe(true)
  expect(keys.length).toBe(weights.length)
  const used = keys.map((key) => points[key / 10])
  const sum = (of: (point: KeyPoint) => bigint): bigint =>
    used.reduce((all, point, s) => all + weights[s] * of(point), 0n)
  vector.forEach((x, c) => expect(sum(({ vector: a }) => a[c])).toBe(x))
  const total = sum(() => 1n)
  expect(slope.d > 0n && slope.n >= 0n).toBe(true)
  if (biased) expect(sum(({ rise }) => rise) >= 0n).toBe(true)
  else expect(slope).toEqual({ n: 0n, d: 1n })
  for (const { vector: a, rise } of points) {
    const reduced = dot(vector, a) * slope.d - slope.n * rise
    expect(reduced * total >= dot(vector, vector) * slope.d).toBe(true)
  }
}

const sets = (most: number) =>
  fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 12 })).chain(([d, n]) =>
    fc.record({
      rows: fc.array(fc.array(fc.integer({ min: -most, max: most }), { minLength: d + 1, maxLength: d + 1 }), {
        minLength: n,
        maxLength: n,
      }),
      away: fc.boolean(),
      start: fc.nat(),
    }),
  )

describe.each([2, 9, 1000])('of integers up to %i', (most) => {
  propertyTest.prop({ set: sets(most) }, { numRuns: 200 })('is proven without a bias', ({ set }) => {
    // Half of the sets lie on one side of the origin.
    const points = pointsOf(...set.rows.map((row) => row.map((x, c) => (set.away && c === 0 ? Math.abs(x) + 1 : x))))
    const start = points[set.start % points.length]
    expectNearest(points, nearestPoint(keyVertex(start), lowestKey(points)), false)
  })

  propertyTest.prop({ set: sets(most) }, { numRuns: 200 })('is proven with one', ({ set }) => {
    const points = pointsOf(...set.rows.map((row) => row.map((x, c) => (set.away && c === 0 ? Math.abs(x) + 1 : x))))
    const start = points.find(({ rise }) => rise >= 0n)
    if (start === undefined) return
    expectNearest(points, nearestPoint(keyVertex(start), lowestUnderBias(points)), true)
  })
})

describe('by hand', () => {
  const nearest = (points: KeyPoint[], oracle = lowestKey): unknown => {
    const { keys, weights, vector } = nearestPoint(keyVertex(points[0]), oracle(points))
    return { keys, weights, vector }
  }

  test('a corner, an edge, the inside', () => {
    expect(nearest(pointsOf([3, 4, 0]))).toEqual({ keys: [0], weights: [1n], vector: [3n, 4n] })
    expect(nearest(pointsOf([3, 4, 0], [1, 1, 0]))).toEqual({ keys: [10], weights: [1n], vector: [1n, 1n] })
    expect(nearest(pointsOf([4, 2, 0], [-2, 2, 0]))).toEqual({ keys: [0, 10], weights: [1n, 2n], vector: [0n, 6n] })
    expect(nearest(pointsOf([2, 0, 0], [-1, 1, 0], [-1, -2, 0]))).toEqual({
      keys: [0, 10, 20],
      weights: [3n, 4n, 2n],
      vector: [0n, 0n],
    })
  })

  test('a corner that others make useless on the way', () => {
    // From (0, 9) by (6, 2), which leaves it behind for (−6, 2).
    expect(nearest(pointsOf([0, 9, 0], [6, 2, 0], [-6, 2, 0]))).toEqual({
      keys: [10, 20],
      weights: [1n, 1n],
      vector: [0n, 4n],
    })
  })

  test('by way of the vertex whose weight is the first to reach 0', () => {
    // From the middle of (−12, 5) and (4, 5) on to the origin beyond (−4, 3), both would leave; on the way (−12, 5) does first.
    const points = pointsOf([-12, 5, 0], [4, 5, 0], [-4, 3, 0])
    const way: bigint[][] = []
    const lowest = lowestKey(points)
    const { keys, weights } = nearestPoint(keyVertex(points[0]), (x) => (way.push([...x]), lowest(x)))
    expect({ keys, weights }).toEqual({ keys: [10, 20], weights: [13n, 21n] })
    expect(way.map(([x, y]) => [Math.sign(Number(x)), Math.sign(Number(y))])).toEqual([[-1, 1], [0, 1], [-1, 1]]) // prettier-ignore
  })

  test('under a bias a pair of keys shares its rise', () => {
    expect(nearest(pointsOf([4, 0, 1], [2, 0, -1]), lowestUnderBias)).toEqual({
      keys: [0, 10],
      weights: [1n, 1n],
      vector: [6n, 0n],
    })
    expect(nearest(pointsOf([4, 0, 0], [2, 0, -1]), lowestUnderBias)).toEqual({
      keys: [0],
      weights: [1n],
      vector: [4n, 0n],
    })
  })
})

describe('the lowest point under a bias', () => {
  const lowest = (x: bigint[], ...rows: number[][]): Lowest => lowestUnderBias(pointsOf(...rows))(x)
  const single = (row: number[], key: number): Lowest => ({
    vertex: { vector: row.map(BigInt), scale: 1n, keys: [key], weights: [1n] },
    slope: { n: 0n, d: 1n },
  })

  test('is the lowest key where that has a rise, of equals the one of most', () => {
    expect(lowest([1n], [5, 3], [2, 0], [4, -1])).toEqual(single([2], 10))
    expect(lowest([1n], [2, -1], [2, 1], [2, 0])).toEqual(single([2], 10))
    expect(lowest([1n], [3, 2], [2, 0], [2, 1])).toEqual(single([2], 20))
  })

  test('else of the pair whose line is lowest where no rise is left', () => {
    expect(lowest([1n], [6, 2], [0, -1])).toEqual({
      vertex: { vector: [6n], scale: 3n, keys: [0, 10], weights: [1n, 2n] },
      slope: { n: 6n, d: 3n },
    })
    expect(lowest([1n], [12, 4], [0, -2], [4, 1])).toEqual({
      vertex: { vector: [8n], scale: 3n, keys: [20, 10], weights: [2n, 1n] },
      slope: { n: 4n, d: 3n },
    })
    // Of those with the greatest rise the lowest counts.
    expect(lowest([1n], [9, 1], [0, -1], [5, 1])).toEqual({
      vertex: { vector: [5n], scale: 2n, keys: [20, 10], weights: [1n, 1n] },
      slope: { n: 5n, d: 2n },
    })
    expect(lowest([1n], [5, 1], [0, -1], [9, 1])).toEqual({
      vertex: { vector: [5n], scale: 2n, keys: [0, 10], weights: [1n, 1n] },
      slope: { n: 5n, d: 2n },
    })
    // From below too: the one that replaces the lowest has no rise of its own.
    expect(lowest([1n], [8, 2], [0, -4], [1, -1])).toEqual({
      vertex: { vector: [10n], scale: 3n, keys: [0, 20], weights: [1n, 2n] },
      slope: { n: 7n, d: 3n },
    })
  })

  test('is the key itself at a rise of 0', () => {
    expect(lowest([1n], [8, 1], [0, -4], [1, 0])).toEqual({
      vertex: { vector: [4n], scale: 4n, keys: [20, 10], weights: [4n, 0n] },
      slope: { n: 1n, d: 4n },
    })
  })
})

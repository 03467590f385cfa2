/** The exact separation of the origin: every answer proven, the points tried in the order that is promised, and no cycle. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { separateOrigin } from '../src/selectability/exact/simplex.ts'
import { maximumIsPositive } from './reference/rational.ts'

const dot = (x: readonly bigint[], y: readonly bigint[]): bigint => x.reduce((sum, value, c) => sum + value * y[c], 0n)
const big = (rows: number[][]): bigint[][] => rows.map((row) => row.map(BigInt))

/** Whether some query is below 0 on every point, by a linear program: q as x − x_0·1, and t <= 1, which no product may exceed by −t. */
function isOutside(points: bigint[][]): boolean {
  const zeros = [...points[0].map(() => 0n), 0n]
  return maximumIsPositive(
    [...points.map((point) => [...point, -point.reduce((sum, x) => sum + x, 0n), 1n]), [...zeros, 1n]],
    [...points.map(() => 0n), 1n],
    [...zeros, 1n],
  )
}

/** Puts an answer to the proof; says which it is. */
function judge(points: bigint[][], hints: readonly number[]): 'outside' | 'inside' {
  const d = points[0].length
  const before = points.map((point) => [...point])
  const result = separateOrigin(points, d, hints)
  expect(points).toEqual(before)
  if ('query' in result) {
    expect(result.query.length).toBe(d)
    for (const point of points) expect(dot(result.query, point) < 0n).toBe(true)
    return 'outside'
  }
  const { support, weights } = result
  expect(new Set(support).size).toBe(support.length)
  expect(support.length).toBe(weights.length)
  // A basis has no more columns than rows.
  expect(support.length > 0 && support.length <= d + 1).toBe(true)
  expect(weights.every((w) => w > 0n)).toBe(true)
  for (let c = 0; c < d; c++) expect(support.reduce((sum, j, s) => sum + weights[s] * points[j][c], 0n)).toBe(0n)
  return 'inside'
}

describe.each([1, 3, 1000])('of integers up to %i', (most) => {
  const sets = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 14 })).chain(([d, n]) =>
    fc.record({
      rows: fc.array(fc.array(fc.integer({ min: -most, max: most }), { minLength: d, maxLength: d }), {
        minLength: n,
        maxLength: n,
      }),
      hints: fc.array(fc.nat(n - 1), { maxLength: 2 * d }),
    }),
  )
  propertyTest.prop({ set: sets }, { numRuns: 300 })('the answer is right, whatever is tried first', ({ set }) => {
    const points = big(set.rows)
    const expected = isOutside(points) ? 'outside' : 'inside'
    expect(judge(points, [])).toBe(expected)
    expect(judge(points, set.hints)).toBe(expected)
  })
})

describe('of several answers', () => {
  const supportOf = (rows: number[][], hints: number[]): number[] => {
    const result = separateOrigin(big(rows), rows[0].length, hints)
    return 'support' in result ? [...result.support].sort((a, b) => a - b) : []
  }

  test('the one that hints lead to is found', () => {
    // Two triangles around the origin.
    const rows = [[5, 1], [-4, 3], [-1, -6], [1, 7], [6, -5], [-7, -2]] // prettier-ignore
    expect(supportOf(rows, [0, 1])).toEqual([0, 1, 2])
    expect(supportOf(rows, [3, 4])).toEqual([3, 4, 5])
    expect(supportOf(rows, [3, 3, 4, 0, 1])).toEqual([3, 4, 5])
  })

  // Found by drawing: always the first price, always the greatest, or another row of several that may leave, ends elsewhere.
  test.each<[number[][], number[]]>([
    [
      [
        [-2, 4],
        [0, -1],
        [1, 4],
        [1, -1],
        [-3, -2],
      ],
      [1, 2, 4],
    ],
    [
      [
        [-1, -3],
        [1, -3],
        [0, -1],
        [1, 0],
        [0, 1],
        [-4, 4],
      ],
      [2, 3, 5],
    ],
    [
      [
        [4, 4],
        [3, 0],
        [-2, 3],
        [4, -2],
        [-2, -2],
        [-3, 4],
        [-2, -1],
      ],
      [0, 4],
    ],
    [
      [
        [-3, 2, 4],
        [1, -1, 3],
        [-4, 4, -4],
        [-3, 0, 1],
        [-1, -1, -2],
        [4, 4, -3],
      ],
      [0, 1, 4, 5],
    ],
  ])('the one at the end of the greatest prices, and then of the first, is found #%#', (rows, support) => {
    // prettier-ignore
    expect(supportOf(rows, [])).toEqual(support)
  })
})

/** The exact decision: small cases by hand, and all others by the proof that comes with them. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { decideExactly, shareFace } from '../src/selectability/exact/decide.ts'
import type { Decision } from '../src/selectability/exact/decide.ts'
import { decideExactly as oracle } from './reference/rational.ts'
import { rankOf } from './reference/rank.ts'

const dot = (x: readonly bigint[], y: readonly bigint[]): bigint => x.reduce((sum, value, c) => sum + value * y[c], 0n)
const big = (rows: number[][]): bigint[][] => rows.map((row) => row.map(BigInt))
const decide = (rows: number[][], i: number, hints: number[] = [], biased = false): Decision =>
  decideExactly({ rows: big(rows), keyExponent: 0, biasExponent: 0 }, i, biased, hints)
const sorted = (x: number[]): number[] => [...x].sort((a, b) => a - b)

/** Puts a decision to its proof; under a bias it is the last entry of a row. */
function judge(rows: number[][], i: number, hints: number[], biased: boolean): Decision {
  const decision = decide(rows, i, hints, biased)
  const { verdict, query, support, weights } = decision
  const d = rows[0].length - (biased ? 1 : 0)
  const points = big(rows).map((row) => row.map((x, c) => x - BigInt(rows[i][c])))
  const others = points.filter((_, j) => j !== i)
  expect(query === null).toBe(verdict === 'unselectable')
  if (query !== null) {
    expect(query.length).toBe(rows[0].length)
    if (biased) expect(query[d] > 0n).toBe(true)
    const scores = others.map((point) => dot(query, point))
    if (verdict === 'selectable') expect(scores.every((score) => score < 0n)).toBe(true)
    else {
      expect(scores.every((score) => score <= 0n)).toBe(true)
      // All equal, or some key below.
      expect(scores.some((score) => score < 0n) || others.flat().every((x) => x === 0n)).toBe(true)
    }
  }
  if (verdict === 'selectable') return decision
  expect(support.length > 0 && support.length === weights.length).toBe(true)
  expect(new Set([...support, i]).size).toBe(support.length + 1)
  expect(weights.every((w) => w > 0n)).toBe(true)
  const sum = (c: number): bigint => support.reduce((total, j, s) => total + weights[s] * points[j][c], 0n)
  for (let c = 0; c < d; c++) expect(sum(c)).toBe(0n)
  if (biased) expect(sum(d) >= 0n).toBe(true)
  if (!biased && verdict === 'unselectable') expect(rankOf(support.map((j) => points[j]))).toBe(rankOf(points))
  return decision
}

describe.each([1, 3, 50])('of integers up to %i', (most) => {
  const sets = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 10 })).chain(([d, n]) =>
    fc.record({
      rows: fc.array(fc.array(fc.integer({ min: -most, max: most }), { minLength: d, maxLength: d }), {
        minLength: n,
        maxLength: n,
      }),
      // The last key is a mean of the first ones, so that it is often on a face or inside, and they are good hints.
      planted: fc.option(fc.integer({ min: 1, max: d + 1 })),
      i: fc.nat(n - 1),
      hints: fc.uniqueArray(fc.nat(n - 1), { maxLength: d + 2 }),
    }),
  )
  const keysOf = ({ rows, planted }: { rows: number[][]; planted: number | null }): number[][] => {
    if (planted === null || planted >= rows.length) return rows
    const scaled = rows.map((row) => row.map((x) => x * planted))
    const mean = rows[0].map((_, c) => rows.slice(0, planted).reduce((sum, row) => sum + row[c], 0))
    return [...scaled, mean]
  }

  propertyTest.prop({ set: sets }, { numRuns: 200 })('it is the reference’s', ({ set }) => {
    const rows = keysOf(set)
    const first = Array.from({ length: Math.min(rows.length - 1, set.planted ?? 1) }, (_, j) => j)
    for (const i of new Set([set.i, rows.length - 1])) {
      const verdict = oracle(rows, i)
      for (const hints of [[], first, set.hints]) {
        const helpful = hints.filter((j) => j !== i)
        expect(judge(rows, i, helpful, false).verdict).toBe(verdict)
      }
    }
  })

  propertyTest.prop({ set: sets }, { numRuns: 200 })('it is the reference’s under a bias', ({ set }) => {
    const rows = keysOf(set)
    if (rows[0].length === 1) return
    const keys = rows.map((row) => row.slice(0, -1))
    const bias = rows.map((row) => row[row.length - 1])
    for (const i of new Set([set.i, rows.length - 1])) {
      const verdict = oracle(keys, i, bias)
      for (const hints of [[], set.hints])
        expect(
          judge(
            rows,
            i,
            hints.filter((j) => j !== i),
            true,
          ).verdict,
        ).toBe(verdict)
    }
  })
})

describe('degenerate sets', () => {
  test('a key alone has no query', () => {
    const none: Decision = { verdict: 'unselectable', query: null, support: [], weights: [] }
    expect(decide([[1, 2]], 0)).toEqual(none)
    expect(decide([[1, 2]], 0, [], true)).toEqual(none)
  })

  test('equal keys are tied by any query, under a bias by one of bias alone', () => {
    const tied = (query: bigint[], j: number): Decision => ({ verdict: 'tied', query, support: [j], weights: [1n] })
    const rows = [[3, 4, 5], [3, 4, 5], [3, 4, 5]] // prettier-ignore
    expect(decide(rows, 0)).toEqual(tied([1n, 0n, 0n], 1))
    expect(decide(rows, 1)).toEqual(tied([1n, 0n, 0n], 0))
    expect(decide(rows, 2, [], true)).toEqual(tied([0n, 0n, 1n], 0))
    // One entry apart, they are not.
    expect(decide([[3, 4], [3, 4], [3, 5]], 0).verdict).toBe('tied') // prettier-ignore
    expect(decide([[3, 4], [3, 4], [3, 5]], 0).query).toEqual([0n, -1n]) // prettier-ignore
  })

  test('under a bias a key is tied on an edge of the upper hull, and above the middle of one it is selectable', () => {
    // Keys −1, 1, 0 on a line.
    const verdicts = (own: number): string[] => [-1, 0, 1].map((b) => decide([[-1, 0], [1, 0], [own, b]], 2, [], true).verdict) // prettier-ignore
    expect(verdicts(0)).toEqual(['unselectable', 'unselectable', 'selectable'])
    expect(judge([[-1, 0], [1, 0], [5, -9], [0, 0]], 3, [], true)).toMatchObject({ verdict: 'tied', support: [0, 1] }) // prettier-ignore
  })

  test('under a bias nothing is tied where all keys are on one facet', () => {
    expect(judge([[0, 0], [1, 0], [-1, 0]], 0, [], true).verdict).toBe('unselectable') // prettier-ignore
    expect(judge([[0, 0, 0], [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]], 0, [], true)).toMatchObject({ verdict: 'unselectable' }) // prettier-ignore
    expect(judge([[0, 0, 0], [1, 0, 0], [-1, 0, 0], [0, 1, -1], [0, -1, 0]], 0, [], true)).toMatchObject({ verdict: 'tied' }) // prettier-ignore
  })
})

describe('the support', () => {
  // The corners of a square around key 0, twice as far out on the diagonals, and a skew line through it.
  const square = [[0, 0], [1, 1], [-1, 1], [-1, -1], [1, -1]] // prettier-ignore
  const octahedron = [[0, 0, 0], [1, 1, 0], [-1, -1, 0], [1, -1, 0], [-1, 1, 0], [1, 1, 1], [-1, -1, -3]] // prettier-ignore

  test('is the hints, where they are a simplex around the key or have such a face', () => {
    const corners = [[0, 0], [4, 1], [-2, 3], [-1, -5], [5, 5], [-5, 5], [0, -6]] // prettier-ignore
    // 13·(4, 1) + 21·(−2, 3) + …: by Cramer’s rule 13 : 21 : 14, and for the others 30 : 30 : 50.
    expect(decide(corners, 0, [1, 2, 3])).toEqual({
      verdict: 'unselectable',
      query: null,
      support: [1, 2, 3],
      weights: [13n, 19n, 14n],
    })
    expect(decide(corners, 0, [4, 5, 6])).toMatchObject({ support: [4, 5, 6], weights: [3n, 3n, 5n] })
    // Where they lie on one side they are no help.
    expect(decide(corners, 0, [1, 2, 4]).support).not.toEqual([1, 2, 4])
    expect(judge(corners, 0, [1, 2, 4], false).verdict).toBe('unselectable')
  })

  test('is the face of the hints that the key is on, and grows to the whole where the key is inside', () => {
    const line = [[0, 0], [2, 2], [-1, -1], [1, -3]] // prettier-ignore
    expect(decide(line, 0, [1, 2, 3])).toMatchObject({ verdict: 'tied', support: [1, 2], weights: [1n, 2n] })
    expect(decide(line, 0, [2, 1])).toMatchObject({ verdict: 'tied', support: [2, 1], weights: [2n, 1n] })
    const { query } = decide(line, 0, [2, 1])
    expect(query).toEqual([-1n, 1n])
    // A facet of d points is not yet the whole space.
    expect(judge([...line, [-1, 3]], 0, [1, 2], false)).toMatchObject({ verdict: 'unselectable' })
    expect(sorted(decide([...line, [-1, 3]], 0, [1, 2]).support)).toEqual([1, 2, 3, 4])
  })

  test('joins what is found round by round', () => {
    const { support } = judge(octahedron, 0, [1, 2], false)
    expect(support.slice(0, 2)).toEqual([1, 2])
    expect(judge(octahedron, 0, [3, 4, 1, 2], false).verdict).toBe('unselectable')
    expect(judge(octahedron, 0, [], false).verdict).toBe('unselectable')
  })

  test('of more hints than a simplex has is those that come first', () => {
    // Two triangles around key 0; without hints the support has corners of both.
    const rows = [[0, 0], [5, 1], [1, 1], [-1, 1], [-1, -1], [1, -1], [-4, 3], [-1, -6], [1, 7], [6, -5], [-7, -2]] // prettier-ignore
    const moved = [...rows.slice(1), rows[0]]
    const cases = [[[1, 6, 7, 8], [1, 6, 7]], [[8, 9, 10, 1], [8, 9, 10]], [[], [1, 8, 10]]] // prettier-ignore
    for (const [hints, support] of cases) {
      expect(sorted(decide(rows, 0, hints).support)).toEqual(support)
      const down = (j: number): number => j - 1
      expect(sorted(decide(moved, 10, hints.map(down)).support)).toEqual(support.map(down))
    }
    // Four points on two lines through key 0 are no simplex.
    expect(sorted(decide(square, 0, [1, 2, 3, 4]).support)).toEqual([1, 2, 3, 4])
  })
})

describe('a face that others share', () => {
  const share = (face: number[], weights: number[], more: number[], ...points: number[][]): bigint[] => {
    const shared = shareFace({ support: face, weights: weights.map(BigInt) }, more, big(points))
    expect(shared.support).toEqual([...face, ...more])
    points[0].forEach((_, c) =>
      expect(shared.support.reduce((sum, j, s) => sum + shared.weights[s] * BigInt(points[j][c]), 0n)).toBe(0n),
    )
    expect(shared.weights.every((w) => w > 0n)).toBe(true)
    return [...shared.weights]
  }

  test('has weights twice as far from 0 as they need to be', () => {
    // −3·(1) is what makes up for (3), so that 4 times the weight 1 is above 0, and twice that is taken.
    expect(share([0, 1], [1, 1], [2], [1, 0], [-1, 0], [3, 0])).toEqual([5n, 8n, 1n])
    // (−2) takes 3/2 more, and nothing falls: twice the weights it is.
    expect(share([0, 1], [1, 2], [2], [-2], [1], [3])).toEqual([5n, 4n, 2n])
    // (1) falls by 3, one and a half of its weight 2: by four times that weight it is well above.
    expect(share([1, 0], [2, 1], [2], [-2], [1], [3])).toEqual([5n, 4n, 1n])
  })

  test('has a weight for each, in two dimensions and with several more', () => {
    const points = [[2, 1], [-1, 1], [-1, -2], [3, 3], [-5, 0], [1, -7]] // prettier-ignore
    share([0, 1, 2], [1, 1, 1], [3, 4, 5], ...points)
    share([2, 0, 1], [1, 1, 1], [5], ...points)
    share([0, 1, 2], [1, 1, 1], [4, 3], ...points)
    expect(share([0, 1, 2], [1, 1, 1], [], ...points)).toEqual([1n, 1n, 1n])
  })
})

/** Exact decisions as proofs in floats: judged by `verify`, and by the exact distance from the hull. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { exactSolver, readQuery, roundWeights } from '../src/selectability/exactly.ts'
import { keySet } from '../src/selectability/keyset.ts'
import { toCertificate } from '../src/selectability/proof.ts'
import type { HullProof, Proof } from '../src/selectability/proof.ts'
import { verifyCertificate } from '../src/selectability/verify.ts'
import { around, compareSquares, nearest } from './reference/nearest.ts'
import { decideExactly as oracle } from './reference/rational.ts'

/** The proof of key i, which the judge must find valid. */
function prove(
  rows: number[][],
  i: number,
  tolerance = 0,
  bias: number[] | null = null,
  near: HullProof | null = null,
): Proof {
  const keys = keySet(rows.flat(), rows.length, rows[0].length, bias)
  const proof = exactSolver(keys)(i, tolerance, [], near)
  const certificate = toCertificate(keys, i, proof, tolerance)
  expect(verifyCertificate({ keys, tolerance }, certificate)).toEqual({ valid: true })
  return proof
}

const sets = (most: number) =>
  fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 7 })).chain(([d, n]) =>
    fc.record({
      rows: fc.array(fc.array(fc.integer({ min: -most, max: most }), { minLength: d, maxLength: d }), {
        minLength: n,
        maxLength: n,
      }),
      bias: fc.array(fc.integer({ min: -most, max: most }), { minLength: n, maxLength: n }),
      scale: fc.constantFrom(0, 0, -40, 300, -1030),
      biasScale: fc.constantFrom(0, 7, -9, 100),
      i: fc.nat(n - 1),
    }),
  )

/**
 * Squared distances of small whole points are fractions of small numbers, so that none is one of these: where one is the tolerance itself, no
 * float weights may be within it, and the answer is an error.
 */
const tolerances = [0.37, 1.9, 31.1]

test.each([null, [13, 0, 0]])(
  'a distance that is the tolerance, at weights of 22nds, is an error that names the key (bias %o)',
  (bias) => {
    const rows = [[25, 9], [25, -13], [-6, 0]] // prettier-ignore
    expect(() => prove(rows, 2, 31, bias)).toThrow(RangeError)
    expect(() => prove(rows, 2, 31, bias)).toThrow('tolerance: key 2 could not be separated from tolerance 31')
    expect(prove(rows, 2, 30.9, bias).verdict).toBe('selectable')
    expect(prove(rows, 2, 31.1, bias).verdict).not.toBe('selectable')
  },
)

describe.each([2, 40])('of integers up to %i times a power of two', (most) => {
  propertyTest.prop({ set: sets(most) }, { numRuns: 150 })('verdicts at tolerance 0 are the reference’s', ({ set }) => {
    const rows = set.rows.map((row) => row.map((x) => x * 2 ** set.scale))
    expect(prove(rows, set.i).verdict).toBe(oracle(rows, set.i))
    const bias = set.bias.map((x) => x * 2 ** Math.max(-1070, set.scale + set.biasScale))
    expect(prove(rows, set.i, 0, bias).verdict).toBe(oracle(rows, set.i, bias))
  })

  propertyTest.prop({ set: sets(most) }, { numRuns: 150 })(
    'a key is selectable where it is farther than the tolerance',
    ({ set }) => {
      const rows = set.rows.map((row) => row.map((x) => x * 2 ** set.scale))
      const { points, unit } = around(rows, set.i)
      const square = nearest(points)
      const distance = Math.sqrt(Number((square.n << 20n) / square.d) / 2 ** 20) / Number(unit)
      for (const tolerance of tolerances.map((x) => x * 2 ** set.scale).concat(distance * 0.998, distance * 1.002)) {
        if (!(tolerance > 0 && tolerance < Infinity)) continue
        const { verdict } = prove(rows, set.i, tolerance)
        expect(verdict === 'selectable').toBe(compareSquares(tolerance, square, unit) < 0)
      }
    },
  )

  propertyTest.prop({ set: sets(most) }, { numRuns: 150 })(
    'under a bias a proof is found at every tolerance',
    ({ set }) => {
      // A bias above all others’ selects its key by a query of 0, and is not asked about here.
      if (!set.bias.some((b, j) => j !== set.i && b >= set.bias[set.i])) return
      for (const tolerance of tolerances) prove(set.rows, set.i, tolerance, set.bias)
      prove(
        set.rows,
        set.i,
        0.37,
        set.bias.map((b) => b * 2 ** set.biasScale),
      )
    },
  )
})

describe('a query in floats', () => {
  const integers = (keyExponent: number, biasExponent: number) => ({ rows: [], keyExponent, biasExponent })
  const read = (query: bigint[], keyExponent = 0, biasExponent = 0, biased = true): [bigint[], number[]] => {
    const { exact, rounded } = readQuery(query, integers(keyExponent, biasExponent), biased)
    return [exact, Array.from(rounded)]
  }

  test('is the integers, made small', () => {
    expect(read([3n, -1n], 0, 0, false)).toEqual([[3n, -1n], [3 / 16, -1 / 16]]) // prettier-ignore
    expect(read([3n, -1n], 5, -7, false)).toEqual([[3n, -1n], [3 / 16, -1 / 16]]) // prettier-ignore
    expect(read([1n, 2n ** 2000n], 0, 0, false)).toEqual([[1n, 2n ** 2000n], [0, 1 / 16]]) // prettier-ignore
  })

  test('is the first d over the last under a bias, in the units of keys and biases', () => {
    expect(read([5n, -2n, 4n])).toEqual([[5n, -2n, 4n], [1.25, -0.5]]) // prettier-ignore
    expect(read([5n, 4n], 1, 3)).toEqual([[20n, 4n], [5]]) // prettier-ignore
    expect(read([5n, 4n], 3, 1)).toEqual([[5n, 16n], [5 / 16]]) // prettier-ignore
    expect(read([5n, 0n, 4n], -2, -2)).toEqual([[5n, 0n, 4n], [1.25, 0]]) // prettier-ignore
    expect(read([0n, 0n, 4n])).toEqual([[0n, 0n, 4n], [0, 0]]) // prettier-ignore
  })

  test('is made small where that is out of the range of floats', () => {
    expect(read([1n, 2n ** 1000n])[1]).toEqual([2 ** -1000])
    expect(read([1n, 2n ** 1001n])[1]).toEqual([1 / 16])
    expect(read([2n ** 1023n, 1n])[1]).toEqual([2 ** 1023])
    expect(read([2n ** 1025n, 0n, 1n])[1]).toEqual([1 / 8, 0])
    expect(read([1n, 2n ** 1020n, 2n ** 1019n])[1]).toEqual([2 ** -1019, 2])
  })
})

describe('weights in floats', () => {
  test('are rounded shares', () => {
    expect(roundWeights([4, 2], [1n, 2n])).toEqual({
      support: Uint32Array.of(4, 2),
      weights: Float64Array.of(1 / 3, 2 / 3),
      exact: true,
    })
  })

  test('are exact at tolerance 0, and above where they would not do as they are', () => {
    const halves = [[0], [-2], [2]] // prettier-ignore
    const tenths = [[0, 0], [-3, 0], [7, 0], [0, -1]] // prettier-ignore
    expect(prove(halves, 0)).toMatchObject({ verdict: 'unselectable', exact: true, weights: Float64Array.of(0.5, 0.5) })
    expect(prove(halves, 0, 1e-300)).toMatchObject({ exact: false })
    const weights = Float64Array.of(0.7, 0.3)
    expect(prove(tenths, 0)).toMatchObject({ verdict: 'tied', exact: true, weights })
    expect(prove(tenths, 0, 1e-300)).toMatchObject({ verdict: 'tied', exact: true, weights })
    expect(prove(tenths, 0, 1e-10)).toMatchObject({ verdict: 'tied', exact: false, weights })
  })
})

describe('a selecting proof', () => {
  test('has integers only where floats do not prove it', () => {
    expect(prove([[0, 0], [1, 1], [2, -1]], 0)).not.toHaveProperty('exactQuery') // prettier-ignore
    // A cone thinner than an ulp: see exact.test.ts.
    const [A, B, C, D] = [9007199254740987, 8106479329266889, 5146971002709134, 4632273902438221]
    const thin = prove([[0, 0], [B, -A], [-D, C]], 0) // prettier-ignore
    expect(thin.verdict).toBe('selectable')
    expect(thin).toHaveProperty('exactQuery')
  })

  test('is the way from the nearest point, where another query proves less than the tolerance', () => {
    // Key 0 is 1 from the line through the others; a query may be far from across.
    const rows = [[0, 0], [-100, 1], [200, 1], [7, 2]] // prettier-ignore
    expect(prove(rows, 0, 0.999)).toMatchObject({ verdict: 'selectable' })
    expect(prove(rows, 0, 1 - 2 ** -53)).toMatchObject({ verdict: 'selectable' })
    expect(prove(rows, 0, 1.001).verdict).not.toBe('selectable')
    expect(prove(rows, 0, 1.001)).toMatchObject({ exact: false, support: Uint32Array.of(1, 2) })
  })

  test('is none at the tolerance itself; where weights are no floats either, the call says so', () => {
    expect(prove([[0, 0], [-2, 1], [1, 1]], 0, 1).verdict).not.toBe('selectable') // prettier-ignore
    expect(() => prove([[0, 0], [-3, 1], [7, 1]], 0, 1)).toThrow(RangeError) // prettier-ignore
    expect(() => prove([[-3, 1], [0, 0], [7, 1]], 1, 1)).toThrow(/^tolerance: key 1 could not be separated from tolerance 1: its distance/u) // prettier-ignore
  })

  test('under a bias is as long as it takes', () => {
    // q·0 − 5 is above 2q and 3q for q < −5/2, by more than τ·|q| for q < −5/(2 − τ).
    const rows = [[0], [2], [3]] // prettier-ignore
    const bias = [-5, 0, 0]
    for (const tolerance of [0, 1, 1.9, 2 - 2 ** -30, 2 - 2 ** -52]) {
      const proof = prove(rows, 0, tolerance, bias)
      expect(proof.verdict).toBe('selectable')
      if ('query' in proof) expect(proof.query[0] < -5 / (2 - tolerance)).toBe(true)
    }
    expect(prove(rows, 0, 2, bias).verdict).not.toBe('selectable')
    expect(prove(rows, 0, 2.5, bias)).toMatchObject({ support: Uint32Array.of(1) })
    // Key 1 has bias enough by itself, and is 5 away; half of it and of key 2 is 5·√2 away.
    const slanted = [[0, 0], [5, 0], [5, 10]] // prettier-ignore
    expect(prove(slanted, 0, 4.999, [0, 1, -9]).verdict).toBe('selectable')
    expect(prove(slanted, 0, 5.001, [0, 1, -9]).verdict).not.toBe('selectable')
    expect(prove(slanted, 0, 5.2, [4, -1, 9]).verdict).toBe('selectable')
    expect(prove(slanted, 0, 7.072, [4, -1, 9]).verdict).not.toBe('selectable')
  })
})

describe('a key in the hull', () => {
  test('is tied by a query past what is within the tolerance', () => {
    const rows = [[0], [0.001], [-0.001], [-5]] // prettier-ignore
    expect(prove(rows, 0).verdict).toBe('unselectable')
    expect(prove(rows, 0, 0.01)).toMatchObject({ verdict: 'tied', exact: false })
    expect(prove(rows, 0, 0.0001).verdict).toBe('unselectable')
    expect(prove([...rows, [5]], 0, 0.01).verdict).toBe('unselectable')
    // Where all are, no query tells them apart.
    expect(prove(rows.slice(0, 3), 0, 0.01).verdict).toBe('unselectable')
    expect(prove(rows, 0, 0.01, [1, 1, 1, 1]).verdict).toBe('tied')
  })

  test('is tied by integers where no floats are constant on its face', () => {
    const v = [2 ** 40 - 87, 3 ** 25, 2 ** 39 + 1]
    const w = [5 ** 17, -(2 ** 40) + 3, 7 ** 14]
    const rows = [[0, 0, 0], v, w, v.map((x, c) => -x - w[c]), [2 ** 40, 2 ** 40, -(2 ** 40)]]
    const proof = prove(rows, 0)
    expect(proof.verdict).toBe('tied')
    expect(proof).toHaveProperty('exactQuery')
    // By floats where these do.
    expect(
      prove(
        [
          [0, 0],
          [-1, 0],
          [1, 0],
          [0, -1],
        ],
        0,
      ),
    ).toEqual({
      // prettier-ignore
      verdict: 'tied',
      query: Float64Array.of(0, 1 / 16),
      support: Uint32Array.of(1, 2),
      weights: Float64Array.of(0.5, 0.5),
      exact: true,
    })
  })

  test('by weights that are given is not selectable, though it is at tolerance 0', () => {
    const rows = [[0, 0], [-1, 0.001], [1, 0.001], [0, 3]] // prettier-ignore
    const near = { support: Uint32Array.of(1, 2), weights: Float64Array.of(0.501, 0.499), exact: false }
    expect(prove(rows, 0).verdict).toBe('selectable')
    expect(prove(rows, 0, 0.01, null, near)).toMatchObject({ verdict: 'tied', ...near })
    // Not with its own weights, where others are given.
    const inside = [[0, 0], [-1, 0], [1, 0], [0, 0.001], [0, -1]] // prettier-ignore
    const other = { support: Uint32Array.of(3), weights: Float64Array.of(1), exact: false }
    expect(prove(inside, 0, 0.01, null, other)).toMatchObject(other)
  })
})

describe('in many dimensions, where a search in floats goes first', () => {
  const d = 16
  const unit = (c: number, x: number): number[] => Array.from({ length: d }, (_, at) => (at === c ? x : 0))
  /** The corners of a simplex around 0, and a key. */
  const around = (key: number[]): number[][] => [
    key,
    ...Array.from({ length: d }, (_, c) => unit(c, 2)),
    new Array<number>(d).fill(-1),
  ]

  test('a key outside, inside, on a facet, on a corner, and alone', () => {
    expect(prove(around(unit(0, 3)), 0).verdict).toBe('selectable')
    expect(prove(around(unit(0, 1)), 0).verdict).toBe('unselectable')
    expect(prove(around(unit(0, 2)), 0)).toMatchObject({ verdict: 'tied', support: Uint32Array.of(1) })
    // The facet without the last of those corners has a normal that falls in the last coordinate.
    const low = Array.from({ length: d }, (_, c) => (c === d - 1 ? -1 / d : 1 / d))
    expect(prove(around(low), 0).verdict).toBe('tied')
    const facet = new Array<number>(d).fill(2 / d)
    expect(prove(around(facet), 0).verdict).toBe('tied')
    expect(prove(around(facet.map((x, c) => (c === 3 ? x + 2 ** -55 : x))), 0).verdict).toBe('selectable')
    expect(prove(around(facet.map((x, c) => (c === 3 ? x - 2 ** -55 : x))), 0).verdict).toBe('unselectable')
    expect(exactSolver(keySet(facet, 1, d))(0, 0, [], null).verdict).toBe('unselectable')
  })

  test('a bias counts', () => {
    const rows = around(unit(0, 1))
    const bias = rows.map((_, j) => (j === 0 ? 1 : 0))
    expect(prove(rows, 0, 0, bias).verdict).toBe('selectable')
    expect(
      prove(
        rows,
        0,
        0,
        bias.map((b) => -b),
      ).verdict,
    ).toBe('unselectable')
  })
})

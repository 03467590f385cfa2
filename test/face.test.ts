/** From exact decisions to proofs, called as the checker calls them: faces, weights, queries and the certificates made of them. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { verify } from '../src/index.ts'
import { commonIntegers } from '../src/selectability/exact/dyadic.ts'
import type { IntegerKeys } from '../src/selectability/exact/integers.ts'
import { findWeights, simplexWeights } from '../src/selectability/exact/weights.ts'
import { readQuery, roundWeights } from '../src/selectability/exactly.ts'
import { constantOn, pivots, proveOnFace } from '../src/selectability/face.ts'
import { keySet } from '../src/selectability/keyset.ts'
import { toCertificate } from '../src/selectability/proof.ts'

const dot = (a: readonly bigint[], b: readonly bigint[]): bigint => a.reduce((sum, x, c) => sum + x * b[c]!, 0n)
const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b))
const floatsOf = (rows: readonly (readonly bigint[])[]): Float64Array[] =>
  rows.map((row) => Float64Array.from(row, Number))
const set = (...rows: number[][]): ReturnType<typeof keySet> =>
  keySet(Float64Array.from(rows.flat()), rows.length, rows[0]!.length)

describe('pivots', () => {
  test('begin with the largest entry, and go on with the largest of what it leaves', () => {
    const rows = [Float64Array.of(1, 2, 3), Float64Array.of(2, -8, 4), Float64Array.of(0, 1, 1)]
    // −8 first; then row 0 is (1.5, 0, 4) and row 2 (0.25, 0, 1.5); then row 2 is left with 0.25 − 1.5·1.5/4 in column 0.
    expect(pivots(rows, 3)).toEqual({ rows: [1, 0, 2], columns: [1, 2, 0] })
    expect(pivots(rows, 1)).toEqual({ rows: [1], columns: [1] })
    expect(pivots(rows, 0)).toEqual({ rows: [], columns: [] })
    // The rows are the caller's.
    expect(Array.from(rows[0]!)).toEqual([1, 2, 3])
  })

  test('end with the rank', () => {
    expect(pivots([Float64Array.of(1, 2), Float64Array.of(2, 4)], 2)).toEqual({ rows: [1], columns: [1] })
    expect(pivots([Float64Array.of(0, 0)], 1)).toEqual({ rows: [], columns: [] })
    expect(pivots([Float64Array.of(-1, 0), Float64Array.of(0, 0.5)], 2)).toEqual({ rows: [0, 1], columns: [0, 1] })
  })
})

describe('a query constant on a face', () => {
  const entry = fc.bigInt({ min: -9n, max: 9n })
  const row = fc.array(entry, { minLength: 4, maxLength: 4 })
  propertyTest.prop({ points: fc.tuple(row, row), query: row })(
    'is, exactly, and near the one given',
    ({ points, query }) => {
      // The key is the middle of what these give: m points have rank m − 1.
      const [a, b] = points as [bigint[], bigint[]]
      const around = [a, b, a.map((x, c) => -x - b[c]!)]
      const given = Float64Array.from(query, (x) => Number(x) / 8)
      const found = constantOn(around, floatsOf(around), given)
      if (found === null) {
        // Only where a and b are in line.
        for (let c = 0; c < 4; c++) for (let e = 0; e < 4; e++) expect(a[c]! * b[e]! - a[e]! * b[c]!).toBe(0n)
        return
      }
      for (const point of around) expect(dot(point, found)).toBe(0n)
      if (found.some((x) => x !== 0n)) expect(found.reduce(gcd, 0n)).toBe(1n)
      if (query.some((x) => x !== 0n) && around.every((point) => dot(point, query) === 0n)) {
        const divisor = query.reduce(gcd, 0n)
        const plain = query.map((x) => x / divisor)
        expect([plain, plain.map((x) => -x)]).toContainEqual(found)
      }
    },
  )

  test('is none where floats do not show the rank, or are of other points', () => {
    const around = [[1n, 0n], [-1n, 0n]] // prettier-ignore
    expect(constantOn(around, floatsOf(around), Float64Array.of(3, 5))).toEqual([0n, 1n])
    expect(constantOn(around, [Float64Array.of(0, 0), Float64Array.of(0, 0)], Float64Array.of(3, 5))).toBeNull()
    const skew = [[1n, 0n], [0n, 1n]] // prettier-ignore
    expect(constantOn(skew, floatsOf(skew), Float64Array.of(3, 5))).toBeNull()
    expect(constantOn([[0n, 0n], [0n, 1n]], [Float64Array.of(1, 0), Float64Array.of(0, 1)], Float64Array.of(1, 1))).toBeNull() // prettier-ignore
  })
})

describe('a proof on a face', () => {
  const square = set([0, 0], [4, 0], [0, 4], [4, 4], [1, 0], [1, 1])

  test('ties a key on an edge, by a query that has the edge on top', () => {
    const proof = proveOnFace(square, 4, [0, 1], [Float64Array.of(1, 1), Float64Array.of(0.001, -1)])
    expect(proof).toMatchObject({
      verdict: 'tied',
      support: Uint32Array.of(0, 1),
      weights: Float64Array.of(0.75, 0.25),
    })
    const certificate = toCertificate(square, 4, proof!, 0)
    expect(verify({ data: square.data, shape: [6, 2] }, certificate, { tolerance: 0 })).toEqual({ valid: true })
    expect('exactQuery' in certificate).toBe(false)
  })

  test('keeps the integers of a query that no floats express', () => {
    // On the segment (q − 1)·x₁ + 2·x₂ = (p − 1)·x₀, which takes 104 bits near the query given.
    const [p, q] = [2 ** 52 + 1, 2 ** 52 + 3]
    const keys = set([p, 1, 3], [1, q, 5], [(p + 1) / 2, (q + 1) / 2, 4], [0, 0, -(2 ** 60)])
    const proof = proveOnFace(keys, 2, [0, 1], [Float64Array.of(1 + 2 ** -52, 0, 0.1)])
    expect(proof).toMatchObject({ verdict: 'tied', weights: Float64Array.of(0.5, 0.5) })
    const certificate = toCertificate(keys, 2, proof!, 0)
    expect('exactQuery' in certificate).toBe(true)
    const matrix = { data: keys.data, shape: [4, 3] }
    expect(verify(matrix, certificate, { tolerance: 0 })).toEqual({ valid: true })
    expect(verify(matrix, { ...certificate, exactQuery: undefined } as never, { tolerance: 0 }).valid).toBe(false)
  })

  test('is none where floats do not show the face’s rank', () => {
    // Three keys around another in a plane, so near a line that elimination finds them on it: 2·first + second + third = 0.
    const far = 2 ** 52
    const keys = set([far + 1, far + 2, 0], [-far - 2, -far - 3, 0], [-far, -far - 1, 0], [0, 0, 0], [0, 0, -1])
    const upright = Float64Array.of(0, 0, 1)
    expect(proveOnFace(keys, 3, [0, 1, 2], [upright, upright])).toBeNull()
  })

  test('finds a key inside a simplex unselectable', () => {
    expect(proveOnFace(square, 5, [0, 1, 2], [])).toMatchObject({
      verdict: 'unselectable',
      support: Uint32Array.of(0, 1, 2),
      weights: Float64Array.of(0.5, 0.25, 0.25),
      exact: true,
    })
  })

  test.each<[string, number, number[], Float64Array[]]>([
    ['outside the support’s hull', 4, [1, 3], [Float64Array.of(0, -1)]],
    ['on one of its sides', 4, [0, 1, 2], []],
    ['beyond it', 3, [0, 1, 2], []],
    ['on a face that no query given has on top', 4, [0, 1], [Float64Array.of(0, 1)]],
    ['on a face, without a query', 4, [0, 1], []],
    ['on dependent keys', 4, [0, 1, 4], []],
  ])('is none for a key %s', (_, i, support, queries) => {
    expect(proveOnFace(square, i, support, queries)).toBeNull()
  })
})

describe('exact weights', () => {
  test('of independent points are unique, and of more than elimination is fast for the same', () => {
    for (const d of [2, 8, 23, 24, 30]) {
      // The corners of a simplex: −1 in every coordinate against multiples of the axes.
      const points = Array.from({ length: d + 1 }, (_, s) =>
        Array.from({ length: d }, (_, c) => (s === d ? -6n : s === c ? BigInt(1 + (c % 3)) : 0n)),
      )
      const { exact, unique } = findWeights(points, d, new Float64Array(d + 1).fill(1))
      expect(unique).toBe(true)
      for (let s = 0; s < d; s++) expect(exact[s]! * BigInt(1 + (s % 3))).toBe(6n * exact[d]!)
      expect(exact.every((w) => w > 0n)).toBe(true)
      const moved = points.map((point) => [...point, 0n])
      expect(findWeights(moved, d, new Float64Array(d + 1).fill(1)).exact.map((w) => w * exact[d]!)).toEqual(
        exact.map((w) => w * findWeights(moved, d, new Float64Array(d + 1).fill(1)).exact[d]!),
      )
    }
  })

  const points = [[2n, 0n], [-2n, 0n], [0n, 2n], [0n, -2n]] // prettier-ignore
  const good = (exact: readonly bigint[], of: readonly (readonly bigint[])[]): void => {
    expect(exact).toHaveLength(of.length)
    expect(exact.every((w) => w > 0n)).toBe(true)
    for (let c = 0; c < 2; c++)
      expect(
        dot(
          exact,
          of.map((point) => point[c]!),
        ),
      ).toBe(0n)
  }

  test('of dependent points are near those given', () => {
    const { exact, unique } = findWeights(points, 2, Float64Array.of(0.375, 0.375, 0.125, 0.125))
    expect(unique).toBe(false)
    good(exact, points)
    expect(exact[0]).toBe(3n * exact[2]!)
    good(findWeights(points, 2, Float64Array.of(0.125, 0.125, 0.375, 0.375)).exact, points)
  })

  test('are shared out where those given lead to none', () => {
    // With the last weight as given, that of the first would be negative.
    const far = [[1n, 0n], [-1n, 1n], [-1n, -1n], [4n, 1n]] // prettier-ignore
    const { exact, unique } = findWeights(far, 2, Float64Array.of(0.01, 0.01, 0.01, 0.97))
    expect(unique).toBe(false)
    good(exact, far)
  })

  test('are none where the points leave the origin out, or on an edge', () => {
    expect(findWeights([[1n, 0n], [2n, 0n], [0n, 1n], [1n, 1n]], 2, Float64Array.of(1, 1, 1, 1)).exact).toEqual([]) // prettier-ignore
    expect(findWeights([[1n, 0n], [-1n, 0n], [0n, 1n], [1n, 1n]], 2, Float64Array.of(1, 1, 1, 1)).exact).toEqual([]) // prettier-ignore
    expect(
      findWeights(
        [
          [1n, 0n],
          [0n, 1n],
        ],
        2,
        Float64Array.of(1, 1),
      ).exact,
    ).toEqual([])
  })

  test('under a bias reach it, if need be exactly', () => {
    const rises = (rise: readonly bigint[]): bigint[][] => points.map((point, s) => [...point, rise[s]!])
    const given = Float64Array.of(0.25, 0.25, 0.25, 0.25)
    const above = findWeights(rises([1n, 1n, 0n, -1n]), 2, given).exact
    expect(above[0]).toBe(above[2])
    const level = rises([1n, 1n, -2n, -2n])
    const { exact } = findWeights(level, 2, given)
    good(exact, points)
    expect(
      dot(
        exact,
        level.map((point) => point[2]!),
      ),
    ).toBeGreaterThanOrEqual(0n)
    const even = rises([1n, 1n, -1n, -1n])
    expect(findWeights(even, 2, given).exact[0]).toBe(findWeights(even, 2, given).exact[2])
  })

  test('of a simplex are those of the keys, whatever the bias', () => {
    const rows = [0, 0, 4, 0, 0, 4, 1, 1]
    const wanted = [0.5, 0.25, 0.25]
    expect(Array.from(simplexWeights(keySet(Float64Array.from(rows), 4, 2), 3, Uint32Array.of(0, 1, 2)))).toEqual(
      wanted,
    )
    const biased = keySet(Float64Array.from(rows), 4, 2, [5, -1, 2, 0])
    expect(Array.from(simplexWeights(biased, 3, Uint32Array.of(0, 1, 2)))).toEqual(wanted)
  })

  test('are rounded to floats that sum to 1', () => {
    expect(roundWeights([4, 2], [1n, 3n])).toEqual({
      support: Uint32Array.of(4, 2),
      weights: Float64Array.of(0.25, 0.75),
      exact: true,
    })
  })
})

describe('an exact query as floats', () => {
  const at = (keyExponent: number, biasExponent: number): IntegerKeys => ({ rows: [], keyExponent, biasExponent })

  test('is rounded up to a positive factor', () => {
    const { exact, rounded } = readQuery([3n, -4n, 1n], at(0, 0), false)
    expect(exact).toEqual([3n, -4n, 1n])
    expect(rounded[0]! / rounded[2]!).toBe(3)
    expect(rounded[1]! / rounded[2]!).toBe(-4)
    const huge = readQuery([1n << 5000n, -1n << 4999n], at(-9, 0), false).rounded
    expect(huge[0]).toBeGreaterThan(0)
    expect(huge[0]! / huge[1]!).toBe(-2)
    expect(huge[0]).toBeLessThanOrEqual(1)
  })

  test('under a bias is the quotient, in the units of keys and biases', () => {
    // Scores q·k·2^a + t·b·2^b: the query is q·2^(a − b) over t, whatever side the shift is on.
    expect(Array.from(readQuery([6n, -2n, 4n], at(0, 0), true).rounded)).toEqual([1.5, -0.5])
    expect(readQuery([6n, -2n, 4n], at(-3, 0), true)).toEqual({
      exact: [48n, -16n, 4n],
      rounded: Float64Array.of(12, -4),
    })
    expect(readQuery([6n, -2n, 4n], at(3, 0), true)).toEqual({
      exact: [6n, -2n, 32n],
      rounded: Float64Array.of(0.1875, -0.0625),
    })
    expect(Array.from(readQuery([0n, 0n, 4n], at(0, 0), true).rounded)).toEqual([0, 0])
  })

  test('under a bias is scaled only where the quotient leaves the range of floats', () => {
    const tiny = readQuery([3n, 1n, 1n << 1400n], at(0, 0), true).rounded
    expect(tiny[0]! / tiny[1]!).toBe(3)
    const large = readQuery([3n << 1400n, 1n << 1400n, 1n], at(0, 0), true).rounded
    expect(large[0]! / large[1]!).toBe(3)
    expect(large[0]).toBeLessThanOrEqual(1)
    expect(readQuery([1n, 0n, 1n << 1000n], at(0, 0), true).rounded[0]).toBe(2 ** -1000)
    expect(readQuery([1n, 0n, 1n << 1001n], at(0, 0), true).rounded[0]).not.toBe(2 ** -1001)
  })
})

describe('a certificate', () => {
  const keys = set([0, 0], [4, 0], [0, 4], [1, 1])

  test('of a simplex has exact weights at tolerance 0, and near ones above', () => {
    const proof = { verdict: 'unselectable', simplex: Uint32Array.of(0, 1, 2) } as const
    const exact = toCertificate(keys, 3, proof, 0)
    expect(exact).toEqual({
      verdict: 'unselectable',
      key: 3,
      support: Uint32Array.of(0, 1, 2),
      weights: Float64Array.of(0.5, 0.25, 0.25),
      distance: 0,
    })
    const third = set([0, 0], [3, 0], [0, 3], [0.1, 0.7])
    const near = toCertificate(third, 3, proof, 1e-9)
    expect(near).toMatchObject({ verdict: 'unselectable', support: Uint32Array.of(0, 1, 2) })
    // What rounding the weights leaves: exact ones would claim 0.
    expect('distance' in near && near.distance).toBeGreaterThan(0)
    expect('distance' in near && near.distance).toBeLessThan(2 ** -50)
    expect(toCertificate(third, 3, proof, 0)).toMatchObject({ distance: 0 })
    // Where floats are too coarse for the tolerance the weights are exact.
    expect(toCertificate(third, 3, proof, 2 ** -70)).toMatchObject({ distance: 0 })
  })

  test('has integers only where the proof has', () => {
    const query = Float64Array.of(1, 0)
    expect('exactQuery' in toCertificate(keys, 1, { verdict: 'selectable', query }, 0)).toBe(false)
    expect(toCertificate(keys, 1, { verdict: 'selectable', query, exactQuery: [1n, 0n] }, 0)).toMatchObject({
      exactQuery: [1n, 0n],
      margin: 3 - 2 ** -51,
      runnerUp: 3,
    })
    const hull = { support: Uint32Array.of(0), weights: Float64Array.of(1), exact: false }
    const tied = { verdict: 'tied', query, ...hull } as const
    expect('exactQuery' in toCertificate(keys, 3, tied, 5)).toBe(false)
    expect(toCertificate(keys, 3, { ...tied, exactQuery: [1n, 0n] }, 5)).toMatchObject({ exactQuery: [1n, 0n] })
    expect(toCertificate(keys, 3, tied, 5)).toMatchObject({ distance: Math.SQRT2 })
    // Never more than the tolerance that it was proven for.
    expect(toCertificate(keys, 3, tied, 1.25)).toMatchObject({ distance: 1.25 })
    expect(toCertificate(keys, 3, { ...tied, exact: true }, 1)).toMatchObject({ distance: 0 })
  })

  test('of a single key has an infinite margin', () => {
    const query = Float64Array.of(1)
    expect(toCertificate(set([3]), 0, { verdict: 'selectable', query }, 0)).toEqual({
      verdict: 'selectable',
      key: 0,
      query,
      margin: Infinity,
      runnerUp: -1,
    })
  })
})

test('floats over one power of two', () => {
  expect(commonIntegers([0.5, 3])).toEqual({ integers: [1n, 6n], e: -1 })
})

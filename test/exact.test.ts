/** The rooms of exact arithmetic one by one, each against integers written out longhand. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { certify, selectability, verify } from '../src/index.ts'
import { decideExactly } from '../src/selectability/exact/decide.ts'
import * as dy from '../src/selectability/exact/dyadic.ts'
import type { Dyadic } from '../src/selectability/exact/dyadic.ts'
import { integerKeys, minus } from '../src/selectability/exact/integers.ts'
import { dotIntegers, nullspace, primitive, reduce } from '../src/selectability/exact/linear.ts'
import { keyVertex, lowestKey, nearestPoint } from '../src/selectability/exact/nearest.ts'
import { solveUnique } from '../src/selectability/exact/padic.ts'
import { separateOrigin } from '../src/selectability/exact/simplex.ts'
import { provesHull } from '../src/selectability/exact/support.ts'
import { keySet } from '../src/selectability/keyset.ts'
import { decideExactly as oracle, decompose, toIntegers } from './reference/rational.ts'
import { rankOf } from './reference/rank.ts'

const size = (x: bigint): bigint => (x < 0n ? -x : x)

/** Both numbers as integers over one power of two. */
function common(a: Dyadic, b: Dyadic): [bigint, bigint] {
  const e = Math.min(a.e, b.e)
  return [a.m << BigInt(a.e - e), b.m << BigInt(b.e - e)]
}

const valueOf = (x: number): Dyadic => (({ mantissa: m, exponent: e }) => ({ m, e }))(decompose(x))

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const big = fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n })
const exponent = fc.integer({ min: -300, max: 300 })
const dyadics = fc.record({ m: big, e: exponent })
const smallInteger = fc.bigInt({ min: -3n, max: 3n })

describe('dyadic numbers', () => {
  propertyTest.prop({ x: finite })('a float is an odd integer times its last bit', ({ x }) => {
    const { m, e } = dy.dyadic(x)
    const [ours, theirs] = common({ m, e }, valueOf(x))
    expect(ours).toBe(theirs)
    if (x !== 0) {
      expect(size(m) % 2n).toBe(1n)
      expect(e).toBe(dy.lastBit(x))
      expect(dy.toInteger(x, e - 3)).toBe(8n * m)
    }
  })

  test('zero, the smallest, and the largest', () => {
    expect(dy.dyadic(-0)).toEqual(dy.zero)
    expect(dy.lastBit(0)).toBe(Infinity)
    expect(dy.dyadic(5e-324)).toEqual({ m: 1n, e: -1074 })
    expect(dy.dyadic(-Number.MAX_VALUE)).toEqual({ m: -(2n ** 53n) + 1n, e: 971 })
    expect(dy.toInteger(0, 5)).toBe(0n)
  })

  propertyTest.prop({ a: dyadics, b: dyadics })('sums, products and order are those of integers', ({ a, b }) => {
    const [x, y] = common(a, b)
    const e = Math.min(a.e, b.e)
    const equal = (got: Dyadic, m: bigint, at: number): void => {
      const [ours, theirs] = common(got, { m, e: at })
      expect(ours).toBe(theirs)
    }
    equal(dy.add(a, b), x + y, e)
    equal(dy.subtract(a, b), x - y, e)
    equal(dy.negate(a), -x, e)
    equal(dy.multiply(a, b), x * y, 2 * e)
    equal(dy.square(a), x * x, 2 * e)
    expect(dy.compare(a, b)).toBe(x > y ? 1 : x < y ? -1 : 0)
  })

  propertyTest.prop({ x: fc.array(finite, { maxLength: 6 }) })('floats over a common power of two', ({ x }) => {
    const { integers, e } = dy.commonIntegers(x)
    x.forEach((value, c) => {
      const [ours, theirs] = common({ m: integers[c], e }, valueOf(value))
      expect(ours).toBe(theirs)
    })
    if (x.some((value) => value !== 0)) expect(integers.some((m) => size(m) % 2n === 1n)).toBe(true)
  })

  propertyTest.prop({ x: finite, shift: fc.integer({ min: -2200, max: 2200 }) })('ldexp scales', ({ x, shift }) => {
    const scaled = dy.ldexp(x, shift)
    const { m, e } = dy.dyadic(x)
    const top = m === 0n ? -Infinity : size(m).toString(2).length + e + shift
    if (top > 1024) expect(Math.abs(scaled)).toBe(Infinity)
    else if (m === 0n || e + shift >= -1074) expect(dy.dyadic(scaled)).toEqual(m === 0n ? dy.zero : { m, e: e + shift })
    else if (top <= -1080) expect(Math.abs(scaled)).toBe(0)
  })

  propertyTest.prop({ m: big.filter((m) => m !== 0n) })('bitLength is at most three too many', ({ m }) => {
    expect([0, 1, 2, 3]).toContain(dy.bitLength(m) - size(m).toString(2).length)
  })
})

describe('roundings', () => {
  propertyTest.prop({ a: dyadics, b: dyadics }, { numRuns: 500 })('ratio is within 2^−52 relative', ({ a, b }) => {
    fc.pre(b.m !== 0n)
    const { m, e } = valueOf(dy.ratio(a, b))
    const [product, target] = common({ m: m * b.m, e: e + b.e }, a)
    expect(size(product - target) << 52n <= size(target)).toBe(true)
  })

  propertyTest.prop({ x: finite })('toNumber gives floats back', ({ x }) => {
    expect(dy.toNumber(dy.dyadic(x)) + 0).toBe(x + 0)
  })

  const wide = fc.record({ m: fc.bigInt({ min: 1n, max: 2n ** 300n }), e: fc.integer({ min: -900, max: 900 }) })
  propertyTest.prop({ a: wide, b: wide }, { numRuns: 500 })('rootRatio is within 2^−52 relative', ({ a, b }) => {
    // The quotient may be as large as 2^2100; its root is a normal float below 2^1000.
    const bits = a.m.toString(2).length + a.e - b.m.toString(2).length - b.e
    fc.pre(Math.abs(bits) < 2000)
    const { m, e } = valueOf(dy.rootRatio(a, b))
    const [square, target] = common({ m: m * m * b.m, e: 2 * e + b.e }, a)
    // (1 + δ)² − 1 is at most 2^−51 + 2^−104 for |δ| <= 2^−52.
    expect(size(square - target) << 104n <= target * (2n ** 53n + 1n)).toBe(true)
  })

  test('exact roots and quotients are exact', () => {
    const one = { m: 1n, e: 0 }
    expect(dy.rootRatio({ m: 9n, e: 2000 }, one)).toBe(3 * 2 ** 1000)
    expect(dy.rootRatio({ m: 9n, e: -2000 }, { m: 4n, e: 0 })).toBe(1.5 * 2 ** -1000)
    expect(dy.rootRatio(dy.zero, one)).toBe(0)
    expect(dy.ratio({ m: -(10n ** 40n), e: 7 }, { m: 10n ** 40n, e: 0 })).toBe(-128)
    expect(dy.ratio(one, { m: -4n, e: 0 })).toBe(-0.25)
    expect(dy.ratio({ m: 1n, e: -1074 }, one)).toBe(5e-324)
  })
})

const grid = (entry: fc.Arbitrary<bigint>, most = 5): fc.Arbitrary<bigint[][]> =>
  fc.tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most })).chain(([rows, columns]) => {
    return fc.array(fc.array(entry, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows })
  })
const grids = fc.oneof(grid(smallInteger), grid(big))

describe('linear algebra over the integers', () => {
  propertyTest.prop({ rows: grids })('reduce diagonalises, and finds the rank', ({ rows }) => {
    const before = rows.map((row) => [...row])
    const { rows: table, columns, det } = reduce(rows, rows[0].length)
    expect(rows).toEqual(before)
    expect(columns.length).toBe(rankOf(rows))
    expect(det).not.toBe(0n)
    columns.forEach((column, r) => table.forEach((row, s) => expect(row[column]).toBe(r === s ? det : 0n)))
    expect(table.slice(columns.length).every((row) => row.every((x) => x === 0n))).toBe(true)
    expect(rankOf([...rows, ...table])).toBe(columns.length)
  })

  propertyTest.prop({ rows: grids })('nullspace is all that the rows annihilate', ({ rows }) => {
    const width = rows[0].length
    const basis = nullspace(rows, width)
    for (const v of basis) for (const row of rows) expect(dotIntegers(row, v)).toBe(0n)
    expect(basis.length).toBe(width - rankOf(rows))
    expect(rankOf(basis)).toBe(basis.length)
  })

  test('nothing annihilates nothing', () => {
    expect(nullspace([], 2)).toEqual([[1n, 0n], [0n, 1n]]) // prettier-ignore
    expect(nullspace([[0n, 0n]], 2)).toEqual([[1n, 0n], [0n, 1n]]) // prettier-ignore
    expect(nullspace([[1n, 1n], [1n, 2n]], 2)).toEqual([]) // prettier-ignore
  })

  test('primitive divides by what all entries share, and keeps their signs', () => {
    expect(primitive([6n, -9n, 0n])).toEqual([2n, -3n, 0n])
    expect(primitive([0n, 0n])).toEqual([0n, 0n])
    expect(primitive([-(7n ** 90n), 7n ** 89n])).toEqual([-7n, 1n])
  })

  const squares = fc.record({ rows: grids, x: fc.array(big, { minLength: 5, maxLength: 5 }) })
  propertyTest.prop({ system: squares, more: smallInteger })('solveUnique finds the solution', ({ system, more }) => {
    const { rows } = system
    const x = system.x.slice(0, rows[0].length)
    const right = rows.map((row) => dotIntegers(row, x))
    const solution = solveUnique(rows, right)
    expect(solution === null).toBe(rankOf(rows) < x.length)
    if (solution === null) return
    const { numerators, denominator } = solution
    expect(denominator > 0n).toBe(true)
    expect(numerators).toEqual(x.map((value) => value * denominator))
    // One more equation, true or not.
    const extra = [...rows, rows[0].map((value) => value * 2n)]
    const found = solveUnique(extra, [...right, right[0] * 2n + more])
    expect(found === null).toBe(more !== 0n)
  })

  test('solveUnique finds fractions, and refuses what is not one solution', () => {
    expect(solveUnique([[3n, 0n], [0n, -7n]], [2n, 5n])).toEqual({ numerators: [14n, -15n], denominator: 21n }) // prettier-ignore
    expect(solveUnique([[1n, 1n]], [1n])).toBe(null)
    expect(solveUnique([[1n, 1n], [2n, 2n]], [1n, 2n])).toBe(null) // prettier-ignore
    expect(solveUnique([], [])).toBe(null)
  })
})

const pointSets = fc.integer({ min: 1, max: 4 }).chain((d) =>
  fc.record({
    d: fc.constant(d),
    points: fc.array(fc.array(smallInteger, { minLength: d, maxLength: d }), { minLength: 1, maxLength: 9 }),
    hints: fc.uniqueArray(fc.nat(8), { maxLength: 5 }),
  }),
)

/** Whether the origin is outside the hull: the oracle's verdict on a key there. */
const outside = (points: bigint[][], d: number): boolean =>
  oracle([new Array<number>(d).fill(0), ...points.map((point) => point.map(Number))], 0) === 'selectable'

describe('the origin and a hull', () => {
  propertyTest.prop({ set: pointSets }, { numRuns: 300 })('are separated, or joined by weights', ({ set }) => {
    const { points, d } = set
    const hints = set.hints.filter((j) => j < points.length)
    for (const result of [separateOrigin(points, d), separateOrigin(points, d, hints)]) {
      expect('query' in result).toBe(outside(points, d))
      if ('query' in result) {
        for (const point of points) expect(dotIntegers(result.query, point) < 0n).toBe(true)
        continue
      }
      const { support, weights } = result
      expect(new Set(support).size).toBe(support.length)
      expect(support.length).toBeGreaterThan(0)
      expect(weights.every((w) => w > 0n)).toBe(true)
      for (let c = 0; c < d; c++) expect(support.reduce((sum, j, s) => sum + weights[s] * points[j][c], 0n)).toBe(0n)
    }
  })

  propertyTest.prop({ set: pointSets, start: fc.nat() }, { numRuns: 300 })(
    'have one nearest point',
    ({ set, start }) => {
      const { points, d } = set
      const first = start % points.length
      const keys = points.map((vector, key) => ({ key, vector, rise: 0n }))
      const lowest = lowestKey(keys)
      const { vector, keys: support, weights } = nearestPoint(keyVertex(keys[first]), lowest)
      const total = weights.reduce((sum, w) => sum + w, 0n)
      expect(weights.every((w) => w > 0n)).toBe(true)
      for (let c = 0; c < d; c++) {
        expect(support.reduce((sum, j, s) => sum + weights[s] * points[j][c], 0n)).toBe(vector[c])
      }
      // x is nearest when x·p >= x·x for every point p, which is Wolfe's criterion.
      for (const point of points) expect(dotIntegers(vector, point) * total >= dotIntegers(vector, vector)).toBe(true)
      expect(vector.some((x) => x !== 0n)).toBe(outside(points, d))
    },
  )
})

/** A decision's own proof, judged in integers. */
function expectProven(rows: readonly (readonly bigint[])[], i: number, biased: boolean, hints: number[]): string {
  const { verdict, query, support, weights } = decideExactly(
    { rows, keyExponent: 0, biasExponent: 0 },
    i,
    biased,
    hints,
  )
  const gaps = rows.map((row) => (query === null ? 0n : dotIntegers(query, minus(rows[i], row))))
  const others = gaps.filter((_, j) => j !== i)
  if (verdict === 'selectable') expect(others.every((gap) => gap > 0n)).toBe(true)
  if (verdict === 'tied') expect(others.every((gap) => gap >= 0n)).toBe(true)
  if (query !== null && biased) expect(query[query.length - 1] > 0n).toBe(true)
  if (verdict !== 'selectable' && !biased) {
    expect(weights.every((w) => w > 0n)).toBe(true)
    const points = support.map((j) => minus(rows[j], rows[i]))
    rows[i].forEach((_, c) => expect(points.reduce((sum, point, s) => sum + weights[s] * point[c], 0n)).toBe(0n))
    const all = rows.map((row) => minus(row, rows[i]))
    if (verdict === 'unselectable') expect(rankOf(points)).toBe(rankOf(all))
  }
  return verdict
}

describe('the exact decision', () => {
  propertyTest.prop({ set: pointSets, i: fc.nat(), shift: fc.bigInt({ min: 0n, max: 2n ** 200n }) }, { numRuns: 300 })(
    'is the oracle’s, with a proof, whatever the hints',
    ({ set, i, shift }) => {
      const { points, hints } = set
      const own = i % points.length
      const expected = oracle(
        points.map((point) => point.map(Number)),
        own,
      )
      const shifted = points.map((point) => point.map((x) => x * (shift + 1n) + shift))
      const helpful = hints.filter((j) => j < points.length && j !== own)
      if (points.length > 1) {
        expect(expectProven(points, own, false, [])).toBe(expected)
        expect(expectProven(shifted, own, false, helpful)).toBe(expected)
      }
    },
  )

  propertyTest.prop({ set: pointSets, i: fc.nat() }, { numRuns: 300 })('with a bias too', ({ set, i }) => {
    const { points } = set
    fc.pre(points.length > 1 && points[0].length > 1)
    const own = i % points.length
    const keys = points.map((point) => point.slice(0, -1).map(Number))
    const bias = points.map((point) => Number(point[point.length - 1]))
    expect(expectProven(points, own, true, [])).toBe(oracle(keys, own, bias))
  })

  test('integerKeys keeps proportions, of keys and of biases', () => {
    const keys = keySet(Float64Array.of(0.5, 3, -(2 ** -1074), 0), 2, 2, Float64Array.of(0.75, -4))
    const { rows, keyExponent, biasExponent } = integerKeys(keys, [1, 0])
    expect([keyExponent, biasExponent]).toEqual([-1074, -2])
    expect(rows).toEqual([[-1n, 0n, -16n], [2n ** 1073n, 3n * 2n ** 1074n, 3n]]) // prettier-ignore
  })
})

describe('a support is a proof by itself', () => {
  const keys = keySet(Float64Array.of(0, 0, 3, 0, 0, 3, -1, -1, 1, 1, 1, 0), 6, 2)
  const thirds = (...weights: number[]): Float64Array => Float64Array.from(weights, (w) => w / 3)

  test('when exact weights > 0 exist on it, of which the given ones are roundings', () => {
    // Key 5 is (1, 0): two thirds of key 0 and a third of key 1. Its weights are not floats.
    expect(provesHull(keys, 5, Uint32Array.of(0, 1), thirds(2, 1), false)).toBe(null)
    expect(provesHull(keys, 5, Uint32Array.of(1, 0), thirds(1, 2), false)).toBe(null)
    expect(provesHull(keys, 0, Uint32Array.of(1, 2, 3), Float64Array.of(0.2, 0.2, 0.6), true)).toBe(null)
  })

  test.each<[string, number, number[], number[], boolean, string]>([
    ['weights off', 5, [0, 1], [0.5, 0.5], false, 'weights'],
    ['weights off by their last digits', 5, [0, 1], [2 / 3 - 2 ** -48, 1 / 3 + 2 ** -48], false, 'weights'],
    ['a support on one side', 5, [0, 2], [0.5, 0.5], false, 'weights'],
    ['a support that leaves the key out', 1, [0, 2, 3], [1 / 3, 1 / 3, 1 / 3], false, 'weights'],
    ['a line, where the plane is asked for', 5, [0, 1], [2 / 3, 1 / 3], true, 'support'],
  ])('and not with %s', (_, i, support, weights, spanning, reason) => {
    expect(provesHull(keys, i, Uint32Array.from(support), Float64Array.from(weights), spanning)).toContain(reason)
  })
})

describe('where no float64 query proves the verdict', () => {
  /** AD − BC = 1 and all four above 2^52. */
  const [A, B, C, D] = [9007199254740987, 8106479329266889, 5146971002709134, 4632273902438221]
  const isFloat = (m: bigint): boolean => {
    let odd = size(m)
    while (odd > 0n && odd % 2n === 0n) odd /= 2n
    return odd < 2n ** 53n
  }

  test('a cone thinner than an ulp: selectable, by an exact query', () => {
    // Queries of key 0 are s·(A, B) + t·(C, D), s, t > 0. A primitive one has s, t >= 1, so both entries exceed 2^53, and one
    // of them is odd: no power of two makes that a pair of floats.
    expect(BigInt(A) * BigInt(D) - BigInt(B) * BigInt(C)).toBe(1n)
    const keys = [[0, 0], [B, -A], [-D, C]] // prettier-ignore
    for (const k of [1, 2 ** -1000, 2 ** 900]) {
      const scaled = keys.map((key) => key.map((x) => x * k))
      const certificate = certify(scaled, 0, { tolerance: 0 })
      if (certificate.verdict !== 'selectable') throw new Error('key 0 is a corner of a triangle')
      expect(certificate.exactQuery?.every((m) => typeof m === 'bigint')).toBe(true)
      expect(primitive(certificate.exactQuery ?? []).every(isFloat)).toBe(false)
      expect(verify(scaled, certificate, { tolerance: 0 })).toEqual({ valid: true })
      const { verdict, key, query, margin, runnerUp } = certificate
      expect(verify(scaled, { verdict, key, query, margin, runnerUp }, { tolerance: 0 }).valid).toBe(false)
      expect(selectability(scaled, { tolerance: 0 }).counts.selectable).toBe(3)
    }
  })

  test('with a bias, d + 1 integers, the last positive', () => {
    // B·q − A < 0 and C − D·q < 0: q is between C/D and A/B, which no fraction of a denominator below B + D is.
    const keys = [[0], [B], [-D]]
    const options = { tolerance: 0, bias: [0, -A, C] }
    const certificate = certify(keys, 0, options)
    if (certificate.verdict !== 'selectable') throw new Error('key 0 is above the hull of the others')
    const { exactQuery = [] } = certificate
    expect(exactQuery.length).toBe(2)
    expect(exactQuery[1] > 0n).toBe(true)
    expect(exactQuery[0] * BigInt(B) < exactQuery[1] * BigInt(A)).toBe(true)
    expect(exactQuery[0] * BigInt(D) > exactQuery[1] * BigInt(C)).toBe(true)
    expect(verify(keys, certificate, options)).toEqual({ valid: true })
  })

  test('a facet whose normal needs more than 53 bits: tied, by an exact query', () => {
    const v = [2 ** 40 - 87, 3 ** 25, 2 ** 39 + 1]
    const w = [5 ** 17, -(2 ** 40) + 3, 7 ** 14]
    // The query is constant on 0, v, w and −v − w, so it is along v × w.
    const [x, y] = [v, w].map((vector) => vector.map(BigInt))
    const normal = primitive([0, 1, 2].map((c) => x[(c + 1) % 3] * y[(c + 2) % 3] - x[(c + 2) % 3] * y[(c + 1) % 3]))
    expect(normal.every(isFloat)).toBe(false)
    const keys = [[0, 0, 0], v, w, v.map((value, c) => -value - w[c]), [2 ** 40, 2 ** 40, -(2 ** 40)]]
    const certificate = certify(keys, 0, { tolerance: 0 })
    if (certificate.verdict !== 'tied') throw new Error('key 0 is inside a facet')
    const exact = primitive(certificate.exactQuery ?? [])
    expect([normal, normal.map((m) => -m)]).toContainEqual(exact)
    expect(verify(keys, certificate, { tolerance: 0 })).toEqual({ valid: true })
    expect(oracle(keys, 0)).toBe('tied')
    // The query is the exact one, rounded up to a positive factor: every 2×2 minor is as small as two roundings make it.
    const rounded = toIntegers([...certificate.query])
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const) {
      // prettier-ignore
      const minor = size(rounded[a] * exact[b] - rounded[b] * exact[a])
      expect(minor << 51n <= size(rounded[a] * exact[b])).toBe(true)
    }
  })
})

/** The acceptance tests in floats, called as the checker calls them: what they prove is true, and they prove what is clear. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { createCorral } from '../src/selectability/corral.ts'
import { errorOfWeights, insideSimplex, invert, simplexWithin } from '../src/selectability/enclosure.ts'
import { boundHull, gatherPoints, hullResidual, refineWeights } from '../src/selectability/hull.ts'
import { keySet } from '../src/selectability/keyset.ts'
import { nearestKey } from '../src/selectability/within.ts'
import type { Prepared } from '../src/selectability/prepare.ts'
import { gaussian } from './reference/gaussian.ts'
import { decompose } from './reference/rational.ts'
import { barycentric, fraction, solve, toFloat } from './reference/solve.ts'

/** A simplex of thickness h about the plane z = x/2 + y/4, and a key inside; so thin a one is ill-conditioned in any units. */
function thin(h: number): { corners: number[][]; point: number[] } {
  const onPlane = (x: number, y: number, above: number): number[] => [x, y, x / 2 + y / 4 + above]
  const corners = [onPlane(1, 0.25, h), onPlane(-1, 0.5, 0), onPlane(0.125, -1, h / 2), onPlane(0.0625, 0.03125, -h)]
  return { corners, point: onPlane(0.03125, 0.0625, h / 16) }
}
const flatten = (rows: readonly (readonly number[])[]): Float64Array => Float64Array.from(rows.flat())
const exactWeights = ({ corners, point }: { corners: number[][]; point: number[] }): number[] =>
  (barycentric(corners, point) ?? []).map(toFloat)

describe('an inverse', () => {
  const entries = fc.integer({ min: -4, max: 4 })
  const matrices = fc
    .integer({ min: 1, max: 5 })
    .chain((m) => fc.array(fc.array(entries, { minLength: m, maxLength: m }), { minLength: m, maxLength: m }))
  propertyTest.prop({ rows: matrices })('is the exact one, to rounding', ({ rows }) => {
    const m = rows.length
    const a = flatten(rows)
    const columns = rows.map((_, k) =>
      solve(
        rows.map((row) => row.map(fraction)),
        rows.map((_, r) => fraction(r === k ? 1 : 0)),
      ),
    )
    const done = invert(a, m)
    if (columns[0] === null) return
    expect(done).toBe(true)
    columns.forEach((column, c) => column!.forEach((x, r) => expect(a[r * m + c]).toBeCloseTo(toFloat(x), 8)))
  })

  test('takes the largest pivot', () => {
    const a = Float64Array.of(2 ** -60, 1, 1, 1)
    expect(invert(a, 2)).toBe(true)
    expect(Array.from(a)).toEqual([-1, 1, 1, -(2 ** -60)])
  })

  test('permutes back', () => {
    const a = Float64Array.of(0, 2, 0, 0, 0, 4, 8, 0, 0)
    expect(invert(a, 3)).toBe(true)
    expect(Array.from(a)).toEqual([0, 0, 1 / 8, 1 / 2, 0, 0, 0, 1 / 4, 0])
  })

  test('of a singular matrix there is none', () => {
    expect(invert(Float64Array.of(1, 2, 2, 4), 2)).toBe(false)
    expect(invert(Float64Array.of(0), 1)).toBe(false)
  })
})

describe('the error of weights', () => {
  test('covers what they are off by, and not much more', () => {
    for (const off of [0, 2 ** -40, 2 ** -20]) {
      const set = thin(0.5)
      const weights = Float64Array.from(exactWeights(set), (w, s) => w + (s === 1 ? off : 0))
      const bound = errorOfWeights(flatten([...set.corners, set.point]), 3, weights) ?? NaN
      expect(bound).toBeGreaterThanOrEqual(off)
      expect(bound).toBeLessThan(16 * off + 2 ** -40)
    }
  })

  test('is not known of a simplex that is flat to rounding, nor of another number of weights', () => {
    const quarter = Float64Array.of(0.25, 0.25, 0.25, 0.25)
    // Below 2^−51 rounding alone decides on which side the corners lie.
    for (const h of [2 ** -51, 2 ** -52, 2 ** -53, 2 ** -54, 2 ** -60, 2 ** -90, 0]) {
      const { corners, point } = thin(h)
      const points = flatten([...corners, point])
      expect(errorOfWeights(points, 3, quarter), `thickness ${h}`).toBeNull()
      expect(insideSimplex(points, 3, quarter)).toBe(false)
    }
    const { corners, point } = thin(1)
    expect(errorOfWeights(flatten([...corners, point]), 3, quarter.subarray(0, 3))).toBeNull()
  })

  test('leaves a weight open that is no larger', () => {
    const corners = [
      [0, 0],
      [1, 0],
      [0, 1],
    ]
    const inside = (point: number[]): boolean =>
      insideSimplex(flatten([...corners, point]), 2, Float64Array.from(exactWeights({ corners, point })))
    expect(inside([0.25, 0.25])).toBe(true)
    expect(inside([2 ** -40, 0.25])).toBe(true)
    expect(inside([0, 0.25])).toBe(false)
    expect(inside([-(2 ** -40), 0.25])).toBe(false)
    expect(inside([0.75, 0.75])).toBe(false)
  })
})

/** A fraction as n/2^e: floats, their sums and products are such. */
type Dyadic = readonly [n: bigint, e: number]
const whole = (x: number): Dyadic => {
  const { mantissa, exponent } = decompose(x)
  return [mantissa, -exponent]
}
const plus = ([a, e]: Dyadic, [b, f]: Dyadic): Dyadic => {
  const top = Math.max(e, f)
  return [(a << BigInt(top - e)) + (b << BigInt(top - f)), top]
}
const times = (...all: Dyadic[]): Dyadic => all.reduce(([a, e], [b, f]) => [a * b, e + f])
const sizeOf = ([a, e]: Dyadic): Dyadic => [a < 0n ? -a : a, e]
const isAbove = (a: Dyadic, b: Dyadic): boolean => plus(a, [-b[0], b[1]])[0] > 0n
const largest = (all: Dyadic[]): Dyadic => all.reduce((most, x) => (isAbove(x, most) ? x : most))
const sumOf = (all: Dyadic[]): Dyadic => all.reduce(plus, [0n, 0])

describe('the bound on weights', () => {
  const u = 2 ** -53
  /** k roundings of at most u, to second order: γ_k as a fraction from above. */
  const rounded = (k: number): Dyadic => plus([BigInt(k), 53], [BigInt(k * k + 1), 106])

  /**
   * The bound that the derivation gives, exactly, from the same inverse, products and residual; [α, distance]. The bound itself is
   * distance/(1 − α).
   */
  function derived(points: Float64Array, d: number, weights: Float64Array): [alpha: Dyadic, distance: Dyadic] | null {
    const m = d + 1
    const matrix = new Float64Array(m * m).fill(1)
    for (let s = 0; s < m; s++) for (let c = 0; c < d; c++) matrix[c * m + s] = points[s * d + c] - points[m * d + c]
    const inverse = matrix.slice()
    if (!invert(inverse, m)) return null
    const [residual, error] = [new Float64Array(m), new Float64Array(m)]
    hullResidual(points, d, weights, residual, error)
    const reach = Array.from(residual, (x, k) => plus(sizeOf(whole(x)), whole(error[k])))
    // The last equation: 1 − Σ w as it is computed, off by m roundings of at most 1 + Σ|w|.
    const total = weights.reduce((left, w) => left - w, 1)
    const sizes = sumOf([whole(1), ...Array.from(weights, (w) => sizeOf(whole(w)))])
    reach[d] = plus(sizeOf(whole(total)), times(rounded(m), sizes))
    const indices = Array.from({ length: m }, (_, k) => k)
    const entry = (of: Float64Array, r: number, c: number): Dyadic => whole(of[r * m + c])
    const alphas = indices.map((r) =>
      sumOf(
        indices.map((c) => {
          let product = 0
          for (let k = 0; k < m; k++) product += inverse[r * m + k] * matrix[k * m + c]
          const off = sizeOf(plus(whole(r === c ? 1 : 0), whole(-product)))
          const magnitude = sumOf(indices.map((k) => sizeOf(times(entry(inverse, r, k), entry(matrix, k, c)))))
          // γ_m for the sum, u for each entry of the matrix.
          return plus(off, times(rounded(m + 1), magnitude))
        }),
      ),
    )
    const distances = indices.map((r) => sumOf(indices.map((k) => times(sizeOf(entry(inverse, r, k)), reach[k]))))
    return [largest(alphas), largest(distances)]
  }

  const coordinate = fc.integer({ min: -(2 ** 30), max: 2 ** 30 }).map((x) => x * 2 ** -30)
  const cases = fc.integer({ min: 1, max: 6 }).chain((d) =>
    fc.record({
      d: fc.constant(d),
      points: fc.array(coordinate, { minLength: (d + 2) * d, maxLength: (d + 2) * d }),
      weights: fc.array(fc.double({ min: -1, max: 2, noNaN: true }), { minLength: d + 1, maxLength: d + 1 }),
      // As thin as rounding just allows, or not thin.
      height: fc.integer({ min: 0, max: 52 }),
      near: fc.boolean(),
    }),
  )

  propertyTest.prop({ set: cases }, { numRuns: 400 })(
    'covers what its derivation asks for, and hardly more',
    ({ set }) => {
      const { d, height, near } = set
      const points = Float64Array.from(set.points, (x, at) =>
        at % d === d - 1 ? set.points[d - 1] + (x - set.points[d - 1]) * 2 ** -height : x,
      )
      const corners = Array.from({ length: d + 1 }, (_, s) => Array.from(points.subarray(s * d, (s + 1) * d)))
      const exact = near ? exactWeights({ corners, point: Array.from(points.subarray((d + 1) * d)) }) : []
      const weights = Float64Array.from(exact.length > 0 ? exact : set.weights)
      const bound = errorOfWeights(points, d, weights)
      const found = derived(points, d, weights)
      if (found === null) return void expect(bound).toBeNull()
      const [alpha, distance] = found
      const room = plus(whole(1), [-alpha[0], alpha[1]])
      // The code takes two roundings more of an entry, m + 3 in all.
      const most = times(alpha, [BigInt(d + 4), 0])
      if (bound === null) return void expect(isAbove(whole((d + 2) * (1 - 2 ** -40)), most)).toBe(false)
      expect(isAbove(distance, times(whole(bound), room))).toBe(false)
      // It takes one rounding more of the last equation, and α moves it by less than 2^−20 here.
      const upper = times(distance, [BigInt(d + 2), 0], whole(1 + 2 ** -20))
      if (isAbove(room, whole(1 - 2 ** -24)))
        expect(isAbove(times(whole(bound), room, [BigInt(d + 1), 0]), upper)).toBe(false)
    },
  )

  test('covers its own roundings where the weights are far off, and nothing else is to spare', () => {
    for (let round = 0; round < 150; round++) {
      const d = 2 + (round % 4)
      const points = gaussian(`far ${round}`, d + 2, d)
      const weights = gaussian(`off ${round}`, d + 1, 1)
      const [alpha, distance] = derived(points, d, weights) ?? [whole(1), whole(0)]
      const room = plus(whole(1), [-alpha[0], alpha[1]])
      expect(isAbove(distance, times(whole(errorOfWeights(points, d, weights) ?? 0), room))).toBe(false)
    }
  })

  test('takes m + 1 roundings of the sum of weights for the last equation', () => {
    // Corners 0 and 1 around a key 1/2: R has rows (∓1, 1/2), so that half of the last residual’s error counts, and no other is left.
    const points = Float64Array.of(0, 1, 0.5)
    const weights = Float64Array.of(0.5, 0.5)
    expect(errorOfWeights(points, 1, weights)).toBeGreaterThanOrEqual(3 * u * 2 * 0.5)
    expect(errorOfWeights(points, 1, weights)).toBeLessThan(3 * u * 2 * 0.5 * (1 + 2 ** -40))
  })
})

describe('weights in a simplex', () => {
  test.each([0, 3, -7, 500, -500])('are right to rounding, however thin it is and at scale 2^%i', (e) => {
    for (const h of [1, 2 ** -10, 2 ** -20, 2 ** -26]) {
      const set = thin(h)
      const scaled = [...set.corners, set.point].map((row) => row.map((x) => x * 2 ** e))
      const keys = keySet(flatten(scaled), 5, 3)
      const found = simplexWithin(keys, 4, Uint32Array.of(0, 1, 2, 3), 2 ** (e - 40))
      expect(Array.from(found?.support ?? [])).toEqual([0, 1, 2, 3])
      exactWeights(set).forEach((w, s) => expect(Math.abs((found?.weights[s] ?? NaN) - w)).toBeLessThan(2 ** -51))
    }
  })

  test('are none where floats are too coarse for the tolerance, or the simplex is flat', () => {
    const { corners, point } = thin(2 ** -10)
    const simplex = Uint32Array.of(0, 1, 2, 3)
    const keys = keySet(flatten([...corners, point.map((x) => x / 3)]), 5, 3)
    expect(simplexWithin(keys, 4, simplex, 2 ** -70)).toBeNull()
    expect(simplexWithin(keys, 4, simplex, 2 ** -45)).not.toBeNull()
    const flat = keySet(flatten([...thin(0).corners, point]), 5, 3)
    expect(simplexWithin(flat, 4, simplex, 1)).toBeNull()
  })
})

describe('points around a key', () => {
  test('are the support, then the key, in units of the exponent', () => {
    const keys = keySet(Float64Array.of(1, 2, 3, 4, 5, 6), 3, 2)
    expect(Array.from(gatherPoints(keys, 0, [2, 1], 1))).toEqual([2.5, 3, 1.5, 2, 0.5, 1])
    expect(Array.from(gatherPoints(keys, 1, [], -2))).toEqual([12, 16])
  })
})

describe('a corral’s weights', () => {
  test.each([1, 2 ** -6, 2 ** -12, 2 ** -18])('are refined to rounding at thickness %f', (h) => {
    const { corners, point } = thin(h)
    const around = corners.map((corner) => corner.map((x, c) => x - point[c]!))
    const corral = createCorral(3)
    corral.reset(Float64Array.from(around[0]!), 0, 1)
    for (let s = 1; s < 4; s++) expect(corral.enter(Float64Array.from(around[s]!), s)).toBe(true)
    expect(corral.size()).toBe(4)
    const order = Array.from(corral.labels.subarray(0, 4))
    // Around 0, around the point, or around one far away: only differences count.
    const far = (row: number[]): number[] => row.map((x, c) => (c === 1 ? x + 2 ** 24 : x))
    const set = [...order.map((s) => corners[s]!), point]
    const sets = [[...order.map((s) => around[s]!), [0, 0, 0]], set, set.map(far)] // prettier-ignore
    const wanted = exactWeights({ corners: order.map((s) => around[s]!), point: [0, 0, 0] })
    const before = corral.weights.slice()
    for (const set of sets)
      refineWeights(flatten(set), 3, corral).forEach((w, s) => expect(Math.abs(w - wanted[s]!)).toBeLessThan(2 ** -50))
    expect(corral.weights).toEqual(before)
  })
})

describe('the bound on a point’s distance', () => {
  const points = flatten([
    [3, 0],
    [0, 4],
    [-3, 0],
    [0, 0],
  ])

  test('covers the distance of what positive weights give, which sum to 1', () => {
    const { support, weights, bound } = boundHull(points, 2, [7, 8, 9], Float64Array.of(1, 1, 0))
    expect(Array.from(support)).toEqual([7, 8])
    expect(Array.from(weights)).toEqual([0.5, 0.5])
    expect(bound).toBeGreaterThanOrEqual(2.5)
    expect(bound).toBeLessThan(2.5 * (1 + 2 ** -45))
    expect(boundHull(points, 2, [7, 8, 9], Float64Array.of(2, -1, 2))).toMatchObject({
      support: Uint32Array.of(7, 9),
      weights: Float64Array.of(0.5, 0.5),
    })
  })

  test('is tiny where they meet, and none where no weight is positive', () => {
    for (const weight of [0, -1]) {
      const { bound } = boundHull(points, 2, [7, 8, 9], Float64Array.of(1, weight, 1))
      expect(bound).toBeLessThan(2 ** -95)
    }
    const none = boundHull(points, 2, [7, 8, 9], Float64Array.of(-1, 0, 0))
    expect(none).toEqual({ support: new Uint32Array(0), weights: new Float64Array(0), bound: Infinity })
  })

  propertyTest.prop({
    numbers: fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 8, maxLength: 8 }),
    shares: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 3 }),
  })('is above the exact one by rounding alone', ({ numbers, shares }) => {
    const set = Float64Array.from(numbers, (x) => x / 7)
    const { weights, bound } = boundHull(set, 2, [0, 1, 2], Float64Array.from(shares))
    const exact = [0, 1].map((c) => {
      const terms = [0, 1, 2].map((s) => {
        const w = fraction(weights[s]!)
        const a = fraction(set[s * 2 + c]!)
        const b = fraction(set[6 + c]!)
        return { n: w.n * (a.n * b.d - b.n * a.d), d: w.d * a.d * b.d }
      })
      return toFloat(terms.reduce((sum, x) => ({ n: sum.n * x.d + x.n * sum.d, d: sum.d * x.d }), { n: 0n, d: 1n }))
    })
    const distance = Math.hypot(...exact)
    expect(bound).toBeGreaterThanOrEqual(distance * (1 - 2 ** -50))
    expect(bound).toBeLessThan(distance * (1 + 2 ** -45) + 2 ** -90)
  })
})

test('the nearest key is the nearest other', () => {
  const z = Float64Array.of(0, 0, 5, 1, 4, 0, 4, 3, 5, 2)
  const prepared = { z, count: 5, keys: { d: 2 } } as unknown as Prepared
  expect(Array.from({ length: 5 }, (_, v) => nearestKey(prepared, v))).toEqual([2, 4, 1, 4, 1])
})

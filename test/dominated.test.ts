/** Keys below the others under a bias: what is proven is true, and what is clear is proven. */
import { describe, expect, test } from 'vitest'
import { gamma } from '../src/selectability/bounds.ts'
import { proveDominated, provesRise } from '../src/selectability/dominated.ts'
import { errorOfWeights } from '../src/selectability/enclosure.ts'
import { keySet } from '../src/selectability/keyset.ts'
import { prepare } from '../src/selectability/prepare.ts'
import { createSearches } from '../src/selectability/search.ts'
import { gaussian } from './reference/gaussian.ts'
import { decideExactly } from './reference/rational.ts'
import { barycentric, fraction, toFloat } from './reference/solve.ts'

/** The simplex that is proven to be above key i, by key; null where none is. `bias` has magnitudes below 2, so that rises are below 4. */
function above(rows: number[][], i: number, bias: number[], tolerance = 0): number[] | null {
  const keys = keySet(rows.flat(), rows.length, rows[0].length, bias)
  const prepared = prepare(keys)
  const { narrow } = createSearches(prepared, tolerance, false)
  const rise = Float64Array.from(prepared.first, (j) => bias[j] - bias[i])
  const proof = proveDominated(narrow, prepared.place[i], rise)
  if (proof === null || !('simplex' in proof)) return null
  expect(proof.verdict).toBe('unselectable')
  return Array.from(proof.simplex)
}

/** Exact barycentric coordinates of key i in some others, and their mean rise. */
function meanRise(rows: number[][], i: number, bias: number[], simplex: number[]): { weights: number[]; rise: number } {
  const found = barycentric(
    simplex.map((j) => rows[j]),
    rows[i],
  )
  if (found === null) throw new Error('the simplex is flat')
  const terms = found.map(({ n, d }, s) => {
    const step = fraction(bias[simplex[s]] - bias[i])
    return { n: n * step.n, d: d * step.d }
  })
  const total = terms.reduce((a, b) => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d }))
  return { weights: found.map(toFloat), rise: Math.sign(Number(total.n > 0n) - Number(total.n < 0n)) }
}

describe('random keys', () => {
  test.each([
    [8, 1],
    [14, 2],
    [20, 3],
    [26, 4],
    [32, 6],
  ])('%i in %i dimensions: a key is proven to be below exactly where it is', (n, d) => {
    let proven = 0
    for (let round = 0; round < (d < 4 ? 8 : 4); round++) {
      const data = gaussian(`dominated ${round}`, n, d + 1)
      const rows = Array.from({ length: n }, (_, j) => Array.from(data.subarray(j * (d + 1), j * (d + 1) + d)))
      // Half of the rows are pulled in and down.
      for (let j = 0; j < n / 2; j++) rows[j] = rows[j].map((x) => x / 4)
      const bias = rows.map((_, j) => Math.round(data[j * (d + 1) + d] * 2 ** 20) / 2 ** 22 - (j < n / 2 ? 0.25 : 0))
      for (let i = 0; i < n; i += d < 4 ? 1 : 4) {
        const simplex = above(rows, i, bias)
        expect(simplex !== null, `key ${i} of round ${round}`).toBe(decideExactly(rows, i, bias) === 'unselectable')
        if (simplex === null) continue
        proven++
        expect(new Set([...simplex, i]).size).toBe(d + 2)
        const { weights, rise } = meanRise(rows, i, bias, simplex)
        expect(weights.every((w) => w > 0)).toBe(true)
        expect(rise).toBe(1)
      }
    }
    expect(proven).toBeGreaterThan(4)
  })
})

describe('keys that are high lie inside ones that are low', () => {
  test.each([1, 2, 3, 5])('and are found from those, in %i dimensions', (d) => {
    for (let round = 0; round < 20; round++) {
      const n = 8 * (d + 1)
      const data = gaussian(`inner ${round}`, n, d)
      // Key 0 is the place that the others are around, away from 0; the first half of them are near, and above it.
      const place = Array.from({ length: d }, (_, c) => 3 - 2 * c + round)
      const rows = Array.from({ length: n }, (_, j) =>
        place.map((x, c) => (j === 0 ? x : x + data[j * d + c] * (j < n / 2 ? 1 : 16))),
      )
      // Any slope leaves the answer as it is.
      const slope = Array.from({ length: d }, (_, c) => ((round + c) % 2 === 0 ? 1 : -1) / (8 * d))
      const bias = rows.map((row, j) => {
        const rise = row.reduce((sum, x, c) => sum + slope[c] * (x - place[c]), 0)
        return j === 0 ? 0 : rise + (j < n / 2 ? 0.5 : -0.5)
      })
      const simplex = above(rows, 0, bias) ?? []
      expect(simplex.length).toBe(d + 1)
      expect(meanRise(rows, 0, bias, simplex).rise).toBe(1)
      expect(simplex.some((j) => j < n / 2)).toBe(true)
    }
  })
})

describe('by hand', () => {
  const line = [[0], [-1], [1], [-3], [3]] // prettier-ignore

  test('a higher simplex is sought where the nearest is not above', () => {
    expect(above(line.slice(0, 3), 0, [0, 1, 0])?.sort()).toEqual([1, 2])
    expect(above(line.slice(0, 3), 0, [0, -1, -1])).toBe(null)
    expect(above(line, 0, [0, -1, -1, 0.5, 0.5])?.sort()).toEqual([3, 4])
    expect(above(line, 0, [0, -1, -1, -1, 0.5])).toBe(null)
    // Level with it is not above it, and to rounding it cannot be told.
    expect(above(line.slice(0, 3), 0, [0, 1, -1 + 2 ** -53])).toBe(null)
    expect(above(line.slice(0, 3), 0, [0, 1, -1 + 2 ** -40])?.length).toBe(2)
    expect(above(line.slice(0, 3), 0, [0, 1, -1])).toBe(null)
    expect(above(line.slice(0, 3), 0, [0, 0, 0])).toBe(null)
  })

  test('no simplex is around a key beside the others, on one of their faces, or in fewer dimensions', () => {
    expect(above(line, 3, [0, 1, 1, 0, 1])).toBe(null)
    expect(above([[0, 0], [1, 0], [-1, 0], [0, 1]], 0, [0, 1, 1, 1])).toBe(null) // prettier-ignore
    expect(above([[0, 0], [1, 0], [-1, 0], [2, 0]], 0, [0, 1, 1, 1])).toBe(null) // prettier-ignore
    expect(above([[0, 0], [1, 0], [-1, 1], [-1, -1]], 0, [0, 1, 1, 1])?.length).toBe(3) // prettier-ignore
  })

  test('above tolerance 0 it must be high and deep enough: V·(D/2 − τ) > 4·τ', () => {
    // V = 1 and D = 1, so that τ must be below 1/10.
    const ends = line.slice(0, 3)
    const least = (bias: number[], rows = ends): boolean[] =>
      [0.09, 0.11].map((tolerance) => above(rows, 0, bias, tolerance) !== null)
    expect(least([0, 1, 1])).toEqual([true, false])
    // The depth is that of the nearest facet.
    expect(least([0, 1, 1], [[0], [-1], [64]])).toEqual([true, false]) // prettier-ignore
    // V = 1/2: below 1/18.
    expect(above(ends, 0, [0, 1, 0], 0.055)).not.toBe(null)
    expect(above(ends, 0, [0, 1, 0], 0.056)).toBe(null)
    // In the plane: corners of a triangle whose sides are 1/2 away, so that D = 1/2 and τ < 1/20.
    const h = Math.sqrt(3) / 2
    const triangle = [[0, 0], [1, 0], [-0.5, h], [-0.5, -h]] // prettier-ignore
    expect(above(triangle, 0, [0, 1, 1, 1], 0.049)).not.toBe(null)
    expect(above(triangle, 0, [0, 1, 1, 1], 0.051)).toBe(null)
  })
})

describe('the proof of a mean rise', () => {
  const u = 2 ** -53
  /** Corners of an interval around 0. */
  const proves = (corners: number[], weights: number[], rises: number[]): boolean =>
    provesRise(Float64Array.of(...corners, 0), 1, Float64Array.from(weights), Float64Array.from(rises))

  test('needs weights that are above 0 by more than their error', () => {
    expect(proves([-1, 1], [0.5, 0.5], [1, 1])).toBe(true)
    expect(proves([1, 2], [2, -1], [1, 1])).toBe(false)
    expect(proves([0, 1], [1, 0], [1, 1])).toBe(false)
    expect(proves([1, 1], [0.5, 0.5], [1, 1])).toBe(false)
    expect(proves([-1, 1], [0.75, 0.25], [1, 1])).toBe(false)
    expect(proves([-1, 1], [0.625, 0.375], [1, 1])).toBe(true)
  })

  test('needs a mean above its error, and no more', () => {
    for (const [left, right] of [
      [1, 1],
      [1, 0.25],
      [0.5, 0.75],
    ]) {
      const weights = [right / (left + right), left / (left + right)]
      const bound = errorOfWeights(Float64Array.of(-left, right, 0), 1, Float64Array.from(weights)) ?? NaN
      // The second rise makes the mean 0 but for k units.
      const fall = -weights[0] / weights[1]
      const size = weights[0] + weights[1] * Math.abs(fall)
      const needed = (bound * (1 + Math.abs(fall)) + gamma(4) * size) / weights[1] / u
      const first =
        Array.from({ length: 64 }, (_, k) => k).find((k) => proves([-left, right], weights, [1, fall + k * u])) ?? NaN
      expect(first).toBeGreaterThanOrEqual(needed - 1)
      expect(first).toBeLessThanOrEqual(needed + 2)
    }
    expect(proves([-1, 1], [0.5, 0.5], [0, 0])).toBe(false)
    expect(proves([-1, 1], [0.5, 0.5], [2 ** -1074, 0])).toBe(false)
  })

  test('is judged as integers judge it, but for a few roundings', () => {
    // Weights that are 1/8 off leave almost nothing of rises of 1 and nearly −1.
    const weights = [0.625, 0.375]
    const bound = errorOfWeights(Float64Array.of(-1, 1, 0), 1, Float64Array.from(weights)) ?? NaN
    // All numbers here are multiples of 2^−110.
    const whole = (x: number): bigint => BigInt(x * 2 ** 110)
    const [one, w, v] = [whole(1), whole(weights[0]), whole(weights[1])]
    const proven = Array.from({ length: 400 }, (_, k) => {
      const fall = 1 - (k - 40) * u
      const r = whole(fall)
      const is = proves([-1, 1], weights, [1, -fall])
      const needed = whole(bound) * (one + r) * one + whole(gamma(4)) * (w * one + v * r)
      if (is) expect((w * one - v * r) * one > needed).toBe(true)
      return is
    })
    expect(proven.indexOf(true)).toBeGreaterThan(0)
    expect(proven.indexOf(true)).toBeLessThan(200)
  })
})

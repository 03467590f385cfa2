/** What the module proves of keys inside a simplex: never more than exact arithmetic allows, and nothing at less than the distance asked for. */
import fc from 'fast-check'
import { test as propertyTest } from '@fast-check/vitest'
import { afterEach, describe, expect, test } from 'vitest'
import { createWalker } from '../src/kernels/simd/walker.ts'
import { certify, selectability, setBackend, verify } from '../src/index.ts'
import { gamma } from '../src/selectability/bounds.ts'
import { keySet } from '../src/selectability/keyset.ts'
import { prepare } from '../src/selectability/prepare.ts'
import { randomKeys } from '../src/testing/index.ts'
import { gaussian } from './reference/gaussian.ts'
import { decideAllExactly } from './reference/rational.ts'

afterEach(() => setBackend('auto'))

/** How the walk around the first of some keys ends. */
function endOf(rows: readonly (readonly number[])[], distance: number): string {
  return endsOf(rows, [0], distance, 1)[0]
}

/** How the search for some keys ends, one after another, each of which starts from one key. */
function endsOf(
  rows: readonly (readonly number[])[],
  list: readonly number[],
  distance: number,
  start = rows.length - 1,
): string[] {
  const [n, d] = [rows.length, rows[0].length]
  const norms = Float64Array.from(rows, (row) => Math.hypot(...row))
  const largest = Math.max(...norms)
  const slack = gamma(d + 4, 2 ** -24) * largest
  const walker = createWalker(Float64Array.from(rows.flat()), n, d, norms, slack, gamma(2 * d + 3))
  const threshold = gamma(d + 2) * 2 * largest
  const starts = list.map(() => start)
  const thresholds = list.map(() => threshold)
  const found = walker.decide(list, starts, thresholds, 2 ** -60, 1000, largest, distance)
  const ends = list.map((_, at) => found.end(at))
  walker.close()
  return ends
}

describe('a distance', () => {
  /** The corners ±2·e_c and one facet at a depth: the key at the origin is as deep as that in every simplex. */
  const around = (d: number, depth: number): number[][] => {
    const low = Array.from({ length: d }, (_, c) => (c === d - 1 ? -depth : -1))
    const corners = Array.from({ length: d }, (_, s) =>
      Array.from({ length: d }, (_, c) => (c === d - 1 ? -depth : s === c ? d : -1)),
    )
    corners[d - 1] = low.map((_, c) => (c === d - 1 ? 2 : 0))
    return [new Array<number>(d).fill(0), ...corners, low]
  }
  test.each([2, 3, 8, 40])('is kept in %i dimensions, and half of it would not do', (d) => {
    expect(endOf(around(d, 0.125), 0.1)).toBe('inside')
    expect(endOf(around(d, 0.125), 0.13)).toBe('hull')
    expect(endOf(around(d, 0.125), Infinity)).toBe('hull')
  })
})

describe('keys that centring moves by half a unit each', () => {
  const u = 2 ** -53
  const tiny = 2 ** -74
  /**
   * Around their mean, −1, the first two are 1 + u and all but no distance apart: one is rounded down and the other up. How the search for it ends, alone
   * or after another key.
   */
  const end = (gap: number, distance: number, before: number[]): string => {
    const numbers = [u - tiny, gap + u + tiny, -2, -2 - 2 ** -51, ...before]
    const { z, place, centre, exponent } = prepare(keySet(numbers, numbers.length, 1, null))
    expect([centre[0], exponent]).toEqual([-1, 0])
    const list = [...before.map((_, at) => place[4 + at]), place[0]]
    return endsOf(Array.from(z, (x) => [x]), list, distance, place[1]).at(-1)! // prettier-ignore
  }
  /** Half of the bound, but for its factor of 1.05. */
  const half = (3.25 / 2) * u
  test.each([
    ['around themselves', []],
    ['in the simplex of another', [-1]],
  ])('are not proven apart %s, which half of the bound would do, but by another unit they are', (_, before) => {
    expect(end(0, 2 * tiny, before)).toBe('hull')
    expect(end(0, 2 * tiny - half, before)).toBe('inside')
    expect(end(2 * u, 2 * tiny, before)).toBe('inside')
  })
})

describe('in the simplex of the key before it', () => {
  const simplex = (d: number): number[][] =>
    Array.from({ length: d + 1 }, (_, s) => Array.from({ length: d }, (_, c) => (s === c ? 1 : s === d ? -1 : 0)))
  const middle = (d: number): number[] => new Array<number>(d).fill(0)
  const along = (d: number, x: number): number[] => middle(d).map((_, c) => (c === 0 ? x : 0))
  test.each([1, 2, 3, 8, 15])(
    'a key is inside in %i dimensions, but not as deep as the simplex is wide, and one outside is not',
    (d) => {
      const rows = [middle(d), along(d, 0.001), ...simplex(d)]
      expect(endsOf(rows, [0, 1], 0)).toEqual(['inside', 'inside'])
      expect(endsOf(rows, [0, 1], 2)).toEqual(['hull', 'hull'])
      expect(endsOf([middle(d), along(d, 1.5), ...simplex(d)], [0, 1], 0)).toEqual(['inside', 'query'])
    },
  )

  test.each([-8, -2, -1, 0, 1, 2, 8])('%i units of rounding within a facet are told from none', (ulps) => {
    for (const d of [1, 2, 5]) {
      const key = Array.from({ length: d }, (_, c) => (c === 0 ? 1 - (d - 1) / 4 - ulps * 2 ** -52 : 1 / 4))
      const inner = key.map((x) => x / 2)
      if (endsOf([inner, key, ...simplex(d)], [0, 1], 0)[1] === 'inside') expect(ulps).toBeGreaterThan(0)
    }
  })

  test.each([1, 2, 3, 8, 15])('heavy keys are inside by exact arithmetic too, in %i dimensions', (d) => {
    const keys = randomKeys({ n: 300, d, distribution: 'heavy', sigma: 1, seed: 'in the simplex' })
    const report = selectability(keys, { tolerance: 0 })
    expect(report.counts.unselectable).toBeGreaterThan(100)
    report.verdicts.forEach((verdict, i) => {
      if (verdict === 'unselectable')
        expect(verify(keys, report.certificate(i), { tolerance: 0 })).toEqual({ valid: true })
    })
  })
})

describe('a key beside a facet', () => {
  const unit = 2 ** -52
  test.each([-8, -2, -1, 0, 1, 2, 8])(
    '%i units of rounding within it is inside by more than rounding or not at all',
    (ulps) => {
      for (const d of [1, 2, 5]) {
        const corners = Array.from({ length: d + 1 }, (_, s) =>
          Array.from({ length: d }, (_, c) => (s === c ? 1 : s === d ? -1 : 0)),
        )
        // The facet opposite the last corner has Σ x = 1.
        const key = Array.from({ length: d }, (_, c) => (c === 0 ? 1 - (d - 1) / 4 - ulps * unit : 1 / 4))
        if (endOf([key, ...corners], 0) === 'inside') expect(ulps).toBeGreaterThan(0)
      }
    },
  )
  const planted = fc.record({
    d: fc.integer({ min: 1, max: 4 }),
    seed: fc.integer(),
    places: fc.integer({ min: -3, max: 3 }),
    weights: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 5, maxLength: 5 }),
  })
  propertyTest.prop({ planted }, { numRuns: 200 })(
    'has the exact verdict',
    ({ planted: { d, seed, places, weights } }) => {
      const data = gaussian(`inside ${seed}`, d + 3, d)
      const rows = Array.from({ length: d + 3 }, (_, i) => Array.from(data.subarray(i * d, (i + 1) * d)))
      const used = weights.slice(0, d + 1)
      const total = used.reduce((sum, w) => sum + w, 0)
      if (total === 0) return
      const key = Array.from({ length: d }, (_, c) => used.reduce((sum, w, s) => sum + (w / total) * rows[s][c], 0))
      key[0] += places * 2 ** -53
      setBackend('simd')
      expect(selectability([...rows, key], { tolerance: 0 }).verdicts).toEqual(decideAllExactly([...rows, key]))
    },
  )
})

test.each([8, 24])('its certificate has weights within the tolerance, in %i dimensions', (d) => {
  const n = 40 * d
  const keys = { data: gaussian(`within ${d}`, n, d), shape: [n, d] }
  // Pulled in, so that many are inside.
  for (let at = 0; at < (n / 2) * d; at++) keys.data[at] /= 8
  for (const tolerance of [undefined, 0]) {
    const report = selectability(keys, { tolerance })
    expect(report.counts.unselectable).toBeGreaterThan(n / 4)
    for (let i = 0; i < n; i += tolerance === 0 ? n / 8 : 7) {
      const certificate = report.certificate(i)
      expect(verify(keys, certificate, { tolerance })).toEqual({ valid: true })
      if (i < n / 2 && tolerance !== 0) expect(certify(keys, i).verdict).toBe(certificate.verdict)
    }
  }
})

/** Factors on a key: degenerate sets first, against brute force in fractions; then larger ones, against exact verdicts on either side. */
import { test as propertyTest, fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { certify, criticalScale, escapeScale, verify } from '../src/index.ts'
import type { Certificate, ScaleInterval, Verdict } from '../src/index.ts'
import { isRounded, isSelectableAt, ownFactors, rivalFactors } from './reference/factors.ts'
import type { Factors } from './reference/factors.ts'
import { gaussian } from './reference/gaussian.ts'
import { exactSets, integers, next, perturbedSets, times } from './reference/sets.ts'
import type { Keys } from './reference/sets.ts'

const square = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
]

function expectRounded(found: ScaleInterval | null, exact: Factors | null): void {
  if (found === null || exact === null) return void expect(found).toBe(exact)
  expect(isRounded(found.low, exact.low), `low ${found.low} for ${exact.low.n}/${exact.low.d}`).toBe(true)
  if (exact.high === null) return void expect(found.high).toBe(Infinity)
  expect(isRounded(found.high, exact.high), `high ${found.high} for ${exact.high.n}/${exact.high.d}`).toBe(true)
}

/** Every question that a set allows, against brute force. */
function judge(keys: Keys): void {
  for (let i = 0; i < keys.length; i++) {
    expectRounded(escapeScale(keys, i), keys.length === 1 ? null : ownFactors(keys, i))
    for (let j = 0; j < keys.length; j++)
      if (j !== i) expectRounded(criticalScale(keys, i, j), rivalFactors(keys, i, j))
  }
}

const always = { low: 0, high: Infinity }
const interval = (low: number, high: number): ScaleInterval => ({ low, high })

describe('criticalScale on degenerate sets', () => {
  test.each<[string, Keys, number, number, ScaleInterval | null]>([
    ['two keys on one ray', [[1, 2], [3, 6]], 0, 1, interval(1 / 3, 1 / 3)], // prettier-ignore
    ['two keys on one line, opposite', [[1, 2], [-3, -6]], 0, 1, null], // prettier-ignore
    ['two keys in general position', [[1, 2], [3, 5]], 0, 1, null], // prettier-ignore
    ['a copy', [[1, 2], [1, 2]], 0, 1, interval(1, 1)], // prettier-ignore
    ['a zero key, and another that shrinks onto it', [[0, 0], [1, 2]], 0, 1, interval(0, 0)], // prettier-ignore
    ['a zero key that grows', [[1, 2], [0, 0]], 0, 1, null], // prettier-ignore
    ['two zero keys', [[0, 0], [0, 0]], 0, 1, always], // prettier-ignore
    ['a zero key that grows inside', [[1, 0], [0, 0], [2, 0]], 0, 1, always], // prettier-ignore
    ['in the hull without key j', [...square, [0, 0]], 4, 0, always],
    ['a copy without key j', [[1, 0], [1, 0], [5, 5]], 0, 2, always], // prettier-ignore
    ['on a facet that key j spans', [[0, 0], [4, 0], [2, 0]], 2, 1, interval(0.5, Infinity)], // prettier-ignore
    ['d = 1', [[1], [2], [-1]], 0, 1, interval(0.5, Infinity)],
    ['d = 1, from below', [[1], [-2], [3]], 0, 1, always],
    ['d = 1, from above only', [[2], [1], [3]], 0, 1, interval(0, 2)],
    ['collinear with the origin', [[2, 4], [1, 2], [3, 6]], 0, 1, interval(0, 2)], // prettier-ignore
    ['through the key alone', [[1, 1], [2, 2], [5, 0], [6, -1]], 0, 1, interval(0.5, 0.5)], // prettier-ignore
    ['from one edge to another', [[1, 1], [1, 0], [3, 2], [1, 3]], 0, 1, interval(0, 1)], // prettier-ignore
    ['between what key j and two others span', [[2, 1], [1, 0], [0, 1], [0, 5]], 0, 1, interval(2.5, Infinity)], // prettier-ignore
    ['swallowed from a factor on', [[1, 0], [0, 1], [-1, -1], [0.5, 0.5]], 3, 0, interval(1, Infinity)], // prettier-ignore
    ['fewer keys than dimensions', [[1, 0, 0, 0], [4, 0, 0, 0], [0, 0, 0, 0]], 0, 1, interval(0.25, Infinity)], // prettier-ignore
    ['outside the plane of the others', [[0, 0, 1], [1, 0, 0], [0, 1, 0], [-1, -1, 0]], 0, 1, null], // prettier-ignore
  ])('%s', (_, keys, i, j, expected) => {
    expect(criticalScale(keys, i, j)).toEqual(expected)
    expectRounded(expected, rivalFactors(keys, i, j))
  })
})

describe('escapeScale on degenerate sets', () => {
  test.each<[string, Keys, number, ScaleInterval | null]>([
    ['one key', [[3, 4]], 0, null],
    ['two keys on one ray', [[1, 2], [3, 6]], 0, interval(3, 3)], // prettier-ignore
    ['two keys, one zero', [[1, 2], [0, 0]], 0, interval(0, 0)], // prettier-ignore
    ['two keys in general position', [[1, 2], [3, 5]], 0, null], // prettier-ignore
    ['a zero key inside', [[0, 0], ...square], 0, always],
    ['a zero key on a facet', [[0, 0], [1, 0], [-1, 0], [0, 1]], 0, always], // prettier-ignore
    ['a zero key outside', [[0, 0], [1, 2], [2, 1]], 0, null], // prettier-ignore
    ['a corner', [...square, [2, 2]], 0, interval(0, 2)],
    ['a corner, doubled', [...square, [1, 1]], 0, interval(0, 1)],
    ['the middle of an edge', [...square, [1, 0]], 4, interval(0, 1)],
    ['between two edges', [[1, 1], [2, 0], [0, 2], [4, 0], [0, 4]], 0, interval(1, 2)], // prettier-ignore
    ['in by a corner, out by a facet', [[1, 1], [2, 2], [3, 1], [4, 5]], 0, interval(2, 11 / 3)], // prettier-ignore
    ['a ray along a facet', [[1, 0], [2, 0], [4, 0], [3, 1]], 0, interval(2, 4)], // prettier-ignore
    ['d = 1', [[1], [2], [-3]], 0, interval(0, 2)],
    ['d = 1, all behind', [[1], [-2], [-3]], 0, null],
    ['all equal', [[2, 1], [2, 1], [2, 1]], 0, interval(1, 1)], // prettier-ignore
    ['all zero', [[0], [0]], 0, always],
  ])('%s', (_, keys, i, expected) => {
    expect(escapeScale(keys, i)).toEqual(expected)
    if (keys.length > 1) expectRounded(expected, ownFactors(keys, i))
  })
})

describe('factors are the exact ones, rounded', () => {
  propertyTest.prop({ keys: exactSets }, { numRuns: 100 })('on small integers times 2^k', ({ keys }) => {
    judge(keys)
  })

  propertyTest.prop({ keys: perturbedSets }, { numRuns: 50 })('one unit in the last place away', ({ keys }) => {
    judge(keys)
  })

  test('where differences overflow, and where factors do', () => {
    const most = Number.MAX_VALUE
    judge([[most, -most], [-most, most], [most, most / 3], [5e-324, 0]]) // prettier-ignore
    judge([[most, 0], [5e-324, 0], [0, 1], [0, -1]]) // prettier-ignore
  })

  test('where a direction is narrower than the least float beside the widest', () => {
    judge([[0, 4e59], [-5e-324, 8e59]]) // prettier-ignore
    judge([[0, 4e59, 1], [-5e-324, 8e59, 2], [5e-324, 2 ** 900, 5e-324]]) // prettier-ignore
    judge([[0, -1e300], [5e-324, -2e300], [1e-323, 3e300], [5e-324, 4e300]]) // prettier-ignore
  })

  test('on planes that floats only nearly fill', () => {
    // Mean-centred keys: the rounding of the mean is all that they have across the plane.
    for (let seed = 0; seed < 20; seed++) {
      const numbers = gaussian(`plane ${seed}`, 6, 3)
      const keys = Array.from({ length: 6 }, (_, j) => {
        const row = Array.from(numbers.subarray(3 * j, 3 * j + 3))
        const mean = (row[0] + row[1] + row[2]) / 3
        return row.map((x) => x - mean)
      })
      keys[0] = keys[0].map((x) => x / 16)
      judge(keys)
    }
  })
})

/** What exact verdicts say of floats beside an end: out just below `low` and above `high`, in between them. */
function judgeEnds(keys: Keys, i: number, j: number, found: ScaleInterval | null): void {
  const selectable = (t: number): boolean => isSelectableAt(keys, i, j, t)
  if (found === null) return void expect([0, 0.5, 1, 2, 1e9].map(selectable)).toEqual([true, true, true, true, true])
  const { low, high } = found
  if (low > 0) expect(selectable(next(low, -1))).toBe(true)
  if (high < Infinity) expect(selectable(next(high, 1))).toBe(true)
  const inside = [next(low, 1), low + (Math.min(high, 1e9) - low) / 2, high < Infinity ? next(high, -1) : 1e15]
  for (const t of inside) if (t > low && t < high) expect(selectable(t)).toBe(false)
}

describe('larger sets', () => {
  test.each([
    [60, 2],
    [60, 3],
    [40, 5],
    [24, 7],
  ])('%i keys in %i dimensions: exact verdicts one float outside, and inside', (n, d) => {
    const numbers = gaussian(`factors ${n} ${d}`, n, d)
    const keys = Array.from({ length: n }, (_, j) => Array.from(numbers.subarray(j * d, (j + 1) * d)))
    // Some keys inside, where most questions have an answer.
    for (let i = 0; i < 3; i++) keys[i] = keys[i].map((x) => x / 8)
    for (let i = 1; i < 5; i++) {
      judgeEnds(keys, i, i, escapeScale(keys, i))
      const j = 5 + i
      judgeEnds(keys, i, j, criticalScale(keys, i, j))
    }
  })

  test.each([
    [1024, 8],
    [200, 16],
  ])('%i keys in %i dimensions: certificates within 1e-9 on either side', (n, d) => {
    // 20 bits a coordinate, so that a key times a factor of 33 bits is exact.
    const numbers = gaussian(`sides ${n} ${d}`, n, d).map((x) => Math.round(x * 2 ** 14) / 2 ** 14)
    const keys = Array.from({ length: n }, (_, j) => Array.from(numbers.subarray(j * d, (j + 1) * d)))
    const step = 2 ** -31
    const prove = (scaled: Keys): Certificate => {
      const certificate = certify(scaled, 0, { tolerance: 0 })
      expect(verify(scaled, certificate, { tolerance: 0 })).toEqual({ valid: true })
      return certificate
    }
    const proveAround = (j: number, end: number, below: Verdict, above: Verdict): void => {
      const scaledBy = (t: number): Keys => keys.map((key, l) => (l === j ? key.map((x) => x * t) : key))
      const under = Math.floor(end / step) * step
      expect(2 * step).toBeLessThan(1e-9 * end)
      expect(prove(scaledBy(under - step)).verdict).toBe(below)
      expect(prove(scaledBy(under + 2 * step)).verdict).toBe(above)
    }
    keys[0] = keys[0].map((x) => x / 8)
    const own = escapeScale(keys, 0)
    proveAround(0, own?.high ?? NaN, 'unselectable', 'selectable')

    // Just out of the hull: a key that has a part in its facet swallows it.
    keys[0] = keys[0].map((x) => x * (Math.ceil((own?.high ?? NaN) * 2 ** 12) / 2 ** 12))
    const barely = prove(keys)
    expect(barely.verdict).toBe('selectable')
    const j = barely.verdict === 'selectable' ? barely.runnerUp : -1
    const found = criticalScale(keys, 0, j)
    expect(found?.low).toBeGreaterThan(1)
    proveAround(j, found?.low ?? NaN, 'selectable', 'unselectable')
  })
})

describe('what must stay', () => {
  propertyTest.prop({ keys: integers, s: fc.integer({ min: -900, max: 900 }) })(
    'under powers of two',
    ({ keys, s }) => {
      const scaled = times(keys, 2 ** s)
      keys.forEach((_, i) => {
        expect(escapeScale(scaled, i)).toEqual(escapeScale(keys, i))
        const j = (i + 1) % keys.length
        if (j !== i) expect(criticalScale(scaled, i, j)).toEqual(criticalScale(keys, i, j))
      })
    },
  )

  propertyTest.prop({ keys: integers, order: fc.array(fc.nat(), { minLength: 7, maxLength: 7 }) })(
    'under permutations of keys and of coordinates, and changes of sign',
    ({ keys, order }) => {
      const places = keys.map((_, j) => j).sort((a, b) => order[a] - order[b])
      const turned = places.map((j) => [...keys[j]].reverse().map((x, c) => (c % 2 === 0 ? -x : x)))
      places.forEach((i, at) => {
        expect(escapeScale(turned, at)).toEqual(escapeScale(keys, i))
        const next = (at + 1) % places.length
        if (next !== at) expect(criticalScale(turned, at, next)).toEqual(criticalScale(keys, i, places[next]))
      })
    },
  )

  propertyTest.prop({ keys: integers, s: fc.integer({ min: -20, max: 20 }) })(
    'a key that is scaled beforehand divides the factors',
    ({ keys, s }) => {
      keys.forEach((_, j) => {
        const scaled = keys.map((key, l) => (l === j ? key.map((x) => x * 2 ** s) : key))
        const divided = (found: ScaleInterval | null): ScaleInterval | null =>
          found === null ? null : { low: found.low / 2 ** s, high: found.high / 2 ** s }
        expect(escapeScale(scaled, j)).toEqual(divided(escapeScale(keys, j)))
        const i = (j + 1) % keys.length
        if (j !== i) expect(criticalScale(scaled, i, j)).toEqual(divided(criticalScale(keys, i, j)))
      })
    },
  )

  propertyTest.prop({ keys: integers })('1 is inside exactly when the key is not selectable', ({ keys }) => {
    keys.forEach((_, i) => {
      const selectable = certify(keys, i, { tolerance: 0 }).verdict === 'selectable'
      const inside = (found: ScaleInterval | null): boolean => found !== null && found.low <= 1 && found.high >= 1
      expect(inside(escapeScale(keys, i))).toBe(!selectable)
      for (let j = 0; j < keys.length; j++) if (j !== i) expect(inside(criticalScale(keys, i, j))).toBe(!selectable)
    })
  })

  propertyTest.prop({
    keys: integers,
    extra: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 }),
  })('one more key never narrows the factors', ({ keys, extra }) => {
    const more = [...keys, extra.slice(0, keys[0].length)]
    const wider = (few: ScaleInterval | null, many: ScaleInterval | null): void => {
      if (few === null) return
      expect(many?.low).toBeLessThanOrEqual(few.low)
      expect(many?.high).toBeGreaterThanOrEqual(few.high)
    }
    keys.forEach((_, i) => {
      wider(escapeScale(keys, i), escapeScale(more, i))
      const j = (i + 1) % keys.length
      if (j !== i) wider(criticalScale(keys, i, j), criticalScale(more, i, j))
    })
  })
})

describe('bad input', () => {
  const keys = [[0], [2], [1]]

  test.each([-1, 3, 0.5, NaN, Infinity])('index %d', (bad) => {
    expect(() => criticalScale(keys, bad, 0)).toThrow(RangeError)
    expect(() => criticalScale(keys, 0, bad)).toThrow(RangeError)
    expect(() => escapeScale(keys, bad)).toThrow(RangeError)
    expect(() => criticalScale(keys, 0, bad)).toThrow(/^j: expected an index from 0 to 2/u)
  })

  test('i = j, one key only, wrong kinds, and keys that are not finite', () => {
    expect(() => criticalScale(keys, 1, 1)).toThrow(RangeError)
    expect(() => criticalScale(keys, 1, 1)).toThrow(/^j: expected another key than i, got 1 for both/u)
    expect(() => criticalScale([[1, 2]], 0, 0)).toThrow(RangeError)
    expect(() => criticalScale([[1, 2]], 0, 1)).toThrow(RangeError)
    expect(() => criticalScale(keys, '1' as unknown as number, 0)).toThrow(TypeError)
    expect(() => criticalScale(keys, 0, undefined as unknown as number)).toThrow(TypeError)
    expect(() => escapeScale(keys, null as unknown as number)).toThrow(TypeError)
    expect(() => escapeScale([[0], [NaN]], 0)).toThrow('row 1, column 0')
    expect(() => criticalScale([[0], [Infinity]], 0, 1)).toThrow(RangeError)
    expect(() => escapeScale([], 0)).toThrow(RangeError)
    expect(() => escapeScale('keys' as unknown as number[][], 0)).toThrow(TypeError)
  })
})

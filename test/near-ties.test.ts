/** Keys within a rounding of a face, in many dimensions: proven without an exact search, which would take minutes. */
import { test as propertyTest } from '@fast-check/vitest'
import seedrandom from 'seedrandom'
import { describe, expect, test } from 'vitest'
import { certify, verify } from '../src/index.ts'
import { criticalScaleWithin, escapeScaleWithin } from '../src/selectability/critical.ts'
import { decideExactly } from '../src/selectability/exact/decide.ts'
import { integerKeys } from '../src/selectability/exact/integers.ts'
import { dotIntegers } from '../src/selectability/exact/linear.ts'
import { decideNearly } from '../src/selectability/factor/decide.ts'
import { keySet } from '../src/selectability/keyset.ts'
import type { KeySet } from '../src/selectability/keyset.ts'
import { gaussian } from './reference/gaussian.ts'
import { exactSets, next, perturbedSets } from './reference/sets.ts'
import type { Keys } from './reference/sets.ts'

const setOf = (keys: Keys): KeySet => keySet(keys.flat(), keys.length, keys[0]!.length, null)

/** Key 0 in the hull of keys 1 to r, but for rounding; these are on a facet, x_0 = 3. */
function onFacet(seed: string, n: number, d: number, r: number, height: number): number[][] {
  const numbers = gaussian(seed, n, d)
  const keys = Array.from({ length: n }, (_, j) => Array.from(numbers.subarray(j * d, (j + 1) * d)))
  for (let j = 1; j < n; j++) keys[j]![0] = j <= r ? 3 : Math.min(2.5, keys[j]![0]!)
  const random = seedrandom(seed)
  const shares = Array.from({ length: r }, () => random() + 0.1)
  const sum = shares.reduce((all, w) => all + w, 0)
  keys[0] = keys[0]!.map((_, c) => shares.reduce((all, w, s) => all + (w / sum) * keys[s + 1]![c]!, 0))
  keys[0][0] = height
  return keys
}

const heights = { 'on the facet': 3, 'a float above it': next(3, 1), 'a float below it': next(3, -1) }

describe('an ulp from a face of few keys', () => {
  test.each(Object.entries(heights).flatMap(([where, height]) => [4, 16, 30].map((r) => [r, where, height] as const)))(
    '%i keys, %s: factors take no exact search',
    (r, where, height) => {
      const keys = onFacet(`${r} ${where}`, 80, 32, r, height)
      const own = escapeScaleWithin(setOf(keys), 0, 0)
      expect(own).not.toBeUndefined()
      expect(criticalScaleWithin(setOf(keys), 0, 1, 0)).not.toBeUndefined()
      // x_0 of the others is at most 3, so that there is nothing of the hull beyond.
      if (own !== null) expect(own!.high * height).toBeLessThanOrEqual(3 * (1 + 2 ** -51))
      const certificate = certify(keys, 0, { tolerance: 0 })
      expect(verify(keys, certificate, { tolerance: 0 })).toEqual({ valid: true })
      const outside = own === null || own!.high < 1 || own!.low > 1
      if (outside || (own!.low < 1 && own!.high > 1)) expect(certificate.verdict === 'selectable').toBe(outside)
      expect(decideNearly(setOf(keys), 0)).not.toBeNull()
    },
  )

  test('a float outside the end of a range, and inside, among many keys', () => {
    const [n, d] = [512, 48]
    const numbers = gaussian('outside the end', n, d)
    const keys = Array.from({ length: n }, (_, j) => Array.from(numbers.subarray(j * d, (j + 1) * d)))
    keys[0] = keys[0]!.map((x) => x / 8)
    const end = escapeScaleWithin(setOf(keys), 0, 0)!.high
    for (const [factor, selectable] of [
      [end * (1 + 2 ** -48), true],
      [end * (1 - 2 ** -48), false],
    ] as const) {
      const scaled = keys.map((key, j) => (j === 0 ? key.map((x) => x * factor) : key))
      const certificate = certify(scaled, 0, { tolerance: 0 })
      expect(certificate.verdict === 'selectable').toBe(selectable)
      expect(verify(scaled, certificate, { tolerance: 0 })).toEqual({ valid: true })
    }
  })

  test('centred keys, which fill a hyperplane but for rounding', () => {
    const [n, d] = [100, 40]
    const numbers = gaussian('centred', n, d)
    const keys = Array.from({ length: n }, (_, j) => {
      const row = Array.from(numbers.subarray(j * d, (j + 1) * d))
      const mean = row.reduce((sum, x) => sum + x, 0) / d
      return row.map((x) => x - mean)
    })
    keys[0] = keys[0]!.map((_, c) => keys.slice(1, 31).reduce((sum, key) => sum + key[c]! / 30, 0))
    expect(criticalScaleWithin(setOf(keys), 0, 1, 0)).not.toBeUndefined()
    const certificate = certify(keys, 0, { tolerance: 0 })
    expect(verify(keys, certificate, { tolerance: 0 })).toEqual({ valid: true })
  })
})

/** What is said of a key, if anything is, is so. */
function judge(keys: Keys): void {
  const set = setOf(keys)
  if (set.n === 1) return
  const integers = integerKeys(
    set,
    keys.map((_, j) => j),
  )
  for (let i = 0; i < set.n; i++) {
    const said = decideNearly(set, i)
    if (said === null) continue
    const { verdict } = decideExactly(integers, i, false)
    if ('query' in said) {
      expect(verdict).toBe('selectable')
      const own = dotIntegers(said.query, integers.rows[i]!)
      integers.rows.forEach((row, j) => expect(j === i || dotIntegers(said.query, row) < own).toBe(true))
    } else expect(said.support.includes(i)).toBe(false)
  }
}

describe('a search in floats, mended', () => {
  propertyTest.prop({ keys: exactSets }, { numRuns: 200 })('proves queries, on small integers times 2^k', ({ keys }) =>
    judge(keys),
  )
  propertyTest.prop({ keys: perturbedSets }, { numRuns: 200 })('and one unit in the last place away', ({ keys }) =>
    judge(keys),
  )
})

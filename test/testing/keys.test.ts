/** The arbitraries and generators make what they say: planted verdicts are the exact ones, seeds decide everything. */
import fc from 'fast-check'
import { selectability } from 'selectability'
import {
  heavyKeys,
  interiorKeys,
  keySets,
  latticeKeys,
  lowRankKeys,
  normalisedKeys,
  randomKeys,
  tiedKeys,
  ulpKeys,
  vertexKeys,
} from 'selectability/testing'
import type { Distribution, RandomKeysOptions } from 'selectability/testing'
import { describe, expect, it } from 'vitest'
import { decideExactly } from '../reference/rational.ts'

type Keys = readonly (readonly number[])[]

const copy = (keys: Keys): number[][] => keys.map((key) => [...key])

/** Σ w_j k_j in exact arithmetic: weights are 64ths, so that 64 times the sum is a sum of floats without rounding. */
function combines(keys: Keys, key: number, support: readonly number[], weights: readonly number[]): boolean {
  return keys[key]!.every((x, c) => support.reduce((sum, j, s) => sum + 64 * weights[s]! * keys[j]![c]!, 0) === 64 * x)
}

describe('a planted key has the verdict that it was planted with, by the exact oracle', () => {
  it('inside', () => {
    fc.assert(
      fc.property(interiorKeys(fc), ({ keys, key, support, weights }) => {
        expect(combines(keys, key, support, weights)).toBe(true)
        expect(weights.every((w) => w > 0)).toBe(true)
        expect(decideExactly(copy(keys), key)).toBe('unselectable')
      }),
      { numRuns: 300 },
    )
  })

  it('at a vertex', () => {
    fc.assert(
      fc.property(vertexKeys(fc), ({ keys, key, query }) => {
        const scores = keys.map((x) => x.reduce((sum, entry, c) => sum + entry * query[c]!, 0))
        expect(scores.every((s, j) => j === key || s < scores[key]!)).toBe(true)
        expect(decideExactly(copy(keys), key)).toBe('selectable')
      }),
      { numRuns: 300 },
    )
  })

  it('on a face', () => {
    fc.assert(
      fc.property(tiedKeys(fc), ({ keys, key, support, weights }) => {
        expect(combines(keys, key, support, weights)).toBe(true)
        expect(decideExactly(copy(keys), key)).toBe('tied')
      }),
      { numRuns: 300 },
    )
  })
})

describe('arbitrary key sets', () => {
  const families = { heavyKeys, keySets, latticeKeys, lowRankKeys, normalisedKeys, ulpKeys }

  it.each(Object.entries(families))('%s are of the sizes asked for, and finite', (_, family) => {
    const sizes = { minKeys: 2, maxKeys: 5, minDimension: 2, maxDimension: 4 }
    fc.assert(
      fc.property(family(fc, sizes), (keys) => {
        const d = keys[0]!.length
        expect(keys.length).toBeLessThanOrEqual(5)
        expect(d).toBeGreaterThanOrEqual(2)
        expect(d).toBeLessThanOrEqual(4)
        expect(keys.every((key) => key.length === d && key.every(Number.isFinite))).toBe(true)
      }),
    )
  })

  it.each(Object.entries(families))(
    '%s shrink to one key at 0, or to one key where that has no direction',
    (name, family) => {
      const { counterexample } = fc.check(fc.property(family(fc), () => false))
      const [[key, ...rest]] = counterexample as [number[][]]
      expect(rest).toEqual([])
      if (name !== 'normalisedKeys') expect(key!.map(Math.abs)).toEqual([0])
    },
  )

  it('hold ties, and keys of every verdict', () => {
    const seen = new Set(
      fc
        .sample(keySets(fc), { numRuns: 200, seed: 1 })
        .flatMap((keys) => selectability(keys, { tolerance: 0 }).verdicts),
    )
    expect(seen).toEqual(new Set(['selectable', 'tied', 'unselectable']))
  })
})

describe('randomKeys', () => {
  const distributions: Distribution[] = ['gaussian', 'cube', 'heavy', 'layernorm', 'lattice', 'low-rank']

  it.each(distributions)('%s: the same keys from the same seed, others from another', (distribution) => {
    const options = { n: 20, d: 5, distribution, seed: 'a' }
    const keys = randomKeys(options)
    expect(keys.shape).toEqual([20, 5])
    expect(keys.dtype).toBe('float64')
    expect(keys.data).toEqual(randomKeys(options).data)
    expect(keys.data).not.toEqual(randomKeys({ ...options, seed: 'b' }).data)
    expect(keys.data.every(Number.isFinite)).toBe(true)
  })

  it('has the moments of its distributions', () => {
    const n = 20000
    const moment = (x: Float64Array, k: number): number => x.reduce((sum, entry) => sum + entry ** k, 0) / x.length
    const gaussian = randomKeys({ n, d: 1, distribution: 'gaussian', seed: 1 }).data
    const cube = randomKeys({ n, d: 1, distribution: 'cube', seed: 1 }).data
    // Five standard errors: of the mean 1/√n; of the mean square √2/√n for a normal, √(4/45)/√n for a uniform variable.
    const five = 5 / Math.sqrt(n)
    expect(Math.abs(moment(gaussian, 1))).toBeLessThan(five)
    expect(Math.abs(moment(gaussian, 2) - 1)).toBeLessThan(Math.SQRT2 * five)
    expect(Math.abs(moment(cube, 2) - 1 / 3)).toBeLessThan(Math.sqrt(4 / 45) * five)
    const logs = (sigma: number): number => {
      const { data } = randomKeys({ n, d: 2, distribution: 'heavy', sigma, seed: 1 })
      const log = Float64Array.from({ length: n }, (_, i) => Math.log(Math.hypot(data[2 * i]!, data[2 * i + 1]!)))
      return moment(log, 2)
    }
    expect(Math.abs(logs(1) - 1)).toBeLessThan(Math.SQRT2 * five)
    expect(Math.abs(logs(0.3) - 0.09)).toBeLessThan(0.09 * Math.SQRT2 * five)
    const lattice = new Set(randomKeys({ n: 1000, d: 1, distribution: 'lattice', seed: 1 }).data)
    expect([...lattice].sort((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3])
  })

  it.each([
    [{ n: 0 }, RangeError, 'n: expected an integer >= 1, got 0'],
    [{ d: 1.5 }, RangeError, 'd: expected an integer >= 1, got 1.5'],
    [{ n: '3' }, TypeError, 'n: expected an integer >= 1, got string'],
    [
      { distribution: 'normal' },
      RangeError,
      'distribution: expected one of gaussian, cube, heavy, layernorm, lattice, low-rank, got "normal"',
    ],
    [{ distribution: null }, TypeError, 'distribution: expected one of'],
    [{ seed: undefined }, TypeError, 'seed: expected a string or a number, got undefined'],
    [{ sigma: -1 }, RangeError, 'sigma: expected a finite number >= 0, got -1'],
    [{ sigma: '1' }, TypeError, 'sigma: expected a number, got string'],
  ])('refuses %o', (wrong, kind, message) => {
    const options = { n: 3, d: 2, distribution: 'gaussian', seed: 1, ...wrong } as RandomKeysOptions
    expect(() => randomKeys(options)).toThrow(kind)
    expect(() => randomKeys(options)).toThrow(message)
  })
})

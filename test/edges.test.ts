/** The judge at its limits: what is accepted up to which value, and what is said of the next one. */
import { describe, expect, test } from 'vitest'
import type { Certificate, CertifyOptions } from '../src/index.ts'
import { certify, verify } from '../src/index.ts'
import { extremeGaps, gamma, scoreGaps, u } from '../src/selectability/bounds.ts'
import { ratio, rootRatio } from '../src/selectability/exact/dyadic.ts'
import { keySet } from '../src/selectability/keyset.ts'

const valid = { valid: true }
const refused = (reason: unknown): unknown => ({ valid: false, reason })
const judge = (keys: number[][], certificate: object, options: CertifyOptions): unknown =>
  verify(keys, certificate as Certificate, options)

describe('an exact query', () => {
  const square = [[1, 1], [1, -1], [-1, 1], [-1, -1]] // prettier-ignore
  const selectable = certify(square, 0, { tolerance: 0 })
  const judged = (query: number[], exactQuery: unknown[]): unknown =>
    judge(square, { ...selectable, query: Float64Array.from(query), exactQuery }, { tolerance: 0 })

  test.each([
    [
      [1, 0],
      [0n, 0n],
    ],
    [
      [-1, 0],
      [0n, 0n],
    ],
    [
      [0, 0],
      [1n, 1n],
    ],
    [
      [0, 0],
      [-1n, 0n],
    ],
    [
      [1, 1],
      [-1n, -1n],
    ],
    [
      [0, 1],
      [0n, -1n],
    ],
  ])('%o has not the signs of %o', (query, exact) => {
    expect(judged(query, exact)).toEqual(refused('query: expected the exact query, rounded'))
  })

  test('may be rounded by 2^−52 of each entry, and no more', () => {
    const flaw = refused('query: expected the exact query, rounded')
    expect(judged([1, 1 - 2 ** -52], [2n ** 52n, 2n ** 52n])).not.toEqual(flaw)
    expect(judged([1, 1 - 2 ** -52 - 2 ** -53], [2n ** 52n, 2n ** 52n])).toEqual(flaw)
  })

  test('is of integers throughout', () => {
    expect(judged([1, 1], [1n, 1])).toEqual(refused('exactQuery: expected 2 integers'))
    expect(judged([1, 1], [1n])).toEqual(refused('exactQuery: expected 2 integers'))
  })

  test('has under a bias a divisor, which is positive; 0 over it is a query too', () => {
    const keys = [[0], [1]]
    const options = { tolerance: 0, bias: [0, 1] }
    const zero = certify(keys, 1, options)
    expect(zero).toMatchObject({ verdict: 'selectable', query: Float64Array.of(0) })
    expect(judge(keys, { ...zero, exactQuery: [0n, 1n] }, options)).toEqual(valid)
    const lifted = { ...zero, query: Float64Array.of(1), margin: 2 }
    expect(judge(keys, { ...lifted, exactQuery: [1n, 1n] }, options)).toEqual(valid)
    for (const divisor of [0n, -1n]) {
      expect(judge(keys, { ...lifted, exactQuery: [1n, divisor] }, options)).toEqual(
        refused('exactQuery: expected its last entry, the divisor, to be positive'),
      )
    }
  })
})

test('a key out of range is told the range', () => {
  const certificate = certify([[0], [1]], 0)
  for (const key of [-1, 2]) {
    expect(judge([[0], [1]], { ...certificate, key }, {})).toEqual(refused('key: expected an index from 0 to 1'))
  }
})

test('a margin may be off by 2^−30 of itself', () => {
  const keys = [[0], [1]]
  const options = { tolerance: 0 }
  const one = { ...certify(keys, 1, options), query: Float64Array.of(1), margin: 1 + 2 ** -30 }
  expect(judge(keys, one, options)).toEqual(valid)
  expect(judge(keys, { ...one, margin: 1 - 2 ** -30 }, options)).toEqual(valid)
  expect(judge(keys, { ...one, margin: one.margin + 2 ** -52 }, options)).toEqual(
    refused(expect.stringMatching(/^margin: expected 1, got/)),
  )
})

describe('weights', () => {
  const keys = [[0, 0], [0, 0], [1, 0]] // prettier-ignore
  const copy = certify(keys, 0, { tolerance: 0.5 })
  test('may miss a sum of 1 by (m + 2)·u', () => {
    expect(copy).toMatchObject({ verdict: 'tied', weights: Float64Array.of(1), distance: 0 })
    const short = (steps: number): object => ({ ...copy, weights: Float64Array.of(1 - steps * u) })
    expect(judge(keys, short(3), { tolerance: 0.5 })).toEqual(valid)
    expect(judge(keys, short(4), { tolerance: 0.5 })).toEqual(refused('weights: their sum is not 1'))
  })

  test('are one for each key of a support', () => {
    const none = { ...copy, support: new Uint32Array(0), weights: new Float64Array(0) }
    expect(judge(keys, none, { tolerance: 0.5 })).toEqual(
      refused('support and weights: expected one weight for each key of a support that is not empty'),
    )
  })

  test('are on keys of the set', () => {
    expect(judge(keys, { ...copy, support: Uint32Array.of(3) }, { tolerance: 0.5 })).toEqual(
      refused('support: expected other keys of the set'),
    )
  })

  test('give a point as far as the tolerance, and no farther', () => {
    const two = [[0], [1]]
    const at = (distance: number): object => ({
      ...{ verdict: 'unselectable', key: 0, distance },
      ...{ support: Uint32Array.of(1), weights: Float64Array.of(1) },
    })
    expect(judge(two, at(1), { tolerance: 1 })).toEqual(valid)
    expect(judge(two, at(1 + 2 ** -40), { tolerance: 1 })).toEqual(
      refused(`distance: expected at most 1, got ${1 + 2 ** -40}`),
    )
    expect(judge(two, at(1), { tolerance: 1 - 2 ** -53 })).toEqual(
      refused(`distance: expected at most ${1 - 2 ** -53}, got 1`),
    )
  })

  test('that no floats hold prove distance 0 at any tolerance, and span the keys only where that is 0', () => {
    const line = [[0, 0], [49, 0], [10, 0], [0, 5], [0, -5]] // prettier-ignore
    const parts = {
      ...{ verdict: 'unselectable', key: 2, distance: 0 },
      ...{ support: Uint32Array.of(0, 1), weights: Float64Array.of(39 / 49, 10 / 49) },
    }
    expect(judge(line, parts, { tolerance: 1e-300 })).toEqual(valid)
    expect(judge(line, parts, { tolerance: 0 })).toEqual(
      refused('support: it does not span the affine hull of the keys; key 3 is outside'),
    )
  })
})

describe('which key comes second', () => {
  test('is any of those with the least gap, and no other', () => {
    const keys = [[0, 0], [-1, 0], [-1, 1], [-2, 0]] // prettier-ignore
    const first = { ...certify(keys, 0, { tolerance: 0 }), query: Float64Array.of(1, 0), margin: 1 }
    for (const exactQuery of [undefined, [1n, 0n]]) {
      const second = (runnerUp: number): unknown =>
        judge(keys, { ...first, runnerUp, ...(exactQuery === undefined ? {} : { exactQuery }) }, { tolerance: 0 })
      expect(second(1)).toEqual(valid)
      expect(second(2)).toEqual(valid)
      expect(second(3)).toEqual(refused('runnerUp: expected 1, got 3'))
    }
  })

  test('is sought among those that a bound leaves, at both ends', () => {
    const gap = Float64Array.of(9, 1, 2, 3, 4)
    const left = (error: number): number[] => extremeGaps({ gap, error: gap.map(() => error), exponent: 0 }, 0)
    expect(left(0.25)).toEqual([1, 4])
    // Intervals that touch do not rule each other out.
    expect(left(0.5)).toEqual([1, 2, 3, 4])
  })

  test('of any key, by gaps that floats hold', () => {
    const set = keySet([1, 2, 3, 4, 5, 7], 3, 2)
    const { gap, exponent } = scoreGaps(set, 2, Float64Array.of(1, 1))
    expect(Array.from(gap, (x) => x * 2 ** exponent)).toEqual([9, 5, 0])
    expect(gamma(2 ** 52)).toBe(1)
  })
})

describe('under a bias', () => {
  const keys = [[0], [1], [-1]] // prettier-ignore
  const between = { verdict: 'unselectable', key: 0, support: Uint32Array.of(1, 2), weights: Float64Array.of(0.5, 0.5) }

  test('weights may miss the key’s own by (m + 2)·u of the rises', () => {
    const reach = (short: number): unknown =>
      judge(keys, { ...between, distance: 0 }, { tolerance: 0.5, bias: [0, 1, -1 - short * 2 ** -52] })
    expect(reach(4)).toEqual(valid)
    expect(reach(5)).toEqual(refused('weights: no weights > 0 on this support give the key'))
  })

  test('large ones do not loosen a distance', () => {
    const bias = [0, 2 ** 53 - 1, 2 ** 53 - 1]
    expect(judge(keys, { ...between, distance: 0.25 }, { tolerance: 0.5, bias })).toEqual(
      refused('weights: they give a point at distance 0, not 0.25'),
    )
  })

  test('keys within the tolerance, of two biases, are not equal', () => {
    const below = {
      ...{ verdict: 'tied', key: 0, query: Float64Array.of(1000), distance: 0 },
      ...{ support: Uint32Array.of(1), weights: Float64Array.of(1) },
    }
    const pair = [[0], [0]]
    expect(judge(pair, below, { tolerance: 1, bias: [0, 0] })).toEqual(valid)
    expect(judge(pair, below, { tolerance: 1, bias: [0, 1] })).toEqual(
      refused('query: no key scores below the maximum'),
    )
  })
})

test('a distance may be off by (m + d + 4)·u of the keys around', () => {
  const d = 8
  const axis = Array.from({ length: d }, (_, c) => (c === 0 ? 1 : 0))
  const keys = [axis.map(() => 0), axis, axis.map((x) => -x)]
  const at = (distance: number): unknown =>
    judge(
      keys,
      { verdict: 'unselectable', key: 0, support: Uint32Array.of(1, 2), weights: Float64Array.of(0.5, 0.5), distance },
      { tolerance: 0.5 },
    )
  expect(at((2 + d + 4) * u)).toEqual(valid)
  expect(at(-u)).toEqual(refused(`distance: expected at most 0.5, got ${-u}`))
  expect(at((2 + d + 5) * u)).toEqual(refused(`weights: they give a point at distance 0, not ${(2 + d + 5) * u}`))
})

test('ratios are rounded to even half way, and roots of long integers stay in range', () => {
  const whole = (m: bigint): { m: bigint; e: number } => ({ m, e: 0 })
  expect(ratio(whole(3n * (2n ** 53n + 1n)), whole(3n))).toBe(2 ** 53)
  expect(ratio(whole(3n * (2n ** 53n + 1n) + 1n), whole(3n))).toBe(2 ** 53 + 2)
  expect(rootRatio(whole(2n ** 4000n), whole(2n ** 4000n))).toBe(1)
  expect(rootRatio(whole(0n), whole(3n))).toBe(0)
})

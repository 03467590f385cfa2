/** The judge at its limits: what is accepted up to which value, and what is said of the next one. */
import { describe, expect, test } from 'vitest'
import type { Certificate, CertifyOptions } from '../src/index.ts'
import { certify, verify } from '../src/index.ts'
import { u } from '../src/selectability/bounds.ts'

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
  ])('%o has not the signs of %o', (query, exact) => {
    expect(judged(query, exact)).toEqual(refused('query: expected the exact query, rounded'))
  })

  test('may be rounded by 2^−50 of each entry, and no more', () => {
    // Margin √2·2^49 over both entries alike, so that only the form can object.
    expect(judged([1, 1 - 2 ** -50], [2n ** 50n, 2n ** 50n])).not.toEqual(
      refused('query: expected the exact query, rounded'),
    )
    expect(judged([1, 1 - 2 ** -49], [2n ** 50n, 2n ** 50n])).toEqual(
      refused('query: expected the exact query, rounded'),
    )
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
  expect(judge([[0], [1]], { ...certificate, key: 2 }, {})).toEqual(refused('key: expected an index from 0 to 1'))
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
    const line = [[0, 0], [3, 0], [1, 0], [0, 5], [0, -5]] // prettier-ignore
    const third = {
      ...{ verdict: 'unselectable', key: 2, distance: 0 },
      ...{ support: Uint32Array.of(0, 1), weights: Float64Array.of(2 / 3, 1 / 3) },
    }
    expect(judge(line, third, { tolerance: 1e-300 })).toEqual(valid)
    expect(judge(line, third, { tolerance: 0 })).toEqual(
      refused('support: it does not span the affine hull of the keys; key 3 is outside'),
    )
  })
})

/** assertTheorems: on random instances, on a user's keys in any form, and what it says when something is wrong. */
import fc from 'fast-check'
import { layerNorm } from 'selectability'
import type { MatrixLike } from 'selectability'
import { assertTheorems, randomKeys, theorems } from 'selectability/testing'
import type { FastCheck, Theorem } from 'selectability/testing'
import { describe, expect, it, vi } from 'vitest'

const few = { numRuns: 2, seed: 1 }

describe('assertTheorems', () => {
  it.each<[string, MatrixLike]>([
    ['rows', [[1, 2], [3, 4], [5, 6]]], // prettier-ignore
    ['float32 rows', [Float32Array.of(0.1, 0.2, 0.5), Float32Array.of(3, 4, 9)]],
    ['an ndarray', randomKeys({ n: 20, d: 4, distribution: 'heavy', seed: 2 })],
    ['a tensor', { data: Float32Array.of(1, 2, 3, 4), dims: [2, 2] }],
    ['normalised keys', layerNorm(randomKeys({ n: 60, d: 5, distribution: 'cube', seed: 3 }))],
    ['one key', [[7]]],
    ['zeros', [[0, 0], [0, 0]]], // prettier-ignore
    ['huge keys', [[1e300, -1e300], [1e299, 1e300], [0, 1]]], // prettier-ignore
    ['keys from one end of the range to the other', [[5e-324, 0, 1e-323], [1, 2, 4], [1e-200, 0, 0]]], // prettier-ignore
    ['the smallest floats', [[5e-324, 0], [0, 5e-324], [5e-324, 5e-324]]], // prettier-ignore
  ])('holds on %s', (_, keys) => {
    assertTheorems(fc, { ...few, keys })
  })

  it('needs no keys, and leaves those it is given alone', () => {
    assertTheorems(fc, few)
    const keys = randomKeys({ n: 10, d: 3, distribution: 'gaussian', seed: 1 })
    const before = Float64Array.from(keys.data)
    assertTheorems(fc, { ...few, keys })
    expect(keys.data).toEqual(before)
  })

  it('checks each theorem numRuns times, from the seed', () => {
    const check = vi.spyOn(theorems[0] as Theorem, 'check')
    assertTheorems(fc, { numRuns: 7, seed: 5 })
    const first = check.mock.calls.map((call) => JSON.stringify(call))
    assertTheorems(fc, { numRuns: 7, seed: 5 })
    expect(check.mock.calls.slice(7).map((call) => JSON.stringify(call))).toEqual(first)
    expect(first.length).toBe(7)
    check.mockRestore()
  })

  it('names the theorem that fails, with seed and instance, or the given keys', () => {
    const check = vi.spyOn(theorems[1] as Theorem, 'check').mockImplementation(() => {
      throw new Error('the sphere is flat')
    })
    expect(() => assertTheorems(fc, { numRuns: 2, seed: 9 })).toThrow(
      /^theorem scaling-puts-keys-on-a-sphere: Property failed.*seed: 9.*Counterexample: /s,
    )
    check.mockImplementation((instance) => {
      if (JSON.stringify(instance).includes('[[0.5,0.75]]')) throw new Error('not mine')
    })
    expect(() => assertTheorems(fc, { ...few, keys: [[2, 3]] })).toThrow(
      'theorem scaling-puts-keys-on-a-sphere, on the given keys: not mine',
    )
    check.mockRestore()
  })

  it.each<[unknown, string]>([
    [undefined, 'fc: expected the fast-check module, got undefined; npm install --save-dev fast-check'],
    [null, 'fc: expected the fast-check module, got null'],
    [{ assert: () => 1 }, 'fc: expected the fast-check module, got object without property()'],
    ['fast-check', 'fc: expected the fast-check module, got string without assert()'],
  ])('says so when fast-check is missing or another: %s', (module, message) => {
    expect(() => assertTheorems(module as FastCheck, few)).toThrow(TypeError)
    expect(() => assertTheorems(module as FastCheck, few)).toThrow(message)
  })

  it.each([
    [{ numRuns: 0 }, RangeError, 'numRuns: expected an integer >= 1, got 0'],
    [{ numRuns: '5' }, TypeError, 'numRuns: expected an integer >= 1, got string'],
    [{ seed: 0.5 }, RangeError, 'seed: expected an integer, got 0.5'],
    [{ seed: null }, TypeError, 'seed: expected an integer, got null'],
    [{ keys: 'keys' }, TypeError, 'keys: expected a matrix'],
    [{ keys: [] }, RangeError, 'keys: expected at least 1 key, got 0'],
    [{ keys: [1, 2] }, RangeError, 'keys: expected 2 dimensions, got 1'],
    [{ keys: [[1, 2], [3, NaN]] }, RangeError, 'keys: expected finite numbers, got NaN in row 1, column 1'], // prettier-ignore
    [{ keys: [[[1]]] }, RangeError, 'keys: expected 2 dimensions, got 3'],
  ])('refuses %o', (options, kind, message) => {
    const run = (): void => assertTheorems(fc, { ...few, ...(options as object) })
    expect(run).toThrow(kind)
    expect(run).toThrow(message)
  })
})

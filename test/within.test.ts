/** Whether a key is within the tolerance of a hull: by the corral's weights, by an exact comparison, or by the nearest key alone. */
import { describe, expect, test } from 'vitest'
import type { Corral } from '../src/selectability/corral.ts'
import { keySet } from '../src/selectability/keyset.ts'
import { prepare } from '../src/selectability/prepare.ts'
import type { HullProof } from '../src/selectability/proof.ts'
import type { Search } from '../src/selectability/search.ts'
import { corralKeys, hullWithin, nearestKey } from '../src/selectability/within.ts'

/** A search around key i that ended with weights on some keys, which nothing refines. */
function ended(rows: number[][], keys: number[], weights: number[], tolerance: number): Search {
  const prepared = prepare(keySet(rows.flat(), rows.length, rows[0].length))
  const labels = Int32Array.of(...keys.map((j) => prepared.place[j]), -1)
  const corral = {
    labels,
    weights: Float64Array.of(...weights, 9),
    size: () => keys.length,
    ridge: () => 1,
    solve: (right: Float64Array) => void right.fill(0),
  }
  return {
    prepared,
    corral: () => corral as unknown as Corral,
    tolerance: tolerance * 2 ** -prepared.exponent,
  } as unknown as Search
}

const within = (
  rows: number[][],
  i: number,
  keys: number[],
  weights: number[],
  tolerance: number,
): HullProof | null => {
  const search = ended(rows, keys, weights, tolerance)
  return hullWithin(search, search.prepared.place[i], tolerance)
}
const proof = (support: number[], weights: number[]): HullProof => ({
  support: Uint32Array.from(support),
  weights: Float64Array.from(weights),
  exact: false,
})

// Copies of one corner, so that a distinct key's number is not its first copy's.
const rows = [[9, 9], [9, 9], [0, 0], [-4, 1], [4, 1], [0, 30], [3, -2]] // prettier-ignore

test('the keys of a corral are the first copies', () => {
  expect(corralKeys(ended(rows, [4, 3, 0], [1, 1, 1], 1))).toEqual([4, 3, 0])
})

describe('weights', () => {
  test('are a proof from their distance on', () => {
    // They give (0, 1).
    for (const tolerance of [1.001, 7, 1e300])
      expect(within(rows, 2, [3, 4], [0.5, 0.5], tolerance)).toEqual(proof([3, 4], [0.5, 0.5]))
    expect(within(rows, 2, [3, 4], [0.5, 0.5], 0.999)).toBe(null)
    // At the distance itself only an exact comparison shows it.
    expect(within(rows, 2, [3, 4], [0.5, 0.5], 1)).toEqual(proof([3, 4], [0.5, 0.5]))
    expect(within(rows, 2, [3, 4, 5], [1, 1, 0], 1)).toEqual(proof([3, 4], [0.5, 0.5]))
  })

  test('that are far off leave it to the nearest key', () => {
    expect(within(rows, 2, [3, 5], [0.5, 0.5], 3.6)).toBe(null)
    expect(within(rows, 2, [3, 5], [0.5, 0.5], 3.61)).toEqual(proof([6], [1]))
  })

  test('that are none leave it to the nearest key, at any tolerance', () => {
    expect(within(rows, 2, [3, 4], [-1, -1], 3.6)).toBe(null)
    expect(within(rows, 2, [3, 4], [-1, -1], 3.61)).toEqual(proof([6], [1]))
    const small = rows.map((row) => row.map((x) => x * 1e-20))
    expect(within(small, 2, [3, 4], [-1, -1], 1e300)).toEqual(proof([6], [1]))
    expect(within(small, 2, [3, 4], [0.5, 0.5], 1e300)).toEqual(proof([3, 4], [0.5, 0.5]))
  })
})

test('the nearest key is another, of equally near ones the first, and of one key alone none', () => {
  const nearest = (...keys: number[][]): number => {
    const prepared = { z: Float64Array.from(keys.flat()), count: keys.length, keys: { d: keys[0].length } }
    return nearestKey(prepared as unknown as Search['prepared'], 0)
  }
  expect(nearest([0, 0], [1, 3], [3, 0], [0, -2])).toBe(3)
  expect(nearest([0, 0], [0, 2], [0, -2], [2, 0])).toBe(1)
  expect(nearest([0, 0])).toBe(-1)
})

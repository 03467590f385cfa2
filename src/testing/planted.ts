/** Key sets with a key whose verdict is known beforehand, and with the proof that it was planted by. */
import type { Arbitrary } from 'fast-check'
import { integerRows, powers, times } from './arbitraries.ts'
import { checkDraw } from './check.ts'
import { dot } from './rounding.ts'
import type { FastCheck, Rows, SizeOptions } from './types.ts'

/** A key inside the hull of others. */
export interface InteriorKey {
  /** The planted key among others. */
  readonly keys: Rows
  /** Index of the planted key. */
  readonly key: number
  /** The other keys that it is a combination of. */
  readonly support: readonly number[]
  /** Weights > 0 of sum 1, multiples of 1/64; with them the support gives the key exactly. */
  readonly weights: readonly number[]
}

/** A key that a known query selects. */
export interface VertexKey {
  /** The planted key among others. */
  readonly keys: Rows
  /** Index of the planted key. */
  readonly key: number
  /** Integers; its score is strictly the largest for the key. */
  readonly query: readonly number[]
}

/** A key on a face of the hull: inside it, and never alone at the top. */
export interface TiedKey extends InteriorKey {
  /** Integers; its largest score is that of the key and of its support, and every other key scores less. */
  readonly query: readonly number[]
}

/** Positive multiples of 1/64 that sum to 1: shares of the rest, which goes to the first. */
function sixtyFourths(shares: readonly number[], n: number): number[] {
  const counts = Array.from({ length: n }, (_, j) => 1 + shares[j])
  counts[0] = 64 - counts.slice(1).reduce((total, count) => total + count, 0)
  return counts.map((count) => count / 64)
}

function combination(keys: Rows, weights: readonly number[]): number[] {
  return keys[0].map((_, c) => keys.reduce((total, key, j) => total + weights[j] * key[c], 0))
}

function insert(keys: Rows, at: number, key: readonly number[]): number[][] {
  return [...keys.slice(0, at), key, ...keys.slice(at)].map((row) => [...row])
}

const shares = (fc: FastCheck): Arbitrary<number[]> => fc.array(fc.nat({ max: 7 }), { minLength: 8, maxLength: 8 })

/**
 * A convex combination of all other keys, each with a weight > 0, among keys that are not all equal: unselectable. At most 8
 * other keys.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { certify } from 'selectability'
 * import { interiorKeys } from 'selectability/testing'
 *
 * const [{ keys, key }] = fc.sample(interiorKeys(fc), { numRuns: 1, seed: 1 })
 * certify(keys, key, { tolerance: 0 }).verdict // => 'unselectable'
 * ```
 */
export function interiorKeys(fc: FastCheck, sizes: SizeOptions = {}): Arbitrary<InteriorKey> {
  checkDraw(fc, sizes)
  const { minKeys = 2, maxKeys = 7 } = sizes
  const rows = integerRows(fc, { ...sizes, minKeys: Math.max(2, minKeys), maxKeys: Math.min(8, maxKeys) })
  return fc
    .record({ rows, shares: shares(fc), at: fc.nat({ max: 8 }), factor: powers(fc) })
    .filter(({ rows }) => rows.some((row) => row.some((x, c) => x !== rows[0][c])))
    .map(({ rows, shares, at, factor }) => {
      const n = rows.length
      const others = times(rows, 64)
      const weights = sixtyFourths(shares, n)
      const key = Math.min(at, n)
      const support = rows.map((_, j) => (j < key ? j : j + 1))
      return { keys: times(insert(others, key, combination(others, weights)), factor), key, support, weights }
    })
}

/**
 * A key that a known query of integers selects, moved out along it until it does.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { certify } from 'selectability'
 * import { vertexKeys } from 'selectability/testing'
 *
 * const [{ keys, key }] = fc.sample(vertexKeys(fc), { numRuns: 1, seed: 1 })
 * certify(keys, key, { tolerance: 0 }).verdict // => 'selectable'
 * ```
 */
export function vertexKeys(fc: FastCheck, sizes: SizeOptions = {}): Arbitrary<VertexKey> {
  checkDraw(fc, sizes)
  // The query is drawn as the first row, so that its length follows that of the keys.
  const { minKeys = 1, maxKeys = 7 } = sizes
  return fc
    .record({
      table: integerRows(fc, { ...sizes, minKeys: minKeys + 1, maxKeys: maxKeys + 1 }),
      at: fc.nat(),
      factor: powers(fc),
    })
    .filter(({ table }) => table[0].some((x) => x !== 0))
    .map(({ table: [query, ...rows], at, factor }) => {
      const key = at % rows.length
      const top = Math.max(...rows.map((row) => dot(query, row)))
      const steps = Math.floor((top - dot(query, rows[key])) / dot(query, query)) + 1
      const keys = rows.map((row, j) => (j === key ? row.map((x, c) => x + steps * query[c]) : row))
      return { keys: times(keys, factor), key, query }
    })
}

/**
 * A convex combination of keys on a face, with some key below it: tied. The face is x_0 = 0 and the rest has x_0 < 0, then a
 * shear turns both.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { certify } from 'selectability'
 * import { tiedKeys } from 'selectability/testing'
 *
 * const [{ keys, key }] = fc.sample(tiedKeys(fc), { numRuns: 1, seed: 1 })
 * certify(keys, key, { tolerance: 0 }).verdict // => 'tied'
 * ```
 */
export function tiedKeys(fc: FastCheck, sizes: SizeOptions = {}): Arbitrary<TiedKey> {
  checkDraw(fc, sizes)
  const { minKeys = 2, maxKeys = 7 } = sizes
  return fc
    .record({
      // The first row is the shear.
      table: integerRows(fc, { ...sizes, minKeys: Math.max(2, minKeys) + 1, maxKeys: Math.min(8, maxKeys) + 1 }),
      top: fc.nat({ max: 6 }),
      shares: shares(fc),
      at: fc.nat({ max: 8 }),
      factor: powers(fc),
    })
    .map(({ table: [turn, ...rows], top, shares, at, factor }) => {
      const shear = turn.map((x, c) => (c === 0 ? 1 : 0 - x))
      const onFace = 1 + (top % (rows.length - 1))
      const others = rows.map((row, j) => {
        const height = j < onFace ? 0 : -1 - Math.abs(row[0])
        const across = row.map((x, c) => (c === 0 ? 0 : x))
        return across.map((x, c) => 64 * (c === 0 ? height - dot(shear, across) : x))
      })
      const weights = sixtyFourths(shares, onFace)
      const key = Math.min(at, rows.length)
      const support = weights.map((_, j) => (j < key ? j : j + 1))
      const planted = combination(others.slice(0, onFace), weights)
      return { keys: times(insert(others, key, planted), factor), key, support, weights, query: shear }
    })
}

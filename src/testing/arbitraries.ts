/**
 * Arbitrary key sets for fast-check.
 *
 * Small integers times a power of two: everything about them can be computed exactly, degenerate sets are common, and they shrink
 * to a few keys with entries near 0. `fc.double()` is no generator for numerics: it all but never yields a tie.
 */
import type { Arbitrary } from 'fast-check'
import type { NdArray } from 'ndarray'
import { layerNorm } from '../index.ts'
import { checkDraw } from './check.ts'
import { distinct } from './distinct.ts'
import type { Normalise } from './distinct.ts'
import { rowsOf } from './rounding.ts'
import type { FastCheck, Rows, SizeOptions } from './types.ts'

/**
 * n × d integers of at most `width`. A whole table is drawn and cut to d columns, since a size that others are chained to
 * would make them shrink from scratch.
 */
export function integerRows(
  fc: FastCheck,
  { minKeys = 1, maxKeys = 7, minDimension = 1, maxDimension = 3 }: SizeOptions = {},
  width = 3,
): Arbitrary<number[][]> {
  const entry = fc.integer({ min: -width, max: width })
  const row = fc.array(entry, { minLength: maxDimension, maxLength: maxDimension })
  return fc
    .record({
      d: fc.integer({ min: minDimension, max: maxDimension }),
      table: fc.array(row, { minLength: minKeys, maxLength: Math.max(minKeys, maxKeys), size: 'max' }),
    })
    .map(({ d, table }) => table.map((x) => x.slice(0, d)))
}

/** A power of two, 1 the simplest; squares of keys and sums of them stay far from overflow and underflow. */
export function powers(fc: FastCheck): Arbitrary<number> {
  return fc.oneof(fc.constant(0), fc.integer({ min: -300, max: 300 })).map((k) => 2 ** k)
}

export function times(keys: Rows, factor: number): number[][] {
  return keys.map((key) => key.map((x) => x * factor))
}

/** The double `steps` units in the last place away; 0 and −0 are one. */
function neighbour(x: number, steps: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(x))
  const bits = view.getBigInt64(0) * (x < 0 ? -1n : 1n) + BigInt(steps)
  view.setBigInt64(0, bits < 0n ? -bits : bits)
  return bits < 0n ? -view.getFloat64(0) : view.getFloat64(0)
}

/**
 * Integers of at most 3 times a power of two from 2⁻³⁰⁰ to 2³⁰⁰.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { latticeKeys } from 'selectability/testing'
 *
 * const [keys] = fc.sample(latticeKeys(fc, { minKeys: 4, maxKeys: 4, maxDimension: 2 }), { numRuns: 1, seed: 1 })
 * keys.length // => 4
 * ```
 */
export function latticeKeys(fc: FastCheck, sizes: SizeOptions = {}): Arbitrary<number[][]> {
  checkDraw(fc, sizes)
  return fc.record({ keys: integerRows(fc, sizes), factor: powers(fc) }).map(({ keys, factor }) => times(keys, factor))
}

/** Lattice keys with some entries one unit in the last place away: ties and faces missed by a rounding. */
export function ulpKeys(fc: FastCheck, sizes: SizeOptions = {}): Arbitrary<number[][]> {
  checkDraw(fc, sizes)
  const steps = fc.array(fc.constantFrom(0, 0, 1, -1), { minLength: 16, maxLength: 16 })
  return fc.record({ keys: latticeKeys(fc, sizes), steps }).map(({ keys, steps }) =>
    // 5 and 16 have no common factor, so that rows of any width meet every step.
    keys.map((key, j) => key.map((x, c) => (x === 0 ? 0 : neighbour(x, steps[(5 * j + c) % 16])))),
  )
}

/** Keys in a linear subspace, of fewer dimensions than they have coordinates when d > 1. */
export function lowRankKeys(fc: FastCheck, sizes: SizeOptions = {}): Arbitrary<number[][]> {
  checkDraw(fc, sizes)
  const { maxDimension = 3 } = sizes
  const maps = integerRows(fc, { minKeys: 1, maxKeys: Math.max(1, maxDimension - 1), ...only(maxDimension) }, 2)
  return fc.record({ keys: integerRows(fc, sizes), map: maps, factor: powers(fc) }).map(({ keys, map, factor }) =>
    times(
      keys.map((key) =>
        key.map((_, c) => map.slice(0, Math.max(1, key.length - 1)).reduce((at, axis, r) => at + key[r] * axis[c], 0)),
      ),
      factor,
    ),
  )
}

function only(d: number): SizeOptions {
  return { minDimension: d, maxDimension: d }
}

/** Keys of very different sizes: each its own power of two up to 2²⁰ times an integer vector. */
export function heavyKeys(fc: FastCheck, sizes: SizeOptions = {}): Arbitrary<number[][]> {
  checkDraw(fc, sizes)
  const tails = fc.array(fc.nat({ max: 20 }), { minLength: 16, maxLength: 16 })
  return fc
    .record({ keys: integerRows(fc, sizes), tails, factor: powers(fc) })
    .map(({ keys, tails, factor }) => keys.map((key, j) => key.map((x) => x * 2 ** tails[j % 16] * factor)))
}

/** Keys after LayerNorm with ε = 0, no two of them nearer than rounding can tell; d >= 2 unless given. */
export function normalisedKeys(fc: FastCheck, sizes: SizeOptions = {}): Arbitrary<number[][]> {
  checkDraw(fc, sizes)
  const normalise = (keys: Rows): NdArray<Float64Array | Float32Array> => layerNorm(keys, { eps: 0 })
  return distinctKeys(fc, normalise, sizes).map((keys) => rowsOf(normalise(keys)))
}

/** Lattice, one ulp off, low rank and heavy tails. */
export function keySets(fc: FastCheck, sizes: SizeOptions = {}): Arbitrary<number[][]> {
  checkDraw(fc, sizes)
  return fc.oneof(latticeKeys(fc, sizes), ulpKeys(fc, sizes), lowRankKeys(fc, sizes), heavyKeys(fc, sizes))
}

/** Key sets of which no two keys normalise to the same point, and none to no point of the sphere. */
export function distinctKeys(fc: FastCheck, normalise: Normalise, sizes: SizeOptions = {}): Arbitrary<number[][]> {
  return keySets(fc, { minDimension: 2, ...sizes })
    .map((keys) => distinct(keys, normalise))
    .filter((keys) => keys.length > 0)
}

/** How sharply keys can be selected, and how far, over dense keys: n × d numbers, row-major, in one typed array. */
import type { Floats } from '../kernels/sizes.ts'
import { attainableWeightOf } from './attainable/index.ts'
import { checkIndex } from './keyset.ts'
import { marginOf } from './margin/index.ts'
import { openDense as open, openDenseShared as openShared } from './open-dense.ts'
import { questionOf } from './question.ts'
import type { AttainableAsyncOptions, AttainableOptions, AttainableWeight, Margin } from './types.ts'
import { weighKeys, weighKeysAsync } from './weigh.ts'

/**
 * How sharply key i can be selected: its distance from the hull of the others; see `margin` of the main entry.
 *
 * @param data at least n·d finite numbers, row-major; neither modified nor kept
 * @param n keys, >= 1
 * @param d dimension, >= 1
 * @param i index of the key, 0 to n − 1
 * @throws TypeError for a wrong kind of argument; RangeError for NaN or an infinity (naming row and column), a wrong size, or an
 * index out of range
 *
 * @example
 * ```ts
 * import { margin } from 'selectability/kernels'
 *
 * margin(Float64Array.of(0, 0, 4, 0, 2, 3), 3, 2, 2).distance // => 3
 * ```
 */
export function margin(data: Floats, n: number, d: number, i: number): Margin {
  const { keys } = open(data, n, d, {})
  return marginOf(keys, checkIndex(i, n))
}

/**
 * The largest softmax weight that a query of limited norm gives key i; see `attainableWeight` of the main entry.
 *
 * @throws as `margin`; RangeError also for a negative or NaN `maxNorm`, or a `scale` that is not finite
 *
 * @example
 * ```ts
 * import { attainableWeight } from 'selectability/kernels'
 *
 * attainableWeight(Float64Array.of(0, 2, 1), 3, 1, 2).weight.toFixed(6) // => '0.333333'
 * ```
 */
export function attainableWeight(
  data: Floats,
  n: number,
  d: number,
  i: number,
  options: AttainableOptions = {},
): AttainableWeight {
  const { keys, asked } = questionOf(open(data, n, d, options), options)
  return attainableWeightOf(keys, checkIndex(i, n), asked)
}

/**
 * The attainable weight of every key.
 *
 * @returns n weights
 * @throws as `attainableWeight`
 *
 * @example
 * ```ts
 * import { attainableWeights } from 'selectability/kernels'
 *
 * attainableWeights(Float64Array.of(0, 0, 0, 0), 4, 1) // => [0.25, 0.25, 0.25, 0.25]
 * ```
 */
export function attainableWeights(data: Floats, n: number, d: number, options: AttainableOptions = {}): Float64Array {
  const { keys, asked } = questionOf(open(data, n, d, options), options)
  return weighKeys(keys, asked)
}

/**
 * The same weights, found off the calling thread; see `attainableWeightsAsync` of the main entry.
 *
 * @example
 * ```ts
 * import { attainableWeightsAsync } from 'selectability/kernels'
 *
 * await attainableWeightsAsync(Float64Array.of(0, 0, 0, 0), 4, 1, { threads: 1 }) // => [0.25, 0.25, 0.25, 0.25]
 * ```
 */
export async function attainableWeightsAsync(
  data: Floats,
  n: number,
  d: number,
  options: AttainableAsyncOptions = {},
): Promise<Float64Array> {
  return weighKeysAsync(questionOf(openShared(data, n, d, options), options), options)
}

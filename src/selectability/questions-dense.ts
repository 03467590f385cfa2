/** What would change a key's verdict, over dense keys: n × d numbers, row-major, in one typed array. */
import type { Floats } from '../kernels/sizes.ts'
import { checkRival, criticalScaleOf, escapeScaleOf } from './critical.ts'
import { explainKey, namingOf } from './explain.ts'
import { checkIndex } from './keyset.ts'
import { openDense } from './open-dense.ts'
import { checkScale } from './question.ts'
import type { ExplainOptions, ScaleInterval } from './types.ts'

/**
 * The factors on key j that leave key i not selectable; see `criticalScale` of the main entry.
 *
 * @param data at least n·d finite numbers, row-major; neither modified nor kept
 * @param n keys, >= 1
 * @param d dimension, >= 1
 * @param i index of the key asked about, 0 to n − 1
 * @param j index of the key that is scaled, 0 to n − 1, not i
 * @throws TypeError for a wrong kind of argument; RangeError for NaN or an infinity (naming row and column), a wrong size, an index
 * out of range, or i = j
 *
 * @example
 * ```ts
 * import { criticalScale } from 'selectability/kernels'
 *
 * criticalScale(Float64Array.of(1, 2, -1), 3, 1, 0, 1) // => { low: 0.5, high: Infinity }
 * ```
 */
export function criticalScale(data: Floats, n: number, d: number, i: number, j: number): ScaleInterval | null {
  const { keys } = openDense(data, n, d, {})
  return criticalScaleOf(keys, checkIndex(i, n), checkRival(j, i, n))
}

/**
 * The factors on key i itself that leave it not selectable; see `escapeScale` of the main entry.
 *
 * @throws as `criticalScale`
 *
 * @example
 * ```ts
 * import { escapeScale } from 'selectability/kernels'
 *
 * escapeScale(Float64Array.of(1, 2, -1), 3, 1, 0) // => { low: 0, high: 2 }
 * ```
 */
export function escapeScale(data: Floats, n: number, d: number, i: number): ScaleInterval | null {
  const { keys } = openDense(data, n, d, {})
  return escapeScaleOf(keys, checkIndex(i, n))
}

/**
 * A key's verdict in one sentence, with numbers; see `explain` of the main entry.
 *
 * @throws as `certify`, and RangeError when there is not one name a key
 *
 * @example
 * ```ts
 * import { explain } from 'selectability/kernels'
 *
 * explain(Float64Array.of(0, 2, 1), 3, 1, 2).startsWith('Key 2 is unselectable') // => true
 * ```
 */
export function explain(data: Floats, n: number, d: number, i: number, options: ExplainOptions = {}): string {
  const opened = openDense(data, n, d, options)
  return explainKey(opened, checkIndex(i, n), checkScale(options.scale, d), namingOf(options.names, n))
}

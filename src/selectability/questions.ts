/** What would change a key's verdict, for matrices. */
import type { MatrixLike } from '../matrix.ts'
import { checkRival, criticalScaleOf, escapeScaleOf } from './critical.ts'
import { explainKey, namingOf } from './explain.ts'
import { checkIndex } from './keyset.ts'
import { open } from './open.ts'
import { checkScale } from './question.ts'
import type { ExplainOptions, ScaleInterval } from './types.ts'

/**
 * The factors t >= 0 for which scaling key j to t·k_j leaves key i not selectable (tied or unselectable), at tolerance 0.
 *
 * They are a closed interval, `low` to `high`, which may be one factor, or never end: `high` is then Infinity. Both ends are exact, and
 * rounded once: a linear program in floating point proposes them, weights and multipliers in exact arithmetic prove them from either side.
 *
 * @param keys n × d, finite numbers
 * @param i index of the key asked about, 0 to n − 1
 * @param j index of the key that is scaled, 0 to n − 1, not i
 * @returns null when key i is selectable whatever the factor
 * @throws TypeError for a wrong kind of argument; RangeError for a wrong value or shape, an index out of range, or i = j
 *
 * Complexity: one decision, a few times d steps of O(n·d), and four exact solves in d unknowns; where two ends are nearer than rounding tells
 * apart, exact steps of O(n·d) instead.
 *
 * Source: duality of linear programming; J. D. Dixon, *Exact solution of linear equations using P-adic expansions*, 1982,
 * doi:10.1007/BF01459082.
 *
 * @example
 * ```ts
 * import { criticalScale } from 'selectability'
 *
 * const keys = [[1, 0], [0, 1], [-1, -1], [0.5, 0.25]]
 * criticalScale(keys, 3, 0) // => { low: 0.6666666666666666, high: Infinity }
 * criticalScale([[0, 0], [2, 0], [1, 1]], 2, 1) // => null
 * ```
 */
export function criticalScale(keys: MatrixLike, i: number, j: number): ScaleInterval | null {
  const opened = open(keys, {}).keys
  return criticalScaleOf(opened, checkIndex(i, opened.n), checkRival(j, i, opened.n))
}

/**
 * The factors t >= 0 for which scaling key i itself to t·k_i leaves it not selectable, at tolerance 0: a closed interval, or null.
 * Beyond `high`, which is Infinity only where k_i is 0, it escapes from the hull of the others.
 *
 * @param keys n × d, finite numbers
 * @param i index of the key, 0 to n − 1
 * @returns null when it is selectable whatever the factor, as a single key is
 * @throws TypeError for a wrong kind of argument; RangeError for a wrong value or shape, or an index out of range
 *
 * Complexity: as `criticalScale`, in d + 1 unknowns.
 *
 * @example
 * ```ts
 * import { escapeScale } from 'selectability'
 *
 * escapeScale([[2, 0], [0, 2], [-1, -1], [0.5, 0.5]], 3) // => { low: 0, high: 2 }
 * escapeScale([[1, 0], [0, 1], [1, 2]], 2) // => { low: 0.3333333333333333, high: 0.3333333333333333 }
 * ```
 */
export function escapeScale(keys: MatrixLike, i: number): ScaleInterval | null {
  const opened = open(keys, {}).keys
  return escapeScaleOf(opened, checkIndex(i, opened.n))
}

/**
 * A key's verdict in one sentence, with numbers: the keys that overshadow it and their weights, the most attention it can ever get, and the
 * factors, on itself and on the heaviest of them, at which that changes; or the query that selects it, its margin over the runner-up, and
 * the least query norms that give it weights 0.5, 0.9 and 0.99.
 *
 * Numbers are rounded to three digits, or to as many as are certain. The factors are those at tolerance 0; they are left out where they
 * would take an exact search in many dimensions.
 *
 * @param keys n × d, finite numbers
 * @param i index of the key, 0 to n − 1
 * @throws as `certify` and `attainableWeight`; RangeError when there is not one name a key
 *
 * Complexity: that of `certify`, `margin`, `attainableWeight` and `criticalScale` together.
 *
 * @example
 * ```ts
 * import { explain } from 'selectability'
 *
 * const keys = [[2, 0], [0, 2], [-1, -1], [0.5, 0.25]]
 * const sentence = explain(keys, 3)
 * sentence.startsWith('Key 3 is unselectable: it lies inside the hull of the others, at 0.406 of key 0, 0.313 of key 2') // => true
 * sentence.endsWith('is 0.252, until it is scaled by more than 2.67, or key 0 is scaled by less than 0.286.') // => true
 * explain(keys, 1).includes('the query (-0.275, 0.962) scores it 1.82 above key 3, the runner-up') // => true
 * ```
 */
export function explain(keys: MatrixLike, i: number, options: ExplainOptions = {}): string {
  const opened = open(keys, options)
  const { n, d } = opened.keys
  return explainKey(opened, checkIndex(i, n), checkScale(options.scale, d), namingOf(options.names, n))
}

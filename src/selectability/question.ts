/** The options of a question about attention weights, checked. */
import { describe } from '../arguments.ts'
import type { Question } from './attainable/index.ts'
import type { KeySet, OpenKeys } from './keyset.ts'
import type { AttainableOptions } from './types.ts'

/** What is asked of a key set. */
export function questionOf(
  { keys, tolerance }: OpenKeys,
  { maxNorm, scale }: AttainableOptions,
): { keys: KeySet; asked: Question } {
  return { keys, asked: { maxNorm: checkMaxNorm(maxNorm), scale: checkScale(scale, keys.d), tolerance } }
}

/** The largest norm that a query may have. */
function checkMaxNorm(maxNorm: unknown): number {
  if (maxNorm === undefined) return Infinity
  if (typeof maxNorm !== 'number') throw new TypeError(`maxNorm: expected a number, got ${describe(maxNorm)}`)
  if (!(maxNorm >= 0)) throw new RangeError(`maxNorm: expected a number >= 0, got ${maxNorm}`)
  return maxNorm
}

/** What multiplies scores: 1/√d unless given. */
export function checkScale(scale: unknown, d: number): number {
  if (scale === undefined) return 1 / Math.sqrt(d)
  if (typeof scale !== 'number') throw new TypeError(`scale: expected a number, got ${describe(scale)}`)
  if (!Number.isFinite(scale)) throw new RangeError(`scale: expected a finite number, got ${scale}`)
  return scale
}

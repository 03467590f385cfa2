/** All theorems in one call, on random instances and on a user's own keys. */
import { project, scores, verify } from '../index.ts'
import type { MatrixLike } from '../index.ts'
import { checkFastCheck, checkInteger, checkOptions } from './check.ts'
import { largest, rowsOf } from './rounding.ts'
import { theorems } from './theorems.ts'
import type { FastCheck, Rows } from './types.ts'

/** Options of `assertTheorems`. */
export interface AssertTheoremsOptions {
  /** n × d keys of the user's own, on which the theorems are checked too; finite numbers. */
  readonly keys?: MatrixLike | undefined
  /** Random instances of each theorem, an integer >= 1; 100 unless given. */
  readonly numRuns?: number | undefined
  /** Seed of the random instances, an integer; a new one each time unless given, named when a theorem fails. */
  readonly seed?: number | undefined
}

/** The keys as rows, times the power of two that brings them near 1: no theorem depends on the unit. */
function readKeys(keys: MatrixLike): Rows {
  // Opened as `verify` opens keys, an error names the row and column; the certificate of nothing is merely not valid.
  verify(keys, {
    verdict: 'unselectable',
    key: 0,
    support: new Uint32Array(),
    weights: new Float64Array(),
    distance: 0,
  })
  const [, d] = project(keys).shape
  const identity = Array.from({ length: d }, (_, r) => Array.from({ length: d }, (_, c) => (r === c ? 1 : 0)))
  const rows = rowsOf(scores(keys, identity, { scale: 1 }))
  const size = Math.max(...rows.map(largest))
  if (size === 0) return rows
  // In two steps, since the inverse of a subnormal size would overflow.
  const half = 2 ** Math.floor(-Math.log2(size) / 2)
  return rows.map((row) => row.map((x) => x * half * half))
}

/**
 * Checks every theorem on random instances and, given keys, on the instances that those make.
 *
 * Theorems speak of the keys that satisfy their hypotheses: those on one sphere of the keys that stay distinct after
 * normalising, those on hulls of the keys that are inside one. What takes a proof a key is asked of at most 32 of them.
 *
 * @param fc the fast-check module, version 4: `import fc from 'fast-check'`
 * @param options `keys`, `numRuns` (100 unless given), `seed`
 * @throws TypeError when fast-check is missing or an option is of the wrong kind; RangeError for a wrong value, NaN or an
 * infinity in the keys (naming row and column); Error, naming theorem, instance and seed, when a theorem fails
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { assertTheorems, randomKeys } from 'selectability/testing'
 *
 * const keys = randomKeys({ n: 12, d: 4, distribution: 'heavy', seed: 'my model' })
 * assertTheorems(fc, { keys, numRuns: 5, seed: 1 })
 * ```
 */
export function assertTheorems(fc: FastCheck, options: AssertTheoremsOptions = {}): void {
  checkFastCheck(fc)
  checkOptions(options)
  const { keys, numRuns = 100, seed } = options
  checkInteger('numRuns', numRuns, 1)
  if (seed !== undefined) checkInteger('seed', seed, -Infinity)
  const rows = keys === undefined ? null : readKeys(keys)
  for (const theorem of theorems) {
    const property = fc.property(theorem.arbitrary(fc), (instance) => theorem.check(instance))
    named(`theorem ${theorem.id}`, () => fc.assert(property, seed === undefined ? { numRuns } : { numRuns, seed }))
    if (rows === null) continue
    named(`theorem ${theorem.id}, on the given keys`, () => theorem.about(rows).forEach((x) => theorem.check(x)))
  }
}

function named(what: string, run: () => void): void {
  try {
    run()
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

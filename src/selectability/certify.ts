/** One key of a set, without deciding the others. */
import { solveBiased } from './biased.ts'
import { exactSolver } from './exactly.ts'
import { checkIndex } from './keyset.ts'
import type { KeySet, OpenKeys } from './keyset.ts'
import { prepare } from './prepare.ts'
import { toCertificate } from './proof.ts'
import type { Proof } from './proof.ts'
import { certifyCopy, proveEqual, proveSingle } from './report.ts'
import { createSearches } from './search.ts'
import { solveAlone } from './solve.ts'
import type { Certificate } from './types.ts'

/** Proves one key of a set. */
export function certifyKey({ keys, tolerance }: OpenKeys, index: number): Certificate {
  const i = checkIndex(index, keys.n)
  return toCertificate(keys, i, proveOne(keys, i, tolerance), tolerance)
}

function proveOne(keys: KeySet, i: number, tolerance: number): Proof {
  if (keys.n === 1) return proveSingle(keys)
  const prepared = prepare(keys)
  if (prepared.count === 1) return proveEqual(keys, i)
  if (keys.bias !== null) {
    return solveBiased(createSearches(prepared, tolerance, false).narrow, i, tolerance, exactSolver(keys))
  }
  return certifyCopy(prepared, i, solveAlone(prepared, i, tolerance))
}

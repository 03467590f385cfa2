/**
 * A whole key set: the Gram pass decides most keys, a walk to the nearest hull point most of the others, exact arithmetic the rest.
 */
import { solveBiased } from './biased.ts'
import { exactSolver } from './exactly.ts'
import { createBench } from './job.ts'
import { checkIndex } from './keyset.ts'
import type { KeySet, OpenKeys } from './keyset.ts'
import { planFor } from './plan.ts'
import { prepare } from './prepare.ts'
import type { Prepared } from './prepare.ts'
import { createReporter } from './progress.ts'
import type { Reporter } from './progress.ts'
import { toCertificate } from './proof.ts'
import type { Proof } from './proof.ts'
import { certifyCopy, keepsProofs, proveEqual, proveSingle, provenAtOnce, readFindings, reportOf } from './report.ts'
import type { Proven } from './report.ts'
import { runHere } from './rounds.ts'
import { createSearches } from './search.ts'
import { solveAlone } from './solve.ts'
import type { Certificate, Report, SelectabilityOptions } from './types.ts'

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

/** Decides every key; complexity O(n²·d) for the Gram pass, and per remaining key the walk's O(steps·n·d). */
export function checkKeys({ keys, tolerance }: OpenKeys, options: SelectabilityOptions): Report {
  const keep = keepsProofs(options)
  const reporter = createReporter(keys.n, 0, options.onProgress)
  const proven = provenAtOnce(keys, null) ?? proveSet(prepare(keys), tolerance, keep, reporter)
  reporter.finish()
  return reportOf(keys, tolerance, proven, keep)
}

function proveSet(prepared: Prepared, tolerance: number, keep: boolean, reporter: Reporter): Proven {
  const equal = provenAtOnce(prepared.keys, prepared.count)
  if (equal !== null) return equal
  const { rounds, findings } = planFor(prepared)
  const bench = createBench(prepared, tolerance, keep)
  runHere(rounds, bench, reporter)
  bench.close()
  return readFindings(prepared, findings)
}

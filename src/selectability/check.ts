/**
 * A whole key set: the Gram pass decides most keys, a walk to the nearest hull point most of the others, exact arithmetic the rest.
 */
import { checkProgress } from '../arguments.ts'
import { createBench } from './job.ts'
import type { OpenKeys } from './keyset.ts'
import { wantsMargins, withMargins } from './margins.ts'
import { planFor } from './plan.ts'
import { prepare } from './prepare.ts'
import type { Prepared } from './prepare.ts'
import { proveSmall } from './small.ts'
import { createReporter } from './progress.ts'
import type { Reporter } from './progress.ts'
import { keepsProofs, provenAtOnce, readFindings, reportOf } from './report.ts'
import type { Proven } from './report.ts'
import { runHere } from './rounds.ts'
import type { Report, SelectabilityOptions } from './types.ts'

/** Decides every key; complexity O(n²·d) for the Gram pass, and per remaining key the walk's O(steps·n·d). */
export function checkKeys({ keys, tolerance }: OpenKeys, options: SelectabilityOptions): Report {
  const keep = keepsProofs(options)
  checkProgress(options.onProgress)
  const margins = wantsMargins(options, keys)
  // Progress is that of the rounds of a plan.
  const proveQuietly = (): Proven | null =>
    options.onProgress === undefined ? proveSmall(keys, tolerance, keep) : null
  const reporter = createReporter(keys.n, 0, options.onProgress)
  const proven = provenAtOnce(keys, null) ?? proveQuietly() ?? proveSet(prepare(keys), tolerance, keep, reporter)
  reporter.finish()
  const report = reportOf(keys, tolerance, proven, keep)
  return margins ? withMargins(report, keys, options.onProgress) : report
}

function proveSet(prepared: Prepared, tolerance: number, keep: boolean, reporter: Reporter): Proven {
  const equal = provenAtOnce(prepared.keys, prepared.count)
  if (equal !== null) return equal
  const plan = planFor(prepared, null)
  const bench = createBench(prepared, tolerance, keep)
  runHere(plan.rounds, bench, reporter)
  bench.close()
  return readFindings(prepared, plan)
}

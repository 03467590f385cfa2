/** A whole key set off the calling thread: the same plan as `check.ts`, carried out by workers. */
import { checkProgress } from '../arguments.ts'
import { createBench } from './job.ts'
import type { Job, Outcome } from './job.ts'
import type { OpenKeys } from './keyset.ts'
import { wantsMargins, withMarginsAsync } from './margins.ts'
import { planFor } from './plan.ts'
import type { Plan } from './plan.ts'
import type { News } from './search.ts'
import { prepare } from './prepare.ts'
import type { Frame } from './prepare.ts'
import { createReporter } from './progress.ts'
import type { Reporter } from './progress.ts'
import { keepsProofs, provenAtOnce, readFindings, reportOf } from './report.ts'
import type { Proven } from './report.ts'
import { runOnStaff, runWithPauses } from './rounds.ts'
import { blockRows } from './shard.ts'
import { checkSignal, checkThreads, mayRest } from './threads.ts'
import type { AsyncOptions, PartOptions, Report, Shard, Signal } from './types.ts'
import type { CheckSetup, PreparedElsewhere } from './workers/check.ts'
import { code } from './workers/code.ts'
import { breathe } from './workers/platform.ts'
import { withStaff } from './workers/staff.ts'
import type { Staff } from './workers/staff.ts'

/** A check that goes on. */
export interface Pursuit {
  /** What was found, once it is all; rejected with the signal's reason, or with what went wrong. */
  readonly done: Promise<Proven>
  /** What has been found so far; null before it is known what is to be found. */
  readonly found: () => Proven | null
}

/** Decides the keys of a shard, or all, off the calling thread where the environment allows. */
export function pursue(
  { keys, tolerance }: OpenKeys,
  options: Pick<PartOptions, 'certificates' | 'threads' | 'onProgress'>,
  shard: Shard | null,
  signal: Signal | undefined,
): Pursuit {
  const keep = keepsProofs(options)
  checkProgress(options.onProgress)
  const threads = Math.min(checkThreads(options.threads), Math.ceil(keys.n / blockRows))
  let found: Proven | null = null
  const settleAtOnce = (atOnce: Proven, hands: number): Proven => {
    found = shard === null || shard.index === 1 ? atOnce : { ...atOnce, total: 0, settled: () => false }
    createReporter(found.total, hands, options.onProgress).finish()
    return found
  }
  /** Carries out the plan for keys that are prepared, unless they are settled with that. */
  const proceed = async (
    frame: Frame,
    hands: number,
    carryOut: (rounds: Plan['rounds'], reporter: Reporter) => Promise<void>,
  ): Promise<Proven> => {
    const atOnce = provenAtOnce(frame.keys, frame.count)
    if (atOnce !== null) return settleAtOnce(atOnce, hands)
    const plan = planFor(frame, shard)
    const proven = readFindings(frame, plan)
    found = proven
    const reporter = createReporter(proven.total, hands, options.onProgress)
    await carryOut(plan.rounds, reporter)
    reporter.finish()
    return proven
  }
  const proveThere = async (staff: Staff<CheckSetup, PreparedElsewhere, Job, Outcome, News>): Promise<Proven> => {
    const [first, ...others] = staff
    const setup = { keys, tolerance, keep, prepared: null }
    const prepared = await first.open(setup)
    return proceed({ ...prepared, keys }, threads, async (rounds, reporter) => {
      await Promise.all(others.map((worker) => worker.open({ ...setup, prepared })))
      await runOnStaff(rounds, staff, reporter)
    })
  }
  /** Where no worker may start: on this thread, in steps between which it is free. */
  const proveHere = async (): Promise<Proven> => {
    await breathe()
    const prepared = prepare(keys)
    return proceed(prepared, 0, async (rounds, reporter) => {
      const bench = createBench(prepared, tolerance, keep)
      await runWithPauses(rounds, bench, reporter, signal)
      bench.close()
    })
  }
  const prove = async (): Promise<Proven> => {
    if (signal?.aborted === true) throw signal.reason
    const alone = provenAtOnce(keys, null)
    if (alone !== null) return settleAtOnce(alone, threads)
    return (await withStaff(code, 'check', threads, mayRest(keys), signal, proveThere)) ?? (await proveHere())
  }
  return { done: prove(), found: () => found }
}

/** Decides every key. */
export async function checkKeysAsync(open: OpenKeys, options: AsyncOptions): Promise<Report> {
  const margins = wantsMargins(options, open.keys)
  checkSignal('signal', options.signal)
  const proven = await pursue(open, options, null, options.signal).done
  const report = reportOf(open.keys, open.tolerance, proven, keepsProofs(options))
  return margins ? withMarginsAsync(report, open.keys, options) : report
}

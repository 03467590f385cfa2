/** A whole key set off the calling thread: the same plan as `check.ts`, carried out by workers. */
import { createBench } from './job.ts'
import type { Job, Outcome } from './job.ts'
import type { KeySet, OpenKeys } from './keyset.ts'
import { wantsMargins, withMargins } from './margins.ts'
import { planFor } from './plan.ts'
import type { Plan } from './plan.ts'
import type { Moves } from './pool.ts'
import { prepare } from './prepare.ts'
import type { Frame } from './prepare.ts'
import { createReporter } from './progress.ts'
import type { Reporter } from './progress.ts'
import { keepsProofs, provenAtOnce, readFindings, reportOf } from './report.ts'
import type { Proven } from './report.ts'
import { runOnStaff, runWithPauses } from './rounds.ts'
import { blockRows } from './shard.ts'
import { checkSignal, checkThreads, mayRest, share } from './threads.ts'
import type { AsyncOptions, PartOptions, Report, Shard, Signal } from './types.ts'
import type { CheckSetup, PreparedElsewhere } from './workers/check.ts'
import { code } from './workers/code.ts'
import { breathe } from './workers/platform.ts'
import { withStaff } from './workers/staff.ts'
import type { Staff } from './workers/staff.ts'

/** A check that goes on. */
export interface Pursuit {
  /** Settled once all keys are; rejected with the signal's reason, or with what went wrong. */
  readonly done: Promise<void>
  /** What has been found so far; null before it is known what is to be found. */
  readonly found: () => Proven | null
}

/** Decides the keys of a shard, or all, off the calling thread where the environment allows. */
export function pursue(
  open: OpenKeys,
  options: Pick<PartOptions, 'certificates' | 'threads' | 'onProgress'>,
  shard: Shard | null,
  signal: Signal | undefined,
): Pursuit {
  const keep = keepsProofs(options)
  const threads = Math.min(checkThreads(options.threads), Math.ceil(open.keys.n / blockRows))
  let found: () => Proven | null = () => null
  /** Makes the plan for keys that are prepared, unless they are settled with that. */
  const begin = (frame: Frame, hands: number): { plan: Plan; reporter: Reporter } | null => {
    const atOnce = provenAtOnce(frame.keys, frame.count)
    const plan = planFor(frame, shard)
    const proven = atOnce === null ? readFindings(frame, plan) : restrict(atOnce, shard)
    found = () => proven
    const reporter = createReporter(proven.total, hands, options.onProgress)
    if (atOnce === null) return { plan, reporter }
    reporter.finish()
    return null
  }
  const runThere = async (
    keys: KeySet,
    staff: Staff<CheckSetup, PreparedElsewhere, Job, Outcome, Moves>,
  ): Promise<true> => {
    const [first, ...others] = staff
    const setup = { keys, tolerance: open.tolerance, keep, prepared: null }
    const prepared = await first.open(setup)
    const begun = begin({ ...prepared, keys }, threads)
    if (begun === null) return true
    await Promise.all(others.map((worker) => worker.open({ ...setup, prepared })))
    await runOnStaff(begun.plan.rounds, staff, begun.reporter)
    begun.reporter.finish()
    return true
  }
  /** Where no worker may start: on this thread, in steps between which it is free. */
  const runHere = async (keys: KeySet): Promise<void> => {
    await breathe()
    const prepared = prepare(keys)
    const begun = begin(prepared, 0)
    if (begun === null) return
    const bench = createBench(prepared, open.tolerance, keep)
    await runWithPauses(begun.plan.rounds, bench, begun.reporter, signal)
    bench.close()
    begun.reporter.finish()
  }
  const run = async (): Promise<void> => {
    if (signal?.aborted === true) throw signal.reason
    const alone = provenAtOnce(open.keys, null)
    if (alone !== null) {
      const proven = restrict(alone, shard)
      found = () => proven
      createReporter(proven.total, threads, options.onProgress).finish()
      return
    }
    const keys = share(open.keys)
    const ran = await withStaff(
      code,
      'check',
      threads,
      mayRest(keys),
      signal,
      (staff: Parameters<typeof runThere>[1]) => runThere(keys, staff),
    )
    if (ran === null) await runHere(keys)
  }
  return { done: run(), found: () => found() }
}

/** What needs no plan is all in the first shard. */
function restrict(proven: Proven, shard: Shard | null): Proven {
  return shard === null || shard.index === 1 ? proven : { ...proven, total: 0, settled: () => false }
}

/** Decides every key. */
export async function checkKeysAsync(open: OpenKeys, options: AsyncOptions): Promise<Report> {
  const { keys, tolerance } = open
  const margins = wantsMargins(options, keys)
  checkSignal('signal', options.signal)
  const { done, found } = pursue(open, options, null, options.signal)
  await done
  const proven = found()
  if (proven === null) throw new TypeError('check: expected to have found something')
  const report = reportOf(keys, tolerance, proven, keepsProofs(options))
  return margins ? withMargins(report, keys) : report
}

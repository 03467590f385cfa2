/** A whole key set off the calling thread: the same plan as `check.ts`, carried out by workers. */
import { wantsMargins, withMargins } from './margins.ts'
import { createBench } from './job.ts'
import type { Job, Outcome } from './job.ts'
import type { KeySet, OpenKeys } from './keyset.ts'
import { blockRows, planFor } from './plan.ts'
import type { Moves } from './pool.ts'
import { prepare } from './prepare.ts'
import type { Frame } from './prepare.ts'
import { createReporter } from './progress.ts'
import { keepsProofs, provenAtOnce, readFindings, reportOf } from './report.ts'
import type { Proven } from './report.ts'
import { runOnStaff, runWithPauses } from './rounds.ts'
import type { AsyncOptions, Report } from './types.ts'
import type { CheckSetup, PreparedElsewhere } from './workers/check.ts'
import { code } from './workers/code.ts'
import { availableThreads, breathe, sharedNumbers } from './workers/platform.ts'
import { withStaff } from './workers/staff.ts'
import type { Staff } from './workers/staff.ts'

/** `threads` as it was asked for, or one a core. */
function checkThreads(threads: unknown): number {
  if (threads === undefined) return availableThreads()
  if (typeof threads !== 'number') throw new TypeError(`threads: expected an integer >= 1, got ${typeof threads}`)
  if (!(Number.isSafeInteger(threads) && threads >= 1)) {
    throw new RangeError(`threads: expected an integer >= 1, got ${threads}`)
  }
  return threads
}

function checkSignal({ signal }: AsyncOptions): void {
  if (signal === undefined || typeof (signal as { aborted?: unknown } | null)?.aborted === 'boolean') return
  throw new TypeError(`signal: expected an AbortSignal, got ${signal === null ? 'null' : typeof signal}`)
}

/** Keys in memory that all threads see, where there is such memory. */
function share({ data, ...keys }: KeySet): KeySet {
  const shared = sharedNumbers(data.length)
  shared?.set(data)
  return { data: shared ?? data, ...keys }
}

/** Decides every key, off the calling thread where the environment allows. */
export async function checkKeysAsync(open: OpenKeys, options: AsyncOptions): Promise<Report> {
  const { tolerance } = open
  const keep = keepsProofs(options)
  const margins = wantsMargins(options, open.keys)
  const { signal } = options
  const threads = Math.min(checkThreads(options.threads), Math.ceil(open.keys.n / blockRows))
  checkSignal(options)
  if (signal?.aborted === true) throw signal.reason
  let reporter = createReporter(open.keys.n, threads, options.onProgress)
  const keys = share(open.keys)
  const prove = async (staff: Staff<CheckSetup, PreparedElsewhere, Job, Outcome, Moves>): Promise<Proven> => {
    const [first, ...others] = staff
    const setup = { keys, tolerance, keep, prepared: null }
    const prepared = await first.open(setup)
    const equal = provenAtOnce(keys, prepared.count)
    if (equal !== null) return equal
    await Promise.all(others.map((worker) => worker.open({ ...setup, prepared })))
    const frame: Frame = { ...prepared, keys }
    const { rounds, findings } = planFor(frame)
    await runOnStaff(rounds, staff, reporter)
    return readFindings(frame, findings)
  }
  /** Where no worker may start: on this thread, in steps between which it is free. */
  const proveHere = async (): Promise<Proven> => {
    reporter = createReporter(keys.n, 0, options.onProgress)
    await breathe()
    const prepared = prepare(keys)
    const equal = provenAtOnce(keys, prepared.count)
    if (equal !== null) return equal
    const { rounds, findings } = planFor(prepared)
    const bench = createBench(prepared, tolerance, keep)
    await runWithPauses(rounds, bench, reporter, signal)
    bench.close()
    return readFindings(prepared, findings)
  }
  const proven =
    provenAtOnce(keys, null) ?? (await withStaff(code, 'check', threads, signal, prove)) ?? (await proveHere())
  reporter.finish()
  const report = reportOf(keys, tolerance, proven, keep)
  return margins ? withMargins(report, keys) : report
}

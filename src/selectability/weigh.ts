/** The attainable weights of a whole set: here, or by workers. */
import { checkProgress } from '../arguments.ts'
import type { Question } from './attainable/index.ts'
import type { KeySet } from './keyset.ts'
import { createReporter } from './progress.ts'
import { runHere, runOnStaff, runWithPauses } from './rounds.ts'
import type { Round } from './rounds.ts'
import { checkSignal, checkThreads, mayRest, share } from './threads.ts'
import type { AttainableAsyncOptions } from './types.ts'
import { code } from './workers/code.ts'
import { breathe } from './workers/platform.ts'
import { withStaff } from './workers/staff.ts'
import type { Staff } from './workers/staff.ts'
import { openWeigh } from './workers/weigh.ts'
import type { WeighJob, WeighSetup } from './workers/weigh.ts'

/** Keys of a job: some ten milliseconds each at n = 1024, d = 64, so that many threads end together. */
const blockKeys = 8

type WeighRound = Round<WeighJob, Float64Array, never>

/** One round of blocks, which leaves the weights in `out`. */
function* plan(out: Float64Array): Generator<WeighRound, void> {
  const starts = Array.from({ length: Math.ceil(out.length / blockKeys) }, (_, at) => at * blockKeys)
  const jobs = starts.map((from) => ({ from, to: Math.min(out.length, from + blockKeys) }))
  yield {
    phase: 'weigh',
    before: 0,
    shares: jobs.map(({ from, to }) => to - from),
    news: null,
    jobs,
    take: (at, weights) => out.set(weights, jobs[at].from),
  }
}

/** All weights, on the calling thread. */
export function weighKeys(keys: KeySet, asked: Question): Float64Array {
  const out = new Float64Array(keys.n)
  runHere(plan(out), openWeigh({ keys, asked }), createReporter(keys.n, 0))
  return out
}

/** All weights, off the calling thread where the environment allows. */
export async function weighKeysAsync(
  { keys: own, asked }: { readonly keys: KeySet; readonly asked: Question },
  { threads, signal, onProgress }: AttainableAsyncOptions,
): Promise<Float64Array> {
  const hands = Math.min(checkThreads(threads), Math.ceil(own.n / blockKeys))
  checkSignal('signal', signal)
  checkProgress(onProgress)
  const keys = share(own)
  const out = new Float64Array(keys.n)
  const setup = { keys, asked }
  let reporter = createReporter(keys.n, hands, onProgress)
  const weigh = async (staff: Staff<WeighSetup, null, WeighJob, Float64Array, never>): Promise<true> => {
    await Promise.all(staff.map((worker) => worker.open(setup)))
    await runOnStaff(plan(out), staff, reporter)
    return true
  }
  if ((await withStaff(code, 'weigh', hands, mayRest(keys), signal, weigh)) === null) {
    reporter = createReporter(keys.n, 0, onProgress)
    await breathe()
    await runWithPauses(plan(out), openWeigh(setup), reporter, signal)
  }
  reporter.finish()
  return out
}

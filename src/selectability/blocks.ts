/** One number for each of many keys that need not know of one another: blocks of them in one round of jobs, here or by workers. */
import { checkProgress } from '../arguments.ts'
import { createReporter } from './progress.ts'
import { runHere, runOnStaff, runWithPauses } from './rounds.ts'
import type { Round } from './rounds.ts'
import { checkSignal, checkThreads, mayRest } from './threads.ts'
import type { KeySet } from './keyset.ts'
import type { AsyncOptions, Progress } from './types.ts'
import { code } from './workers/code.ts'
import { breathe } from './workers/platform.ts'
import { withStaff } from './workers/staff.ts'
import type { Staff } from './workers/staff.ts'
import type { Block, BlockTask, TaskName } from './workers/task.ts'

/** What is asked of every key, by the name under which workers know it. */
export interface Blocks<Setup> {
  readonly task: TaskName
  readonly phase: Progress['phase']
  readonly open: (setup: Setup) => BlockTask
  /** Keys of a job, so that many threads end together. */
  readonly size: number
}

/** One round of blocks, which leaves the numbers in `out`. */
function* plan({ phase, size }: Blocks<never>, out: Float64Array): Generator<Round<Block, Float64Array, never>, void> {
  const starts = Array.from({ length: Math.ceil(out.length / size) }, (_, at) => at * size)
  const jobs = starts.map((from) => ({ from, to: Math.min(out.length, from + size) }))
  yield {
    phase,
    before: 0,
    shares: jobs.map(({ from, to }) => to - from),
    news: null,
    jobs,
    take: (at, numbers) => out.set(numbers, jobs[at].from),
  }
}

/** The numbers of `count` keys, on the calling thread. */
export function fillHere<Setup>(
  blocks: Blocks<Setup>,
  setup: Setup,
  count: number,
  onProgress?: (progress: Progress) => void,
): Float64Array {
  const out = new Float64Array(count)
  const reporter = createReporter(count, 0, onProgress)
  const task = blocks.open(setup)
  runHere(plan(blocks, out), task, reporter)
  task.close()
  reporter.finish()
  return out
}

/** The numbers of `count` keys, off the calling thread where the environment allows. */
export async function fillAsync<Setup extends { readonly keys: KeySet }>(
  blocks: Blocks<Setup>,
  setup: Setup,
  count: number,
  { threads, signal, onProgress }: AsyncOptions,
): Promise<Float64Array> {
  const hands = Math.min(checkThreads(threads), Math.ceil(count / blocks.size))
  checkSignal('signal', signal)
  checkProgress(onProgress)
  const out = new Float64Array(count)
  let reporter = createReporter(count, hands, onProgress)
  const fill = async (staff: Staff<Setup, null, Block, Float64Array, never>): Promise<true> => {
    await Promise.all(staff.map((worker) => worker.open(setup)))
    await runOnStaff(plan(blocks, out), staff, reporter)
    return true
  }
  if ((await withStaff(code, blocks.task, hands, mayRest(setup.keys), signal, fill)) === null) {
    reporter = createReporter(count, 0, onProgress)
    await breathe()
    const task = blocks.open(setup)
    await runWithPauses(plan(blocks, out), task, reporter, signal)
    task.close()
  }
  reporter.finish()
  return out
}

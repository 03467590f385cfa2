/**
 * A plan as rounds of pure jobs, and the ways to carry it out: here and now, here with pauses, or by workers. What is found does
 * not depend on the way.
 */
import type { Reporter } from './progress.ts'
import type { Progress, Signal } from './types.ts'
import { breathe } from './workers/platform.ts'
import type { Hand } from './workers/task.ts'
import type { Staff } from './workers/staff.ts'

/** Jobs that may run in any order; `take` has the outcome of each as soon as it is there. */
export interface Round<Job, Outcome, News> {
  readonly phase: Progress['phase']
  /** Keys that this phase had done before the round, and how many each job does; parts of keys in the Gram pass. */
  readonly before: number
  readonly shares: readonly number[]
  /** What every job of this round and of those after it knows. */
  readonly news: News | null
  readonly jobs: readonly Job[]
  readonly take: (at: number, outcome: Outcome) => void
}

function* steps<Job, Outcome, News>(
  rounds: Iterable<Round<Job, Outcome, News>>,
  { hear, run }: Hand<Job, Outcome, News>,
  reporter: Reporter,
): Generator<void, void> {
  for (const { phase, before, shares, news, jobs, take } of rounds) {
    reporter.round(phase, before)
    if (news !== null) hear(news)
    for (let at = 0; at < jobs.length; at++) {
      take(at, run(jobs[at]))
      reporter.advance(shares[at])
      yield
    }
  }
}

/** Runs all jobs on the calling thread. */
export function runHere<Job, Outcome, News>(
  rounds: Iterable<Round<Job, Outcome, News>>,
  hand: Hand<Job, Outcome, News>,
  reporter: Reporter,
): void {
  let next: IteratorResult<void, void>
  const all = steps(rounds, hand, reporter)
  do next = all.next()
  while (next.done !== true)
}

/** Runs all jobs on the calling thread, which is free for others after each. */
export async function runWithPauses<Job, Outcome, News>(
  rounds: Iterable<Round<Job, Outcome, News>>,
  hand: Hand<Job, Outcome, News>,
  reporter: Reporter,
  signal: Signal | undefined,
): Promise<void> {
  const all = steps(rounds, hand, reporter)
  do {
    await breathe()
    if (signal?.aborted === true) throw signal.reason
  } while (all.next().done !== true)
}

/**
 * Lets workers run all jobs, each taking the next as soon as it is free; all hear the news before a round begins. While there is more than one
 * job left for each, a worker has its next before it has done the last, and need not wait for it.
 */
export async function runOnStaff<Setup, Ready, Job, Outcome, News>(
  rounds: Iterable<Round<Job, Outcome, News>>,
  staff: Staff<Setup, Ready, Job, Outcome, News>,
  reporter: Reporter,
): Promise<void> {
  for (const { phase, before, shares, news, jobs, take } of rounds) {
    reporter.round(phase, before)
    let next = 0
    // Of failures the first in the order of jobs counts, whoever met it first; all jobs before it have been begun.
    let failedAt = Infinity
    let failure: unknown = null
    const workOff = async (worker: Staff<Setup, Ready, Job, Outcome, News>[number], spare: number): Promise<void> => {
      while (next < jobs.length - spare && failedAt === Infinity) {
        const at = next++
        try {
          take(at, await worker.run(jobs[at]))
        } catch (error) {
          if (at < failedAt) {
            failedAt = at
            failure = error
          }
          return
        }
        reporter.advance(shares[at])
      }
    }
    if (news !== null) for (const worker of staff) worker.hear(news)
    await Promise.all([0, staff.length].flatMap((spare) => staff.map((worker) => workOff(worker, spare))))
    if (failedAt < Infinity) throw failure
  }
}

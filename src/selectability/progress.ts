/** Progress as it is reported: at most ten times a second, and always at the end. */
import type { Progress } from './types.ts'

/** Milliseconds between two reports: eight a second, so that with the last one there are never more than ten. */
const interval = 125

/** Counts jobs as they are done, and reports now and then. */
export interface Reporter {
  /** A round of jobs begins; see `Round` in plan.ts. */
  readonly round: (phase: Progress['phase'], before: number) => void
  /** A job of so many keys is done. */
  readonly advance: (share: number) => void
  readonly finish: () => void
}

/** @param threads workers, 0 for the calling thread. */
export function createReporter(
  total: number,
  threads: number,
  onProgress: (progress: Progress) => void = () => undefined,
): Reporter {
  let phase: Progress['phase'] = 'gram'
  let done = 0
  let last = Date.now()
  return {
    round: (next, before) => {
      phase = next
      done = before
    },
    advance: (share) => {
      done += share
      const now = Date.now()
      if (now - last < interval) return
      last = now
      onProgress({ phase, done: Math.min(total, Math.floor(done)), total, threads })
    },
    finish: () => onProgress({ phase, done: total, total, threads }),
  }
}

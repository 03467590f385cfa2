/** A task as it is carried out: all that goes in and comes out can be cloned from thread to thread. */

/** What workers can be asked to do. */
export type TaskName = 'check' | 'weigh' | 'measure'

/** One who runs jobs, one after another. */
export interface Hand<Job, Outcome, News> {
  /** What others have found: the jobs to come know it. */
  readonly hear: (news: News) => void
  readonly run: (job: Job) => Outcome
}

/** A task in a worker. */
export interface OpenTask<Ready, Job, Outcome, News> extends Hand<Job, Outcome, News> {
  /** What the caller is told once the task is open. */
  readonly ready: Ready
  /** Gives back what the next task can use again; no job may follow. */
  readonly close: () => void
}

/** Places `[from, to)` among keys that need not know of one another. */
export interface Block {
  readonly from: number
  readonly to: number
}

/** A task that has one number for each key of a block. */
export type BlockTask = OpenTask<null, Block, Float64Array, never>

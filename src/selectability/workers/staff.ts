/** Workers on one task: hired, given orders, and let go when it is done; however else it ends, every one is ended. */
import { backendState } from '../../kernels/backend.ts'
import type { Signal } from '../types.ts'
import { endResting, hire } from './crew.ts'
import type { Member, Stop } from './crew.ts'
import type { TaskName } from './task.ts'

/** A worker, which answers its orders one after another. */
export interface Worker<Setup, Ready, Job, Outcome, News> {
  open(setup: Setup): Promise<Ready>
  /** Needs no answer: what comes later knows of it. */
  hear(news: News): void
  run(job: Job): Promise<Outcome>
}

export type Staff<Setup, Ready, Job, Outcome, News> = readonly Worker<Setup, Ready, Job, Outcome, News>[]

/**
 * Hires `count` workers for a task and lets `use` work with them. Then they may wait for the next task; when anything goes wrong, it answers when
 * every one of them has ended, and all that wait as well. Null where the environment lets no worker start.
 *
 * @param code the program that workers run, `code.ts` but for tests
 * @param mayRest whether they may wait for the next task, with what memory they have
 * @throws what `use` throws; the signal's reason as soon as it aborts; and why a worker died
 */
export async function withStaff<Setup, Ready, Job, Outcome, News, T>(
  code: string,
  task: TaskName,
  count: number,
  mayRest: boolean,
  signal: Signal | undefined,
  use: (staff: Staff<Setup, Ready, Job, Outcome, News>) => Promise<T>,
): Promise<T | null> {
  if (signal?.aborted === true) throw signal.reason
  const members: Member[] = []
  let isDone = false
  let stop: (how: Stop) => void = () => undefined
  const stopped = new Promise<Stop>((resolve) => (stop = resolve))
  const abort = (): void => stop({ kind: 'failed', error: signal?.reason })
  signal?.addEventListener('abort', abort)
  try {
    const backend = backendState()
    const staff = Array.from({ length: count }, () => {
      const member = hire(code, stop)
      members.push(member)
      return {
        open: (setup: Setup) => member.ask({ kind: 'open', task, backend, setup }) as Promise<Ready>,
        hear: (news: News) => member.tell({ kind: 'hear', news }),
        run: (job: Job) => member.ask({ kind: 'run', job }) as Promise<Outcome>,
      }
    })
    const done = use(staff).then((value) => ({ kind: 'done' as const, value }))
    const end = await Promise.race([stopped, done])
    if (end.kind === 'failed') throw end.error
    if (end.kind === 'blocked') return null
    isDone = true
    return end.value
  } finally {
    signal?.removeEventListener('abort', abort)
    if (isDone && mayRest) await Promise.all(members.map((member) => member.rest()))
    else await Promise.all([...members.map((member) => member.end()), isDone ? null : endResting()])
  }
}

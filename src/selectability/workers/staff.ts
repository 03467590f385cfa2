/** Workers on one task: hired, given orders, and always dismissed, however the work ends. */
import { backendState } from '../../kernels/backend.ts'
import type { Signal } from '../types.ts'
import { startThread } from './platform.ts'
import type { Thread } from './platform.ts'
import type { Answer, Order } from './messages.ts'
import type { TaskName } from './task.ts'

/** A worker, which answers its orders one after another. */
export interface Worker<Setup, Ready, Job, Outcome, News> {
  open(setup: Setup): Promise<Ready>
  /** Needs no answer: what comes later knows of it. */
  hear(news: News): void
  run(job: Job): Promise<Outcome>
}

export type Staff<Setup, Ready, Job, Outcome, News> = readonly Worker<Setup, Ready, Job, Outcome, News>[]

interface Asker {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** How the work ended before its time. */
type Stop = { readonly kind: 'blocked' } | { readonly kind: 'failed'; readonly error: unknown }

/**
 * Hires `count` workers for a task, lets `use` work with them, and answers when every one of them has ended. Null where the
 * environment lets no worker start.
 *
 * @param code the program that workers run, `code.ts` but for tests
 * @throws what `use` throws; the signal's reason as soon as it aborts; and why a worker died
 */
export async function withStaff<Setup, Ready, Job, Outcome, News, T>(
  code: string,
  task: TaskName,
  count: number,
  signal: Signal | undefined,
  use: (staff: Staff<Setup, Ready, Job, Outcome, News>) => Promise<T>,
): Promise<T | null> {
  if (signal?.aborted === true) throw signal.reason
  const threads: Thread[] = []
  let stop: (how: Stop) => void = () => undefined
  const stopped = new Promise<Stop>((resolve) => (stop = resolve))
  const abort = (): void => stop({ kind: 'failed', error: signal?.reason })
  signal?.addEventListener('abort', abort)
  try {
    const backend = backendState()
    const staff = Array.from({ length: count }, () => {
      const { thread, ask, hear } = hire(code, stop)
      threads.push(thread)
      return {
        open: (setup: Setup) => ask({ kind: 'open', task, backend, setup }) as Promise<Ready>,
        hear: (news: News) => hear({ kind: 'hear', news }),
        run: (job: Job) => ask({ kind: 'run', job }) as Promise<Outcome>,
      }
    })
    const done = use(staff).then((value) => ({ kind: 'done' as const, value }))
    const end = await Promise.race([stopped, done])
    if (end.kind === 'failed') throw end.error
    return end.kind === 'done' ? end.value : null
  } finally {
    signal?.removeEventListener('abort', abort)
    await Promise.all(threads.map((thread) => thread.end()))
  }
}

function hire(
  code: string,
  stop: (how: Stop) => void,
): {
  readonly thread: Thread
  readonly ask: (order: Order) => Promise<unknown>
  readonly hear: (order: Order) => void
} {
  const waiting: Asker[] = []
  const thread = startThread(code, {
    message: (data) => {
      const answer = data as Answer
      const asker = waiting.shift()
      if (answer.kind === 'done') asker?.resolve(answer.value)
      else if (asker === undefined) stop({ kind: 'failed', error: answer.error })
      else asker.reject(answer.error)
    },
    death: (error) => stop({ kind: 'failed', error }),
    blocked: () => stop({ kind: 'blocked' }),
  })
  const ask = (order: Order): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject })
      thread.post(order)
    })
  return { thread, ask, hear: (order) => thread.post(order) }
}

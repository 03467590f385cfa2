/**
 * Threads and the orders they have; and those that have done their work and wait for more. A thread that starts takes 20 ms, and twice that
 * to run as fast as one that has worked: what the next call saves, if it comes soon.
 */
import type { Answer, Order } from './messages.ts'
import { later, startThread } from './platform.ts'

/** How work ended before its time. */
export type Stop = { readonly kind: 'blocked' } | { readonly kind: 'failed'; readonly error: unknown }

/** A thread that carries out orders. */
export interface Member {
  ask(order: Order): Promise<unknown>
  /** For orders that are not answered. */
  tell(order: Order): void
  end(): Promise<void>
  /** Lets it wait for more work, or ends it where the process would have to wait for it, or where it is still at work. */
  rest(): Promise<void>
}

interface Asker {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** One that waits. */
interface Resting {
  readonly code: string
  wake(stop: (how: Stop) => void): Member
  end(): Promise<void>
}

/** Milliseconds that a thread waits for more: whoever checks one set after another calls again within that. */
const patience = 5000

const resting = new Set<Resting>()

/** Ends all threads that wait. */
export async function endResting(): Promise<void> {
  await Promise.all(Array.from(resting, (each) => each.end()))
}

/** A thread that runs `code`: one that waits, or a new one. It tells `stop` when it cannot go on. */
export function hire(code: string, stop: (how: Stop) => void): Member {
  for (const each of resting) if (each.code === code) return each.wake(stop)
  return start(code, stop)
}

function start(code: string, first: (how: Stop) => void): Member {
  const waiting: Asker[] = []
  let stop = first
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
  const member: Member = {
    ask: (order) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        thread.post(order)
      }),
    tell: (order) => thread.post(order),
    end: () => thread.end(),
    rest: () => {
      if (thread.hold === undefined || waiting.length > 0) return thread.end()
      const leave = (): void => {
        resting.delete(self)
        callOff()
      }
      const end = (): Promise<void> => {
        leave()
        return thread.end()
      }
      const self: Resting = {
        code,
        end,
        wake: (next) => {
          leave()
          stop = next
          thread.hold?.(true)
          return member
        },
      }
      const callOff = later(() => void end(), patience)
      stop = () => void end()
      thread.post({ kind: 'close' } satisfies Order)
      thread.hold(false)
      resting.add(self)
      return Promise.resolve()
    },
  }
  return member
}

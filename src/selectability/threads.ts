/** What work off the calling thread is asked for with: how many threads, and a signal to end it. */
import { describe } from '../arguments.ts'
import type { KeySet } from './keyset.ts'
import type { Signal } from './types.ts'
import { availableThreads } from './workers/platform.ts'

/**
 * `threads` as it was asked for, or one a core.
 *
 * @throws TypeError for a wrong kind of thing, RangeError unless it is an integer >= 1
 */
export function checkThreads(threads: unknown): number {
  if (threads === undefined) return availableThreads()
  if (typeof threads !== 'number') throw new TypeError(`threads: expected an integer >= 1, got ${describe(threads)}`)
  if (!(Number.isSafeInteger(threads) && threads >= 1)) {
    throw new RangeError(`threads: expected an integer >= 1, got ${threads}`)
  }
  return threads
}

/** @throws TypeError unless it is an `AbortSignal` or nothing. */
export function checkSignal(name: string, signal: Signal | null | undefined): void {
  if (signal === undefined || typeof (signal as { aborted?: unknown } | null)?.aborted === 'boolean') return
  throw new TypeError(`${name}: expected an AbortSignal, got ${describe(signal)}`)
}

/** Workers of larger sets are ended at once: their memory is large, and to start them anew takes little of the time that such sets take. */
const largest = 2 ** 22

/** Whether workers on these keys may wait for more work. */
export function mayRest({ data }: KeySet): boolean {
  return data.length <= largest
}

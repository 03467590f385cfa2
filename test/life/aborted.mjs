/** Checks by workers that are called off, each at another moment: whether a worker outlives its call. */
import { createRequire } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'

const threads = createRequire(import.meta.url)('node:worker_threads')

/**
 * Calls off `count` checks, `most` milliseconds after they began at most.
 *
 * @returns how many were called off in time, the workers that there were and that are left, and the longest wait for the end, in ms
 */
export async function callOff({ selectabilityAsync }, keys, count, most) {
  const { Worker } = threads
  let started = 0
  let left = 0
  let longest = 0
  let calledOff = 0
  let alive = []
  threads.Worker = class extends Worker {
    constructor(...args) {
      super(...args)
      started++
      alive.push(this)
    }
  }
  try {
    for (let at = 0; at < count; at++) {
      const controller = new AbortController()
      const check = selectabilityAsync(keys, { threads: 2, signal: controller.signal }).then(
        () => false,
        (error) => error === controller.signal.reason,
      )
      // Spread evenly by the golden ratio: before the workers run, while they prepare, compare and search.
      await wait(most * ((at * 0.6180339887) % 1))
      const from = performance.now()
      controller.abort()
      // One that was over before leaves its workers to the next, with which they end.
      if (await check) {
        calledOff++
        longest = Math.max(longest, performance.now() - from)
        left += alive.filter(({ threadId }) => threadId !== -1).length
        alive = []
      }
    }
  } finally {
    threads.Worker = Worker
  }
  return { calledOff, started, left, longest }
}

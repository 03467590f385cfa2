/** The check by workers: the report of one thread to the bit, an end to every worker, and a reason whenever something goes wrong. */
import { createRequire } from 'node:module'
import type * as WorkerThreads from 'node:worker_threads'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  attainableWeights,
  attainableWeightsAsync,
  selectability,
  selectabilityAsync,
  setBackend,
} from '../src/index.ts'
import type { AsyncOptions, MatrixLike, Progress, Report } from '../src/index.ts'
import { selectabilityAsync as dense } from '../src/kernels.ts'
import { endResting } from '../src/selectability/workers/crew.ts'
import { withStaff } from '../src/selectability/workers/staff.ts'
import type { Distribution } from '../src/testing/index.ts'
import { randomKeys } from '../src/testing/index.ts'

const threads = createRequire(import.meta.url)('node:worker_threads') as { Worker: typeof WorkerThreads.Worker }
const { Worker } = threads

afterEach(async () => {
  await endResting()
  setBackend('auto')
  threads.Worker = Worker
  vi.unstubAllGlobals()
})

/** Every worker that is started from here on. */
function watchWorkers(): WorkerThreads.Worker[] {
  const started: WorkerThreads.Worker[] = []
  threads.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args)
      started.push(this)
    }
  }
  return started
}

const ended = (workers: readonly WorkerThreads.Worker[]): boolean => workers.every(({ threadId }) => threadId === -1)

/** All that a report says. */
function whole(report: Report): unknown {
  return { ...report, certificate: report.verdicts.map((_, i) => report.certificate(i)) }
}

const hard = (n = 4000, d = 24): MatrixLike => randomKeys({ n, d, distribution: 'heavy', seed: 1 })

describe.each(['js', 'simd'] as const)('on %s', (name) => {
  const cases: [Distribution, number, number, AsyncOptions][] = [
    ['gaussian', 400, 4, {}],
    ['heavy', 300, 12, {}],
    ['lattice', 150, 3, { tolerance: 0 }],
    ['lattice', 100, 2, { tolerance: 0.5 }],
    ['low-rank', 90, 6, {}],
    ['cube', 150, 3, { bias: Float64Array.from({ length: 150 }, (_, i) => Math.sin(i)) }],
  ]
  test.each(cases)(
    '%s keys, %i × %i: the same report for any number of threads',
    async (distribution, n, d, options) => {
      setBackend(name)
      const keys = randomKeys({ n, d, distribution, seed: 'async' })
      const expected = whole(selectability(keys, options))
      for (const threads of [1, 2, 3]) {
        expect(whole(await selectabilityAsync(keys, { ...options, threads }))).toEqual(expected)
      }
    },
  )
})

describe('small and degenerate sets', () => {
  test.each([
    ['one key', [[1, 2]]],
    ['equal keys', [[1], [1], [1]]],
    [
      'copies',
      [
        [0, 0],
        [1, 0],
        [0, 0],
        [0, 1],
        [1, 0],
      ],
    ],
  ])('%s', async (_, keys) => {
    expect(whole(await selectabilityAsync(keys, { threads: 4 }))).toEqual(whole(selectability(keys)))
  })

  test('typed arrays, and no certificates', async () => {
    const data = Float32Array.of(0, 2, 1)
    const report = await dense(data, 3, 1, { certificates: false })
    expect(report.verdicts).toEqual(['selectable', 'selectable', 'unselectable'])
    expect(() => report.certificate(0)).toThrow('without them')
  })
})

test('keys are copied at once, and memory need not be shared', async () => {
  const { data } = randomKeys({ n: 300, d: 5, distribution: 'gaussian', seed: 3 })
  const expected = whole(selectability({ data, shape: [300, 5] }))
  vi.stubGlobal('SharedArrayBuffer', undefined)
  const report = selectabilityAsync({ data, shape: [300, 5] }, { threads: 2 })
  data.fill(0)
  expect(whole(await report)).toEqual(expected)
})

describe('progress', () => {
  test('rises in each phase, at most ten times a second, and says how many work', async () => {
    const seen: (Progress & { at: number })[] = []
    const onProgress = (progress: Progress): void => void seen.push({ ...progress, at: performance.now() })
    await selectabilityAsync(hard(8000, 64), { threads: 2, onProgress })
    expect(seen.at(-1)).toMatchObject({ phase: 'walk', done: 8000, total: 8000, threads: 2 })
    expect(seen.length).toBeGreaterThan(1)
    for (const { at } of seen) {
      expect(seen.filter((other) => other.at >= at && other.at < at + 1000).length).toBeLessThanOrEqual(10)
    }
    for (const phase of ['gram', 'walk']) {
      const done = seen.filter((each) => each.phase === phase).map((each) => each.done)
      expect(done).toEqual([...done].sort((a, b) => a - b))
    }
  })

  test('a callback that throws ends it', async () => {
    const workers = watchWorkers()
    const onProgress = (): void => {
      throw new Error('enough')
    }
    await expect(selectabilityAsync(hard(3000), { threads: 2, onProgress })).rejects.toThrow('enough')
    expect(ended(workers)).toBe(true)
  })
})

describe('an abort', () => {
  test('before the call starts no worker', async () => {
    const workers = watchWorkers()
    const reason = new Error('never mind')
    await expect(selectabilityAsync(hard(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(workers).toEqual([])
  })

  test('is honoured within 100 ms, with all workers ended', async () => {
    const workers = watchWorkers()
    const waits: number[] = []
    const keys = hard(20_000, 64)
    for (const delay of [0, 5, 150, 250, 400, 401, 402]) {
      const controller = new AbortController()
      const report = selectabilityAsync(keys, { threads: 2, signal: controller.signal })
      await new Promise((resolve) => setTimeout(resolve, delay))
      const began = performance.now()
      controller.abort()
      await expect(report).rejects.toMatchObject({ name: 'AbortError' })
      waits.push(performance.now() - began)
      expect(ended(workers)).toBe(true)
    }
    expect(workers.length).toBe(14)
    // On a machine that is busy with other tests one wait may be long; in the middle they are not.
    expect(waits.sort((a, b) => a - b)[3]).toBeLessThan(100)
  })
})

describe('workers that are done', () => {
  const small = (seed: number): MatrixLike => randomKeys({ n: 200, d: 3, distribution: 'gaussian', seed })

  test('wait for the next call, whatever it asks', async () => {
    const workers = watchWorkers()
    for (const [seed, name] of (['simd', 'js', 'simd'] as const).entries()) {
      setBackend(name)
      const keys = small(seed)
      expect(whole(await selectabilityAsync(keys, { threads: 2 }))).toEqual(whole(selectability(keys)))
    }
    // A set whose first worker settles it all leaves the second without a task.
    await selectabilityAsync(
      Array.from({ length: 130 }, () => [1, 2]),
      { threads: 2 },
    )
    const weights = await attainableWeightsAsync(small(0), { maxNorm: 1, threads: 2 })
    expect(weights).toEqual(attainableWeights(small(0), { maxNorm: 1 }))
    expect(workers.length).toBe(2)
    expect(workers.some(({ threadId }) => threadId === -1)).toBe(false)
  })

  test('work for one call at a time', async () => {
    const workers = watchWorkers()
    await selectabilityAsync(small(0), { threads: 1 })
    const both = [1, 2].map((seed) => selectabilityAsync(small(seed), { threads: 1 }))
    expect((await Promise.all(both)).map(whole)).toEqual([1, 2].map((seed) => whole(selectability(small(seed)))))
    expect(workers.length).toBe(2)
  })

  test('end with the call that is aborted, and when one is ended from outside it gets no work', async () => {
    const workers = watchWorkers()
    await selectabilityAsync(small(0), { threads: 3 })
    const signal = AbortSignal.timeout(50)
    const aborted = selectabilityAsync(hard(8000, 64), { threads: 1, signal })
    await expect(aborted).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(ended(workers)).toBe(true)
    await selectabilityAsync(small(0), { threads: 1 })
    await workers.at(-1)?.terminate()
    expect((await selectabilityAsync(small(0), { threads: 1 })).n).toBe(200)
    expect(workers.length).toBe(5)
  })

  test('do not wait where their memory is large', async () => {
    const workers = watchWorkers()
    const keys = randomKeys({ n: 70, d: 60_000, distribution: 'gaussian', seed: 1 })
    expect((await selectabilityAsync(keys, { threads: 2 })).counts.selectable).toBe(70)
    expect(workers.length).toBe(2)
    expect(ended(workers)).toBe(true)
  })
})

describe('what goes wrong is the reason', () => {
  const task = <T>(code: string): Promise<T | null> =>
    withStaff(code, 'check', 2, true, undefined, async (staff) => (await staff[0].open({})) as T)

  test('a worker that ends, or throws', async () => {
    const workers = watchWorkers()
    await expect(task('process.exit(3)')).rejects.toThrow('worker: expected to go on, ended with code 3')
    await expect(task("throw new RangeError('out of luck')")).rejects.toThrow(new RangeError('out of luck'))
    await expect(task('no program')).rejects.toThrow(SyntaxError)
    expect(workers.length).toBe(6)
    expect(ended(workers)).toBe(true)
  })

  test('a worker that is ended from outside in the middle', async () => {
    const workers = watchWorkers()
    const report = selectabilityAsync(hard(8000, 64), { threads: 2 })
    setTimeout(() => void workers[1].terminate(), 200)
    await expect(report).rejects.toThrow(/^worker: expected to go on, ended with code [01]$/)
    expect(ended(workers)).toBe(true)
  })

  test('bad options and keys reject, and start nothing', async () => {
    const workers = watchWorkers()
    const wrong = (options: object): Promise<Report> => selectabilityAsync([[1], [2]], options)
    await expect(wrong({ threads: 0 })).rejects.toThrow(new RangeError('threads: expected an integer >= 1, got 0'))
    await expect(wrong({ threads: 1.5 })).rejects.toThrow(RangeError)
    await expect(wrong({ threads: '2' })).rejects.toThrow(
      new TypeError('threads: expected an integer >= 1, got the string "2"'),
    )
    await expect(wrong({ signal: 5 })).rejects.toThrow(new TypeError('signal: expected an AbortSignal, got 5'))
    await expect(wrong({ certificates: 1 })).rejects.toThrow(TypeError)
    await expect(wrong({ tolerance: -1 })).rejects.toThrow(RangeError)
    await expect(selectabilityAsync([[NaN], [2]])).rejects.toThrow('row 0, column 0')
    expect(workers).toEqual([])
  })
})

describe('where no worker may start', () => {
  const forbid = (): void => {
    threads.Worker = function () {
      throw Object.assign(new Error('Access to this API has been restricted'), { code: 'ERR_ACCESS_DENIED' })
    } as unknown as typeof Worker
  }

  test('the calling thread does it, and says so', async () => {
    forbid()
    const keys = hard(500, 6)
    const seen: Progress[] = []
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    const report = await selectabilityAsync(keys, { threads: 2, onProgress: (progress) => seen.push(progress) })
    clearInterval(timer)
    expect(seen.at(-1)).toMatchObject({ done: 500, threads: 0 })
    expect(turns).toBeGreaterThan(5)
    expect(whole(report)).toEqual(whole(selectability(keys)))
  })

  test('an abort counts from the next job on', async () => {
    forbid()
    const report = selectabilityAsync(hard(), { signal: AbortSignal.timeout(50) })
    await expect(report).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})

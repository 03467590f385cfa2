/** Attainable weights by workers: those of one thread to the bit, and an end to every worker. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { attainableWeights, attainableWeightsAsync, setBackend } from '../src/index.ts'
import type { AttainableAsyncOptions, Progress } from '../src/index.ts'
import { attainableWeightsAsync as dense } from '../src/kernels.ts'
import { endResting } from '../src/selectability/workers/crew.ts'
import { randomKeys } from '../src/testing/index.ts'

afterEach(async () => {
  await endResting()
  setBackend('auto')
  vi.unstubAllGlobals()
})

const keys = randomKeys({ n: 60, d: 4, distribution: 'gaussian', seed: 'weigh' })
const bias = Float64Array.from({ length: 60 }, (_, i) => Math.sin(i))

test.each<[string, AttainableAsyncOptions]>([
  ['no limit', {}],
  ['a limit', { maxNorm: 2 }],
  ['a bias and a scale', { maxNorm: 5, scale: 0.3, bias }],
])('with %s, the same for any number of threads', async (_, options) => {
  const expected = attainableWeights(keys, options)
  for (const threads of [1, 2, 3]) expect(await attainableWeightsAsync(keys, { ...options, threads })).toEqual(expected)
  expect(await dense(Float64Array.from(keys.data), 60, 4, { ...options, threads: 2 })).toEqual(expected)
})

test('says how far it is, and how many work', async () => {
  const seen: Progress[] = []
  await attainableWeightsAsync(keys, { maxNorm: 1, threads: 2, onProgress: (now) => seen.push(now) })
  expect(seen.at(-1)).toEqual({ phase: 'weigh', done: 60, total: 60, threads: 2 })
})

test('runs here where no worker may start', async () => {
  vi.stubGlobal('process', { ...process, getBuiltinModule: () => undefined })
  const seen: Progress[] = []
  const weights = await attainableWeightsAsync(keys, { maxNorm: 1, onProgress: (now) => seen.push(now) })
  expect(weights).toEqual(attainableWeights(keys, { maxNorm: 1 }))
  expect(seen.at(-1)?.threads).toBe(0)
})

describe('an abort', () => {
  const large = randomKeys({ n: 1200, d: 32, distribution: 'gaussian', seed: 'weigh' })

  test('rejects with its reason, within 100 ms', async () => {
    const controller = new AbortController()
    const weights = attainableWeightsAsync(large, { maxNorm: 3, threads: 2, signal: controller.signal })
    await new Promise((resolve) => setTimeout(resolve, 300))
    const from = performance.now()
    controller.abort(new Error('enough'))
    await expect(weights).rejects.toThrow('enough')
    // The machine may be busy with other tests: ten times what is promised for an idle one.
    expect(performance.now() - from).toBeLessThan(1000)
  })

  test('before the start is one too', async () => {
    await expect(attainableWeightsAsync(keys, { signal: AbortSignal.abort('no') })).rejects.toBe('no')
  })
})

test.each<[unknown, string]>([
  [{ threads: 0 }, 'threads: expected an integer >= 1, got 0'],
  [{ threads: '2' }, 'threads: expected an integer >= 1, got the string "2"'],
  [{ signal: {} }, 'signal: expected an AbortSignal, got an object'],
  [{ maxNorm: -1 }, 'maxNorm: expected a number >= 0, got -1'],
  [{ maxNorm: NaN }, 'maxNorm: expected a number >= 0, got NaN'],
  [{ scale: Infinity }, 'scale: expected a finite number, got Infinity'],
  [{ bias: [1] }, 'bias: '],
])('%j is refused', async (options, message) => {
  await expect(attainableWeightsAsync(keys, options as AttainableAsyncOptions)).rejects.toThrow(message)
})

/** Parts of a check: shards that together are the report, and what is decided when a check is stopped. */
import { afterEach, describe, expect, test } from 'vitest'
import { selectability, selectabilityPart, setBackend } from '../src/index.ts'
import type { MatrixLike, PartialReport, PartOptions } from '../src/index.ts'
import { selectabilityPart as dense } from '../src/kernels.ts'
import { randomKeys } from '../src/testing/index.ts'
import type { Distribution } from '../src/testing/index.ts'

afterEach(() => setBackend('auto'))

const shards = (keys: MatrixLike, count: number, options: PartOptions = {}): Promise<PartialReport[]> =>
  Promise.all(
    Array.from({ length: count }, (_, at) =>
      selectabilityPart(keys, { ...options, shard: { index: at + 1, count }, threads: 1 + (at % 2) }),
    ),
  )

describe('shards', () => {
  const cases: [Distribution, number, number, PartOptions][] = [
    // More keys than the growing rounds take, so that some blocks are nobody's but their shard's.
    ['heavy', 1500, 6, {}],
    ['gaussian', 1300, 3, {}],
    ['lattice', 200, 3, { tolerance: 0 }],
    ['low-rank', 200, 6, { tolerance: 0.01 }],
    ['cube', 200, 3, { bias: Float64Array.from({ length: 200 }, (_, i) => Math.sin(i)) }],
  ]
  test.each(cases)('%s keys, %i × %i: together the report, to the last digit', async (distribution, n, d, options) => {
    const keys = randomKeys({ n, d, distribution, seed: 'shards' })
    const whole = selectability(keys, options)
    const parts = await shards(keys, 3, options)
    const decided = parts.flatMap(({ keys: own }) => Array.from(own))
    expect(decided.sort((a, b) => a - b)).toEqual(whole.verdicts.map((_, i) => i))
    for (const part of parts) {
      expect(part).toMatchObject({ n, d, tolerance: whole.tolerance, complete: true })
      expect(part.keys).toEqual(part.keys.slice().sort())
      part.keys.forEach((i, at) => {
        expect(part.verdicts[at]).toBe(whole.verdicts[i])
        expect(part.certificate(i)).toEqual(whole.certificate(i))
      })
      const sizes = { selectable: 0, tied: 0, unselectable: 0 }
      for (const verdict of part.verdicts) sizes[verdict]++
      expect(part.counts).toEqual(sizes)
    }
    // No shard of a set this large has all the work.
    for (const part of parts) expect(part.keys.length).toBeLessThan(n / 2)
  })

  test('more of them than blocks leave some empty, and copies go together', async () => {
    const keys = [[0], [1], [0], [0.5], [1]]
    const parts = await shards(keys, 4)
    expect(parts.map(({ keys: own }) => own.length)).toEqual([5, 0, 0, 0])
    expect(parts.every(({ complete }) => complete)).toBe(true)
    expect(parts[0]?.verdicts).toEqual(selectability(keys).verdicts)
  })

  test.each([
    ['one key', [[3, 4]]],
    ['equal keys', [[1], [1], [1]]],
  ])('%s: all in the first', async (_, keys) => {
    const [first, second] = await shards(keys, 2)
    expect(first?.verdicts).toEqual(selectability(keys).verdicts)
    expect(first?.certificate(0)).toEqual(selectability(keys).certificate(0))
    expect(second).toMatchObject({ verdicts: [], complete: true })
  })

  test('a key of another shard has no certificate here, and nobody’s keys have one unless asked for', async () => {
    const keys = randomKeys({ n: 200, d: 3, distribution: 'gaussian', seed: 1 })
    const [first, second] = await shards(keys, 2)
    const other = second?.keys[0] ?? -1
    expect(() => first?.certificate(other)).toThrow(new RangeError(`i: expected a key that is decided, got ${other}`))
    expect(() => first?.certificate(200)).toThrow('i: expected an index from 0 to 199, got 200')
    const [bare] = await shards(keys, 2, { certificates: false })
    expect(bare?.verdicts).toEqual(first?.verdicts)
    expect(() => bare?.certificate(bare.keys[0] ?? -1)).toThrow('certificates: ')
  })

  test('progress counts the keys of the shard', async () => {
    const keys = randomKeys({ n: 400, d: 3, distribution: 'gaussian', seed: 1 })
    let last = { done: 0, total: 0 }
    const part = await selectabilityPart(keys, { shard: { index: 2, count: 3 }, onProgress: (now) => (last = now) })
    expect(last).toMatchObject({ done: part.keys.length, total: part.keys.length })
  })

  test('typed arrays have them too', async () => {
    const data = Float64Array.of(0, 2, 1)
    expect((await dense(data, 3, 1, { shard: { index: 1, count: 2 } })).verdicts).toEqual([
      'selectable',
      'selectable',
      'unselectable',
    ])
  })

  test.each<[unknown, string]>([
    [3, 'shard: expected { index, count }, got 3'],
    [null, 'shard: expected { index, count }, got null'],
    [{ index: 1 }, 'shard.count: expected an integer >= 1, got undefined'],
    [{ index: '1', count: 2 }, 'shard.index: expected an integer >= 1, got the string "1"'],
    [{ index: 1, count: 0 }, 'shard.count: expected an integer >= 1, got 0'],
    [{ index: 0, count: 2 }, 'shard.index: expected an integer from 1 to 2, got 0'],
    [{ index: 3, count: 2 }, 'shard.index: expected an integer from 1 to 2, got 3'],
    [{ index: 1.5, count: 2 }, 'shard.index: expected an integer from 1 to 2, got 1.5'],
  ])('%j is refused', async (shard, message) => {
    await expect(selectabilityPart([[1], [2]], { shard } as PartOptions)).rejects.toThrow(message)
  })
})

describe('a check that is stopped', () => {
  test('resolves with the keys that are decided, as the whole check decides them', async () => {
    const keys = randomKeys({ n: 4000, d: 24, distribution: 'heavy', seed: 1 })
    const whole = selectability(keys)
    const controller = new AbortController()
    const part = await selectabilityPart(keys, {
      threads: 1,
      stop: controller.signal,
      onProgress: ({ phase, done, total }) => {
        if (phase === 'walk' && done < total) controller.abort()
      },
    })
    expect(part.complete).toBe(false)
    expect(part.keys.length).toBeGreaterThan(0)
    expect(part.keys.length).toBeLessThan(4000)
    part.keys.forEach((i, at) => {
      expect(part.verdicts[at]).toBe(whole.verdicts[i])
      if (at % 50 === 0) expect(part.certificate(i)).toEqual(whole.certificate(i))
    })
  })

  test('before it began has decided nothing', async () => {
    const part = await selectabilityPart([[1], [2], [3]], { stop: AbortSignal.abort() })
    expect(part).toMatchObject({ n: 3, d: 1, verdicts: [], complete: false })
    expect(() => part.certificate(0)).toThrow(RangeError)
  })

  test('fails all the same for another reason', async () => {
    const stop = new AbortController()
    const onProgress = (): never => {
      throw new Error('mine')
    }
    await expect(selectabilityPart([[1], [2], [3]], { stop: stop.signal, onProgress })).rejects.toThrow('mine')
    await expect(selectabilityPart([[1]], { stop: 1 } as unknown as PartOptions)).rejects.toThrow(
      'stop: expected an AbortSignal, got 1',
    )
  })
})

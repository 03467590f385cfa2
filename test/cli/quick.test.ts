/** Small sets are checked without workers, with the same result. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeNpy } from '../../src/cli/npy.ts'
import { attainableWeights, margin, selectability, toJson } from '../../src/index.ts'
import type { SelectabilityOptions } from '../../src/index.ts'
import { randomKeys } from '../../src/testing/index.ts'
import { workspace } from './run.ts'
import type { Workspace } from './run.ts'

let files: Workspace
beforeEach(() => {
  files = workspace()
  files.write(
    'watch.cjs',
    `const threads = require('node:worker_threads')
threads.Worker = class extends threads.Worker {
  constructor(...args) {
    super(...args)
    process.stderr.write('worker ')
  }
}`,
  )
})
afterEach(() => files.remove())

/** Runs `check` on random keys; how many workers it started, and what it printed. */
async function check(n: number, d: number, ...args: string[]): Promise<{ workers: number; stdout: string }> {
  const keys = randomKeys({ n, d, distribution: 'heavy', seed: n })
  files.write('keys.npy', writeNpy(Float64Array.from(keys.data), [n, d]))
  files.write('bias.csv', '0,'.repeat(n).slice(0, -1))
  const env = { NODE_OPTIONS: '--require ./watch.cjs' }
  const { stdout, stderr } = await files.run(['check', 'keys.npy', '--threads', '2', ...args], { env })
  expect(stderr).toMatch(/^(worker )*$/u)
  return { workers: stderr.split('worker').length - 1, stdout }
}

describe('workers', () => {
  it.each<[string, number, number, string[], SelectabilityOptions, number]>([
    ['256 keys', 256, 8, [], {}, 0],
    ['64 keys, exactly', 64, 3, ['--exact'], { tolerance: 0 }, 0],
    ['257 keys', 257, 8, [], {}, 2],
    ['256 keys of many dimensions', 256, 33, [], {}, 2],
    ['65 keys, exactly', 65, 3, ['--exact'], { tolerance: 0 }, 2],
    ['65 keys with a bias', 65, 3, ['--bias', 'bias.csv'], { bias: new Float64Array(65) }, 2],
  ])('%s', async (_, n, d, args, options, count) => {
    const { workers, stdout } = await check(n, d, ...args, '--format', 'ndjson')
    expect(workers).toBe(count)
    const report = selectability(randomKeys({ n, d, distribution: 'heavy', seed: n }), options)
    expect(stdout.trimEnd().split('\n')).toEqual(
      report.verdicts.map((_, i) => JSON.stringify(toJson(report.certificate(i)))),
    )
  })

  it.each([
    ['none', 100, 0],
    ['two', 300, 2],
  ])('%s for margins and weights', async (_, n, count) => {
    const { workers, stdout } = await check(n, 3, '--margins', '--max-norm', '5', '--format', 'json')
    expect(workers).toBe(count)
    const found = JSON.parse(stdout) as { margins: number[]; attainableWeights: number[]; verdicts: string[] }
    const keys = randomKeys({ n, d: 3, distribution: 'heavy', seed: n })
    expect(found.attainableWeights).toEqual(Array.from(attainableWeights(keys, { maxNorm: 5 })))
    for (const [i, verdict] of found.verdicts.entries()) {
      const wanted = verdict === 'selectable' ? margin(keys, i).distance : 0
      // Each is right to 1e-12.
      expect(Math.abs(found.margins[i] - wanted)).toBeLessThanOrEqual(2e-12 * wanted)
    }
  })
})

/** `check --max-norm` and `--margins`: numbers beside the verdicts, which are the library's. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attainableWeights, selectability } from '../../src/index.ts'
import { expectRefusal, workspace } from './run.ts'
import type { Workspace } from './run.ts'
import { csv, rows, verdicts } from './square.ts'

let files: Workspace
beforeEach(() => {
  files = workspace()
  files.write('keys.csv', csv)
})
afterEach(() => files.remove())

const json = async (...args: string[]): Promise<Record<string, unknown>> => {
  const { stdout, stderr } = await files.run(['check', ...args, '--format', 'json'])
  expect(stderr).toBe('')
  return JSON.parse(stdout) as Record<string, unknown>
}

const margins = Array.from(selectability(rows, { margins: true }).margins ?? [])

describe('check with numbers beside the verdicts', () => {
  it('lists all keys, those that get the least first', async () => {
    const { code, stdout } = await files.run(['check', 'keys.csv', '--exact', '--max-norm', '10', '--margins'])
    expect(code).toBe(1)
    const lines = stdout.split('\n').slice(6, -1)
    expect(lines[0]).toBe('  key  verdict       most attention  margin')
    const weights = attainableWeights(rows, { maxNorm: 10 })
    const order = [...weights.keys()].sort((a, b) => weights[a] - weights[b])
    expect(lines.slice(1).map((line) => line.trim().split(/ +/u))).toEqual(
      order.map((i) => [String(i), verdicts[i], weights[i].toPrecision(4), margins[i].toPrecision(4)]),
    )
  })

  it.each(['0', '1', '2.5e3'])('adds attainable weights at norm %s to JSON', async (norm) => {
    const found = await json('keys.csv', '--max-norm', norm)
    expect(found['maxNorm']).toBe(Number(norm))
    expect(found['attainableWeights']).toEqual(Array.from(attainableWeights(rows, { maxNorm: Number(norm) })))
    expect(found['margins']).toBeUndefined()
  })

  it.each(['inf', 'Infinity'])('knows no limit: %s', async (norm) => {
    const found = await json('keys.csv', '--exact', '--max-norm', norm)
    expect(found['maxNorm']).toBe('Infinity')
    expect(found['attainableWeights']).toEqual(Array.from(attainableWeights(rows, { tolerance: 0 })))
  })

  it('adds margins to JSON', async () => {
    const found = await json('keys.csv', '--margins')
    expect(found['margins']).toEqual(margins)
    expect(found['attainableWeights']).toBeUndefined()
  })

  it('shows and writes the margin of a single key, which has no end', async () => {
    files.write('one.csv', '1,2\n')
    expect((await json('one.csv', '--margins'))['margins']).toEqual(['Infinity'])
    expect((await files.run(['check', 'one.csv', '--margins', '--max-norm', '1'])).stdout).toMatch(/ 1[.]000 +∞\n$/u)
  })

  it('takes a bias for weights', async () => {
    files.write('b.csv', '0,0,0,0,0,3\n')
    const weights = attainableWeights(rows, { maxNorm: 1, bias: [0, 0, 0, 0, 0, 3] })
    expect((await json('keys.csv', '--max-norm', '1', '--bias', 'b.csv'))['attainableWeights']).toEqual(
      Array.from(weights),
    )
  })

  it.each<[string, string[], string]>([
    ['a negative norm', ['--max-norm', '-1'], '--max-norm: expected a number >= 0, or inf, got "-1"'],
    ['a norm that is no number', ['--max-norm', 'NaN'], 'got "NaN"'],
    ['an empty norm', ['--max-norm', ''], 'got nothing'],
    [
      'weights among certificates',
      ['--max-norm', '1', '--format', 'ndjson'],
      '--max-norm: expected --format table or json',
    ],
    ['margins among certificates', ['--margins', '--format', 'ndjson'], '--margins: expected --format table or json'],
    ['margins under a bias', ['--margins', '--bias', 'keys.csv'], '--margins: expected no --bias'],
  ])('refuses %s', async (_, args, words) => {
    expectRefusal(await files.run(['check', 'keys.csv', ...args]), words)
  })
})

/** `attend`: what the library computes, in every form that it is asked for. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attention, attentionWeights } from '../../src/index.ts'
import { readCsv } from '../../src/cli/csv.ts'
import { readJson, readJsonl } from '../../src/cli/json.ts'
import { readNpy } from '../../src/cli/npy.ts'
import { npyOf, npzOf } from './archives.ts'
import { expectRefusal, workspace } from './run.ts'
import type { Workspace } from './run.ts'

const Q = [
  [1, 0],
  [0, 2],
]
const K = [
  [1, 1],
  [1, -1],
  [-1, 0],
]
const V = [
  [1, 2],
  [3, 4],
  [5, 6],
]
const text = (rows: number[][]): string => rows.map((row) => `${row.join(',')}\n`).join('')

let files: Workspace
beforeEach(() => {
  files = workspace()
  files.write('q.csv', text(Q))
  files.write('k.csv', text(K))
  files.write('v.csv', text(V))
})
afterEach(() => files.remove())

const numbers = (matrix: { data: unknown; shape: readonly number[] }): object => ({
  data: Array.from(matrix.data as Float64Array),
  shape: [...matrix.shape],
})

describe('attend', () => {
  it('prints the strongest key of every query', async () => {
    const { code, stdout, stderr } = await files.run(['attend', 'q.csv', 'k.csv', '--scale', '1', '--causal'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe(
      '2 queries and 3 keys in 2 dimensions, scale 1, causal\n\n' +
        '  query  strongest key  weight\n      0              0  0.5000\n      1              0  0.8668\n',
    )
  })

  it('prints the start of every output', async () => {
    const { stdout } = await files.run(['attend', 'q.csv', 'k.csv', 'v.csv', '--scale', '0'])
    expect(stdout).toBe(
      '2 queries and 3 keys in 2 dimensions, scale 0\n\n  query  output\n      0       3  4\n      1       3  4\n',
    )
  })

  it('prints numbers of outputs below each other', async () => {
    const causal = await files.run(['attend', 'k.csv', 'q.csv', 'q.csv', '--causal', '--scale', '0'])
    expect(causal.stdout).toMatch(/ {2}query {2}output\n {6}0 {7}0 {2}0\n {6}1 {7}1 {2}0\n {6}2 {5}0.5 {2}1\n$/u)
  })

  it('says none where a query sees no key', async () => {
    files.write('q.csv', text([...Q, ...Q]))
    const { stdout } = await files.run(['attend', 'q.csv', 'k.csv', '--causal'])
    expect(stdout).toContain('      0           none  0.0000\n')
  })

  it('shows six numbers of an output, and that there are more', async () => {
    files.write('v.csv', text(K.map(() => [1, 2, 3, 4, 5, 6, 7])))
    const { stdout } = await files.run(['attend', 'q.csv', 'k.csv', 'v.csv'])
    expect(stdout).toContain('      0       1  2  3  4  5  6  …\n')
  })

  it('names no key where a query sees none', async () => {
    files.write('q.csv', text([...Q, ...Q]))
    files.write('k.csv', 'x,1,1\ny,1,-1\nz,-1,0\n')
    const { stdout } = await files.run(['attend', 'q.csv', 'k.csv', '--causal'])
    expect(stdout).toMatch(/ +0 +none +0[.]0000\n +1 +0 +x +1[.]0000\n/u)
  })

  it('names queries and keys', async () => {
    files.write('q.csv', 'cat,1,0\ndog,0,2\n')
    files.write('k.csv', 'x,1,1\ny,1,-1\nz,-1,0\n')
    const { stdout } = await files.run(['attend', 'q.csv', 'k.csv'])
    expect(stdout).toMatch(/ query {2}name {2}strongest key {2}name {2}weight\n +0 {2}cat +0 {2}x /u)
  })

  it.each<[string, string[], object]>([
    ['weights', ['q.csv', 'k.csv'], numbers(attentionWeights(Q, K))],
    ['causal weights', ['q.csv', 'k.csv', '--causal'], numbers(attentionWeights(Q, K, { causal: true }))],
    ['outputs', ['q.csv', 'k.csv', 'v.csv', '--scale', '-2'], numbers(attention(Q, K, V, { scale: -2 }))],
    [
      'outputs under a bias',
      ['q.csv', 'k.csv', 'v.csv', '--bias', 'b.csv'],
      numbers(attention(Q, K, V, { mask: { data: Float64Array.of(1, 2, 3), shape: [1, 3] } })),
    ],
  ])('writes %s to files that read back as they were', async (_, args, expected) => {
    files.write('b.csv', '1\n2\n3\n')
    const file = (name: string): string => join(files.path, name)
    for (const name of ['o.npy', 'o.csv', 'o.tsv', 'o.json', 'o.jsonl']) {
      expect((await files.run(['attend', ...args, '--output', name])).code, name).toBe(0)
    }
    const read = (name: string): string => readFileSync(file(name), 'utf8')
    expect(numbers(readNpy(readFileSync(file('o.npy'))))).toEqual(expected)
    expect(numbers(readCsv(read('o.csv')))).toEqual(expected)
    expect(numbers(readCsv(read('o.tsv'), '\t'))).toEqual(expected)
    expect(numbers(readJson(read('o.json')))).toEqual(expected)
    expect(numbers(readJsonl(read('o.jsonl')))).toEqual(expected)
    const lines = await files.run(['attend', ...args, '--format', 'ndjson'])
    expect(numbers(readJsonl(lines.stdout))).toEqual(expected)
  })

  it('prints one JSON document', async () => {
    const { stdout } = await files.run(['attend', 'q.csv', 'k.csv', '--format', 'json', '--scale', '1'])
    const weights = [...Array(2).keys()].map((i) => {
      return Array.from(attentionWeights(Q, K, { scale: 1 }).data as Float64Array).slice(3 * i, 3 * i + 3)
    })
    expect(JSON.parse(stdout)).toEqual({ m: 2, n: 3, d: 2, scale: 1, causal: false, shape: [2, 3], weights })
  })

  it('takes arrays of archives by name, in order', async () => {
    files.write('m.npz', npzOf({ 'q.npy': npyOf(Q), 'k.npy': npyOf(K), 'v.npy': npyOf(V) }))
    const entries = ['--entry', 'q', '--entry', 'k', '--entry', 'v']
    const packed = await files.run(['attend', 'm.npz', 'm.npz', 'm.npz', ...entries, '--format', 'ndjson'])
    expect(packed).toEqual(await files.run(['attend', 'q.csv', 'k.csv', 'v.csv', '--format', 'ndjson']))
    const one = await files.run(['attend', 'm.npz', 'k.csv', '--entry', 'q', '--format', 'ndjson'])
    expect(one).toEqual(await files.run(['attend', 'q.csv', 'k.csv', '--format', 'ndjson']))
    expectRefusal(
      await files.run(['attend', 'm.npz', 'm.npz', 'm.npz', '--entry', 'q', '--entry', 'k']),
      '--entry: expected one, or 3 names for as many files, got 2',
    )
    expectRefusal(await files.run(['attend', 'q.csv', 'k.csv', '--entry', 'q']), '--entry: expected a .npz')
  })

  it('transforms keys and nothing else', async () => {
    files.write('t.csv', text(K.map(([a = 0, b = 0]) => [a - (a + b) / 2, b - (a + b) / 2])))
    const projected = await files.run(['attend', 'q.csv', 'k.csv', '--transform', 'project', '--format', 'ndjson'])
    expect(projected).toEqual(await files.run(['attend', 'q.csv', 't.csv', '--format', 'ndjson']))
  })

  it('reads one input from stdin', async () => {
    const piped = await files.run(['attend', '-', 'k.csv', '--input-format', 'csv'], { stdin: text(Q) })
    expect(piped).toEqual(await files.run(['attend', 'q.csv', 'k.csv']))
  })

  it.each<[string, string[], string]>([
    ['other dimensions', ['v3.csv', 'k.csv'], 'KEYS: expected 3 dimensions, as QUERIES have, got 2'],
    ['values of another number', ['q.csv', 'k.csv', 'q.csv'], 'VALUES: expected 3 rows, one a key, got 2'],
    ['two inputs from stdin', ['-', '-', '--input-format', 'csv'], 'expected one input from stdin'],
    ['a scale that is none', ['q.csv', 'k.csv', '--scale', 'inf'], '--scale: expected a finite number, got "inf"'],
    ['an output of no known format', ['q.csv', 'k.csv', '--output', 'o.txt'], '--output: expected a name that ends in'],
    ['a packed output', ['q.csv', 'k.csv', '--output', 'o.csv.gz'], '--output: expected a name that ends in'],
    ['an output over its input', ['q.csv', 'k.csv', '--output', './k.csv'], '--output: ./k.csv is read from'],
    ['an output to stdout', ['q.csv', 'k.csv', '--output', '-'], '--output: expected'],
    ['an output to nowhere', ['q.csv', 'k.csv', '--output', 'no/o.npy'], 'no such file or directory'],
    ['eps for nothing', ['q.csv', 'k.csv', '--eps', '1'], '--eps: expected --transform'],
    ['a bias of other length', ['q.csv', 'k.csv', '--bias', 'q.csv'], 'q.csv: expected one row or one column'],
    ['a bias from stdin', ['q.csv', 'k.csv', '--bias', '-'], '--bias: expected a file, got -'],
    ['a bias entry without a bias', ['q.csv', 'k.csv', '--bias-entry', 'b'], '--bias-entry: expected --bias'],
  ])('refuses %s', async (_, args, words) => {
    files.write('v3.csv', '1,2,3\n')
    const before = files.files()
    expectRefusal(await files.run(['attend', ...args], { stdin: text(Q) }), words)
    expect(files.files()).toEqual(before)
  })
})

/** `explain`: the library's sentence, for a person or for a program. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { explain, layerNorm } from '../../src/index.ts'
import { linesFor } from '../../src/cli/width.ts'
import { expectRefusal, workspace } from './run.ts'
import type { Workspace } from './run.ts'
import { csv, n, rows, verdicts } from './square.ts'

let files: Workspace
beforeEach(() => {
  files = workspace()
  files.write('keys.csv', csv)
})
afterEach(() => files.remove())

describe('explain', () => {
  it('prints the sentence of every key, and whether it is selectable as the exit code', async () => {
    for (let i = 0; i < n; i++) {
      const { code, stdout, stderr } = await files.run(['explain', 'keys.csv', String(i), '--exact'])
      expect({ code, stderr }).toEqual({ code: verdicts[i] === 'selectable' ? 0 : 1, stderr: '' })
      expect(stdout).toBe(`${explain(rows, i, { tolerance: 0 })}\n`)
    }
  })

  it.each(['json', 'ndjson'])('prints %s', async (format) => {
    const { code, stdout } = await files.run(['explain', 'keys.csv', '5', '--format', format])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({ key: 5, verdict: 'unselectable', sentence: explain(rows, 5) })
  })

  it('names keys as the file does', async () => {
    files.write('words.csv', 'the,0\na,2\nof,1\n')
    const names = ['the', 'a', 'of']
    const sentence = explain([[0], [2], [1]], 2, { names })
    expect((await files.run(['explain', 'words.csv', '2'])).stdout).toBe(`${sentence}\n`)
    const { stdout } = await files.run(['explain', 'words.csv', '2', '--format', 'json'])
    expect(JSON.parse(stdout)).toEqual({ key: 2, name: 'of', verdict: 'unselectable', sentence })
  })

  it('breaks lines between words, on a terminal alone', () => {
    const sentence = 'key 2 (日本語) is tied with others'
    expect(linesFor(sentence, {})).toEqual([sentence])
    expect(linesFor(sentence, { isTTY: true, columns: 0 })).toEqual([sentence])
    expect(linesFor(sentence, { isTTY: true, columns: 80 })).toEqual([sentence])
    expect(linesFor(sentence, { isTTY: true, columns: 14 })).toEqual(['key 2 (日本語)', 'is tied with', 'others'])
    expect(linesFor(sentence, { isTTY: true, columns: 13 })).toEqual(['key 2', '(日本語) is', 'tied with', 'others'])
    expect(linesFor(sentence, { isTTY: true, columns: 3 })).toEqual([
      'key',
      '2',
      '(日本語)',
      'is',
      'tied',
      'with',
      'others',
    ])
  })

  it('takes a transform, a tolerance, a scale, and keys from stdin', async () => {
    const stdin = { stdin: csv }
    const from = ['explain', '-', '1', '--input-format', 'csv']
    expect((await files.run([...from, '--transform', 'layernorm', '--eps', '0'], stdin)).stdout).toBe(
      `${explain(layerNorm(rows, { eps: 0 }), 1)}\n`,
    )
    expect((await files.run([...from, '--tolerance', '3'], stdin)).stdout).toBe(
      `${explain(rows, 1, { tolerance: 3 })}\n`,
    )
    expect((await files.run([...from, '--scale', '2'], stdin)).stdout).toBe(`${explain(rows, 1, { scale: 2 })}\n`)
  })

  it.each<[string, string[], string]>([
    ['no index', ['keys.csv'], "missing required argument 'INDEX'"],
    ['an index too large', ['keys.csv', '6'], 'INDEX: expected a key from 0 to 5, got "6"'],
    ['a negative index', ['keys.csv', '--', '-1'], 'INDEX: expected a key from 0 to 5, got "-1"'],
    ['an index that is no number', ['keys.csv', 'one'], 'got "one"'],
    ['an index with a point', ['keys.csv', '1.0'], 'got "1.0"'],
    ['an empty index', ['keys.csv', ''], 'got nothing'],
    ['a bias', ['keys.csv', '1', '--bias', 'keys.csv'], "unknown option '--bias'"],
    ['a scale that is none', ['keys.csv', '1', '--scale', 'NaN'], '--scale: expected a finite number'],
    ['exact and a tolerance', ['keys.csv', '1', '--exact', '--tolerance', '1'], '--exact: expected no --tolerance'],
    ['a missing file', ['no.csv', '1'], 'no.csv: no such file or directory'],
  ])('refuses %s', async (_, args, words) => {
    expectRefusal(await files.run(['explain', ...args]), words)
  })
})

/** The quick mode of Figure 1 runs, goes on after an interruption, and gives the very numbers that docs/paper holds. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { root } from '../root.ts'

const scratch = mkdtempSync(join(tmpdir(), 'selectability-figure1-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const rowsOf = (path: string): string[] => readFileSync(path, 'utf8').trim().split('\n')

it('the quick mode of Figure 1 gives rows of docs/paper/figure1.csv, to the last digit', () => {
  const script = join(root, 'examples/figure1/index.mjs')
  const env = { ...process.env, NODE_OPTIONS: '' }
  const output = execFileSync(process.execPath, [script, '--quick', '--out', scratch], { encoding: 'utf8', env })
  expect(output).toMatch(/9600 key sets in/)
  expect(output).not.toMatch(/[|] no +[|]/)

  const quick = rowsOf(join(scratch, 'figure1.csv'))
  const full = new Set(rowsOf(join(root, 'docs/paper/figure1.csv')))
  expect(full.size).toBe(1 + 13 * 58)
  expect(quick.length).toBe(1 + 8 * 6)
  expect(quick.filter((row) => !full.has(row))).toEqual([])
  for (const name of ['figure1c.svg', 'figure1d.svg']) {
    expect(readFileSync(join(scratch, name), 'utf8')).toMatch(/^<svg [^]*<\/svg>\n$/)
    expect(readFileSync(join(root, 'docs/paper', name), 'utf8').match(/<title>/g)?.length).toBe(13 * 58)
  }
})

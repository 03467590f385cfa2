/** The quick mode of every command of examples/README.md that has one gives rows of docs/paper, to the last digit. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { root } from '../root.ts'

const scratch = mkdtempSync(join(tmpdir(), 'selectability-quick-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const paper = join(root, 'docs/paper')
const rowsOf = (path: string): string[] => readFileSync(path, 'utf8').trim().split('\n')

/** Which file a quick run gives some rows of, its header among them, and how many. Figure 1 has a test of its own. */
const parts: Record<string, { file: string; rows: number }> = {
  majority: { file: 'majority.csv', rows: 1 + 3 },
  language: { file: 'language.csv', rows: 1 + 2 },
  ablation: { file: 'ablation-width.csv', rows: 1 + 4 * (11 + 12) },
}

const readme = readFileSync(join(root, 'examples/README.md'), 'utf8')
const commands = [...readme.matchAll(/`node (examples\/(\w+)\/index[.]mjs)`, or `--quick`/g)]

describe.each(commands.map(([, script, name]) => [name!, script!] as const).filter(([name]) => name !== 'figure1'))(
  'the quick mode of %s',
  (name, script) => {
    it('begins as the full run did', () => {
      const out = join(scratch, name)
      const env = { ...process.env, NODE_OPTIONS: '' }
      const args = [join(root, script), '--quick', '--out', out]
      const output = execFileSync(process.execPath, args, { encoding: 'utf8', env, stdio: 'pipe' })
      expect(output).toMatch(/[|] what +[|] paper +[|] ours +[|] agreement +[|]/)

      const { file, rows } = parts[name]!
      const quick = rowsOf(join(out, file))
      const full = new Set(rowsOf(join(paper, file)))
      expect(quick).toHaveLength(rows)
      expect(quick.filter((row) => !full.has(row))).toEqual([])
      for (const written of readdirSync(out)) expect(existsSync(join(paper, written)), written).toBe(true)
      // A minute at most on a quiet machine.
    }, 300_000)
  },
)

it('is there for every figure', () => {
  expect(commands.map(([, , name]) => name)).toEqual(expect.arrayContaining(['figure1', ...Object.keys(parts)]))
})

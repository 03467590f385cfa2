/** What must be trusted stays as small as docs/exactness.md says, file by file. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './root.ts'

/** Lines that are neither blank nor comment. */
function linesOfCode(file: string): number {
  const text = readFileSync(join(root, 'src/selectability', file), 'utf8').replace(/\/\*.*?\*\//gsu, '')
  return text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length
}

test('the table of trusted files counts their lines, and the judge has fewer than 400', () => {
  const page = readFileSync(join(root, 'docs/exactness.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z/]+\.ts)` +\| +(\d+) \|/gmu)].map(
    ([, file = '', lines]) => [file, Number(lines)] as const,
  )
  expect(rows.length).toBe(9)
  for (const [file, lines] of rows) expect(lines, file).toBe(linesOfCode(file))
  const judge = rows.slice(0, 6).reduce((sum, [, lines]) => sum + lines, 0)
  expect(judge).toBe(Number(/^\| together +\| +(\d+) \|/mu.exec(page)?.[1]))
  expect(judge).toBeLessThan(400)
})

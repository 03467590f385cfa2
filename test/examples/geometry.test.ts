/** The page about geometry says what its script finds. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../root.ts'

const words = (text: string): string[] =>
  text
    .replace(/[|]/gu, ' ')
    .replace(/-{3,}:?/gu, ' ')
    .split(/\s+/u)
    .filter(Boolean)

test('the demo in numbers is what node examples/geometry/index.mjs prints', () => {
  const printed = execFileSync(process.execPath, [join(root, 'examples/geometry/index.mjs')], { encoding: 'utf8' })
  const page = readFileSync(join(root, 'docs/geometry.md'), 'utf8')
  const section = /<!-- bench:demo -->([^]*?)<!-- \/bench:demo -->/u.exec(page)?.[1] ?? ''
  expect(words(section)).toEqual(words(printed))
  // Key 2 becomes unselectable just where criticalScale says.
  expect(printed).toMatch(/1\.599999 [|] selectable/u)
  expect(printed).toMatch(/1\.6 [|] unselectable/u)
})

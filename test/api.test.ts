/**
 * What the package shows and weighs: no public name, type or docstring changes unnoticed (`npm run api` writes what this compares,
 * and the difference is read in review), bundles stay small, and nothing lies about unused.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { entries, pathOf, report } from './api/report.mjs'
import { root } from './root.ts'

/** Runs the command of a package that is installed here. */
function run(
  name: string,
  command: string,
  ...args: string[]
): { stdout: string; stderr: string; status: number | null } {
  const manifest = join(root, 'node_modules', name, 'package.json')
  const { bin } = createRequire(import.meta.url)(manifest) as { bin: string | Record<string, string> }
  const script = join(dirname(manifest), typeof bin === 'string' ? bin : (bin[command] ?? ''))
  return spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
}

describe('the public API', () => {
  it.each(entries)('of %s is what test/api says (else: npm run api), and documented', (entry) => {
    const { text, warnings } = report(entry)
    expect(text).toBe(readFileSync(pathOf(entry), 'utf8'))
    expect(warnings.filter((warning) => !warning.startsWith('The API report file was missing'))).toEqual([])
  })
})

describe('the bundle', () => {
  it('stays within the sizes of .size-limit.json', () => {
    const { stdout, stderr } = run('size-limit', 'size-limit', '--json')
    expect(stderr).toBe('')
    const sizes = JSON.parse(stdout) as { name: string; passed: boolean; size: number }[]
    expect(sizes.length).toBe(5)
    expect(sizes.filter(({ passed }) => !passed)).toEqual([])
  })
})

describe('the sources', () => {
  it('have no file, export or dependency that nothing uses', () => {
    const { stdout, stderr, status } = run('knip', 'knip', '--no-progress')
    expect({ stdout: stdout.trim(), stderr: stderr.trim(), status }).toEqual({ stdout: '', stderr: '', status: 0 })
  })
})

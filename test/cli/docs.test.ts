/** The page about the command line: every `console` example is run, and prints what the page says, to the letter. */
import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../root.ts'
import { cli, workspace } from './run.ts'
import type { Workspace } from './run.ts'

interface Example {
  readonly line: number
  readonly commands: readonly string[]
  readonly text: string
}

const page = readFileSync(join(root, 'docs/cli.md'), 'utf8')

/** A fence holds commands after `$ `, each followed by all that it prints on either stream. */
function examplesOf(markdown: string): Example[] {
  return [...markdown.matchAll(/^```console\n([\s\S]*?)^```$/gmu)].map(({ 1: text = '', index }) => ({
    line: markdown.slice(0, index).split('\n').length + 1,
    commands: text.split('\n').flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : [])),
    text,
  }))
}

const examples = examplesOf(page)
let files: Workspace

beforeAll(() => {
  files = workspace()
  mkdirSync(join(files.path, 'bin'))
  files.write('bin/selectability', `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`)
  chmodSync(join(files.path, 'bin/selectability'), 0o755)
  symlinkSync(join(root, 'examples'), join(files.path, 'examples'))
})
afterAll(() => files.remove())

/** What a terminal would show: every command and all that it prints, `$?` being that of the command before. */
function run(commands: readonly string[]): string {
  const env = { ...process.env, PATH: `${join(files.path, 'bin')}:${process.env['PATH']}` }
  let before: number | null = 0
  let shown = ''
  for (const command of commands) {
    const args: string[] = ['-c', `exec 2>&1\n(exit ${before})\n${command}`]
    const { stdout, status } = spawnSync('/bin/sh', args, { cwd: files.path, env, encoding: 'utf8' })
    shown += `$ ${command}\n${stdout}`
    before = status
  }
  return shown
}

describe('docs/cli.md', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(5)
  })

  // In the order of the page: later examples use the files of earlier ones.
  it.each(examples)('line $line', ({ commands, text }) => {
    expect(commands.length).toBeGreaterThan(0)
    expect(run(commands)).toBe(text)
  })

  it('names every option of every command, and no other', async () => {
    const help = await Promise.all(
      ['check', 'merge', 'verify', 'attend', 'completion'].map((command) => files.run([command, '--help'])),
    )
    const options = (text: string): string[] => [...new Set(text.match(/--[a-z][a-z-]*/gu))].sort()
    const printed = options(help.map(({ stdout }) => stdout).join(''))
    expect(options(page).filter((option) => option !== '--version')).toEqual(printed)
  })
})

/** Runs the built command line as a user does, in a directory of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { root } from '../root.ts'

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

export interface Workspace {
  readonly path: string
  write(name: string, content: string | Uint8Array): string
  files(): string[]
  run(args: readonly string[], options?: { stdin?: string | Uint8Array; env?: NodeJS.ProcessEnv }): Promise<Outcome>
  remove(): void
}

export const cli = join(root, 'dist', 'cli.js')

export function workspace(): Workspace {
  const path = mkdtempSync(join(tmpdir(), 'selectability-cli-'))
  return {
    path,
    write(name, content) {
      writeFileSync(join(path, name), content)
      return name
    },
    files: () => readdirSync(path).sort(),
    run: (args, { stdin = '', env = {} } = {}) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [cli, ...args], { cwd: path, env: { ...process.env, ...env } })
        const outcome: Outcome = { code: null, stdout: '', stderr: '' }
        child.stdout.setEncoding('utf8').on('data', (text: string) => (outcome.stdout += text))
        child.stderr.setEncoding('utf8').on('data', (text: string) => (outcome.stderr += text))
        child.on('error', reject).on('close', (code) => resolve({ ...outcome, code }))
        // A command that does not read its stdin may be gone before this is written.
        child.stdin.on('error', () => undefined).end(stdin)
      }),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** Bad usage and bad input look like this, and say what is wrong. */
export function expectRefusal({ code, stdout, stderr }: Outcome, words: string | RegExp): void {
  expect(stderr).toMatch(/^selectability: [^\n]+\n$/u)
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+|internal|\bundefined\b/u)
  if (typeof words === 'string') expect(stderr).toContain(words)
  else expect(stderr).toMatch(words)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
}

/** Ctrl-C in a long check: it ends cleanly, and what it has proven is kept. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeNpy } from '../../src/cli/npy.ts'
import { randomKeys } from '../../src/testing/index.ts'
import { cli, workspace } from './run.ts'
import type { Outcome, Workspace } from './run.ts'

const n = 6000
const d = 48
let files: Workspace

beforeAll(() => {
  files = workspace()
  const { data } = randomKeys({ n, d, distribution: 'heavy', seed: 1 })
  files.write('keys.npy', writeNpy(Float64Array.from(data), [n, d]))
})
afterAll(() => files.remove())

/** Runs the command and sends it signals, each so many milliseconds after the one before. */
async function interrupted(args: readonly string[], signals: [NodeJS.Signals, number][]): Promise<Outcome> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: files.path })
  const outcome: Outcome = { code: null, stdout: '', stderr: '' }
  child.stdout.on('data', (text: Buffer) => (outcome.stdout += text.toString()))
  child.stderr.on('data', (text: Buffer) => (outcome.stderr += text.toString()))
  const ended = new Promise<Outcome>((resolve) => child.on('close', (code) => resolve({ ...outcome, code })))
  for (const [signal, after] of signals) {
    await new Promise((resolve) => setTimeout(resolve, after))
    child.kill(signal)
  }
  return ended
}

/** As `interrupted`, ever later until it has come far enough: how fast the machine is nobody knows. */
async function interruptedWhen(
  isFar: (outcome: Outcome) => boolean,
  args: readonly string[],
  signal: NodeJS.Signals,
): Promise<Outcome> {
  for (let after = 400; after < 60_000; after *= 1.3) {
    const outcome = await interrupted(args, [[signal, after]])
    // Before it listens, a signal ends it without a code and without a word.
    if (outcome.code === null) expect(outcome).toMatchObject({ stdout: '', stderr: '' })
    else expect(outcome.code, 'the check was over before it was stopped').toBeGreaterThanOrEqual(2)
    if (isFar(outcome)) return outcome
  }
  throw new Error('it never came so far')
}

describe('a check', () => {
  it.each<[NodeJS.Signals, number, string[], string]>([
    ['SIGINT', 130, ['--certificates', 'proofs.jsonl'], 'proofs.jsonl'],
    ['SIGTERM', 143, ['--shard', '1/2', '--format', 'ndjson', '--output', 'a.part'], 'a.part'],
  ])('that gets %s keeps its certificates', async (signal, code, args, target) => {
    files.write(target, 'what was there before\n')
    const isKept = ({ stderr }: Outcome): boolean => stderr.includes('.partial')
    const outcome = await interruptedWhen(isKept, ['check', 'keys.npy', ...args], signal)
    expect(outcome).toMatchObject({ code, stdout: '' })
    const { groups } =
      /^selectability: stopped with (?<decided>\d+) keys decided; their certificates are in (?<file>\S+)\n$/u.exec(
        outcome.stderr,
      ) as unknown as { groups: { decided: string; file: string } }
    expect(groups.file).toBe(`${target}.partial`)
    // The file of an earlier run is not touched, and no temporary one is left.
    expect(readFileSync(join(files.path, target), 'utf8')).toBe('what was there before\n')
    expect(files.files().filter((name) => name.startsWith('.'))).toEqual([])
    const kept = await files.run(['verify', 'keys.npy', groups.file, '--format', 'json'])
    const { valid, invalid } = JSON.parse(kept.stdout) as { valid: number; invalid: number }
    expect({ valid, invalid }).toEqual({ valid: Number(groups.decided), invalid: 0 })
  })

  it('with nothing to keep says how far it was', async () => {
    const outcome = await interruptedWhen(({ code }) => code !== null, ['check', 'keys.npy'], 'SIGINT')
    expect(outcome).toMatchObject({ code: 130, stdout: '' })
    expect(outcome.stderr).toMatch(/^selectability: stopped with \d+ keys? decided\n$/u)
    expect(files.files().filter((name) => name.startsWith('.'))).toEqual([])
  })
})

/** Completion scripts: bash runs its own, and each names every command, option and choice. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, workspace } from './run.ts'
import type { Workspace } from './run.ts'

const shells = ['bash', 'zsh', 'fish'] as const
const scripts = new Map<string, string>()
let files: Workspace

beforeAll(async () => {
  files = workspace()
  for (const shell of shells) {
    const { code, stdout, stderr } = await files.run(['completion', shell])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    scripts.set(shell, stdout)
  }
  files.write('script.bash', scripts.get('bash') ?? '')
  files.write('keys.npy', '')
})
afterAll(() => files.remove())

/** What bash offers at the end of these words. */
function complete(...words: string[]): string[] {
  const list = words.map((word) => `'${word}'`).join(' ')
  const script = `. ./script.bash; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _selectability; printf '%s\\n' "\${COMPREPLY[@]}"`
  const printed = execFileSync('bash', ['--norc', '-c', script], { cwd: join(files.path), encoding: 'utf8' })
  return printed.trim().split('\n')
}

describe('completion', () => {
  it('offers commands, options, choices and files in bash', () => {
    expect(complete('selectability', '')).toEqual(
      expect.arrayContaining(['check', 'verify', 'explain', 'attend', 'completion', '--version']),
    )
    expect(complete('selectability', 'ver')).toEqual(['verify'])
    expect(complete('selectability', 'check', '--tol')).toEqual(['--tolerance'])
    expect(complete('selectability', 'check', 'keys.npy', '--format', '')).toEqual(['table', 'json', 'ndjson'])
    expect(complete('selectability', 'check', 'k')).toEqual(['keys.npy'])
    expect(complete('selectability', 'check', '--bias', 'k')).toEqual(['keys.npy'])
    expect(complete('selectability', 'check', '--certificates', 'k')).toEqual(['keys.npy'])
    expect(complete('selectability', 'completion', 'f')).toEqual(['fish'])
    expect(complete('selectability', 'attend', '--caus')).toEqual(['--causal'])
  })

  it('offers no files where a number or a name is wanted', () => {
    for (const option of ['--tolerance', '--threads', '--shard', '--entry'])
      expect(complete('selectability', 'check', option, '')).toEqual([''])
    expect(scripts.get('zsh')).toMatch(/'--threads\[[^\]]*\]:value: '/u)
    expect(scripts.get('zsh')).toMatch(/'--bias\[[^\]]*\]:value:_files'/u)
    expect(scripts.get('fish')).toMatch(/check' -l threads -d '[^']*' -x\n/u)
    expect(scripts.get('fish')).toMatch(/check' -l bias -d '[^']*' -r\n/u)
  })

  it.each(shells)('knows every option in %s', async (shell) => {
    for (const command of ['check', 'verify', 'explain', 'attend']) {
      expect(scripts.get(shell)).toContain(command)
      const { stdout } = await files.run([command, '--help'])
      const usage = stdout.split('Examples:')[0] ?? ''
      for (const flag of new Set(usage.match(/--[a-z][a-z-]*/gu))) {
        expect(scripts.get(shell)).toContain(shell === 'fish' ? `-l ${flag.slice(2)} ` : flag)
      }
    }
  })

  it('refuses other shells', async () => {
    expectRefusal(await files.run(['completion', 'csh']), 'Allowed choices are bash, zsh, fish')
    expectRefusal(await files.run(['completion']), "missing required argument 'SHELL'")
  })
})

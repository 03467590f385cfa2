/** Input and surroundings that mean harm, or might as well: nothing hangs, nothing is overwritten, nothing is half said. */
import { spawn } from 'node:child_process'
import { linkSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeNpy } from '../../src/cli/npy.ts'
import { cli, expectRefusal, workspace } from './run.ts'
import type { Outcome, Workspace } from './run.ts'

const triangle = '0,0\n1,0\n0,1\n'

let files: Workspace
beforeEach(() => {
  files = workspace()
  files.write('keys.csv', triangle)
})
afterEach(() => files.remove())

/** A command of the shell, for what only a shell can redirect; `$CLI` is the command line. */
function shell(command: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CLI: `${process.execPath} ${cli}` }
    const child = spawn('/bin/sh', ['-c', command], { cwd: files.path, env })
    const outcome: Outcome = { code: null, stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (outcome.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (outcome.stderr += text))
    child.on('error', reject).on('close', (code) => resolve({ ...outcome, code }))
  })
}

const transforms = ['none', 'project', 'scale', 'layernorm', 'rmsnorm']

describe('keys that are no keys, under every transform', () => {
  it.each<[string, string, string | Uint8Array, string]>([
    ['NaN', 'bad.csv', '1,2\n3,nan\n', 'bad.csv: expected finite numbers, got NaN in row 1, column 1'],
    ['an infinity', 'bad.csv', '1,2\n-inf,4\n', 'bad.csv: expected finite numbers, got -Infinity in row 1, column 0'],
    ['NaN in a matrix of float32', 'bad.npy', writeNpy(Float32Array.of(1, 2, 3, NaN), [2, 2]), 'row 1, column 1'],
    ['no keys', 'bad.json', '[]', 'bad.json: expected at least 1 key, got 0'],
    ['no keys of many dimensions', 'bad.json', '{"data":[],"shape":[0,1e15]}', 'expected at least 1 key, got 0'],
    ['no dimensions', 'bad.json', '[[],[]]', 'bad.json: expected at least 1 dimension a key, got 0'],
    ['many keys of no dimensions', 'bad.json', '{"data":[],"shape":[1e15,0]}', 'expected at least 1 dimension a key'],
    ['one dimension', 'bad.json', '[1,2]', 'bad.json: expected 2 dimensions, got 1'],
    ['no axis at all', 'bad.json', '{"data":[1],"shape":[]}', 'bad.json: expected 2 dimensions, got 0'],
  ])('%s', async (_, name, content, words) => {
    files.write(name, content)
    const runs = transforms.map((transform) => files.run(['check', name, '--transform', transform]))
    for (const outcome of await Promise.all(runs)) expectRefusal(outcome, words)
  })
})

const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('JSON', () => {
  it.each<[string, string, RegExp]>([
    ['rows nested a million deep', deep(1e6), /bad\.json: row 0, column 0: expected a number, got an array$/mu],
    [
      'a shape nested as deep',
      `{"data":[1],"shape":${deep(1e6)}}`,
      /shape: expected .* integers >= 0, got an array$/mu,
    ],
    ['dims of much text', `{"data":[1],"dims":"${'x'.repeat(1e6)}"}`, /dims: expected .* got the string "x{39}…"$/mu],
    ['a shape that is null', '{"data":[1],"shape":null}', /shape: expected .* got nothing$/mu],
    [
      'keys only in __proto__',
      '{"__proto__":{"data":[1],"shape":[1,1]}}',
      /expected an array of rows.*got an object$/mu,
    ],
    ['a row with a __proto__', '[[1],{"__proto__":[2]}]', /row 1: expected an array of numbers, got an object$/mu],
    ['a document cut short', '[[1,2],[3', /bad\.json: expected JSON \(.+\)$/mu],
    ['two documents', '[[1]]\n[[2]]', /bad\.json: expected JSON \(.+\)$/mu],
  ])('refuses %s', async (_, content, words) => {
    files.write('bad.json', content)
    const outcome = await files.run(['check', 'bad.json'])
    expectRefusal(outcome, words)
    expect(outcome.stderr.length).toBeLessThan(400)
  })

  it('does not let __proto__ change anything', async () => {
    files.write('keys.json', '{"data":[1,2],"shape":[2,1],"__proto__":{"stride":[0,0],"offset":1}}')
    expect((await files.run(['check', 'keys.json'])).code).toBe(0)
    files.write('proof.jsonl', '{"__proto__":{"verdict":"selectable","key":0,"query":[1],"margin":1,"runnerUp":1}}\n')
    const { code, stdout } = await files.run(['verify', 'keys.json', 'proof.jsonl'])
    expect(code).toBe(1)
    expect(stdout).toContain('certificate: expected a field verdict')
  })
})

describe('certificates', () => {
  const proof = '{"verdict":"selectable","key":1,"query":[1,0],"margin":1,"runnerUp":0}'

  it.each<[string, string, number]>([
    ['a byte order mark and Windows line ends', `\ufeff${proof}\r\n${proof}\r\n\r\n`, 2],
    ['no line end', proof, 1],
    ['more lines than a buffer holds', `${proof}\n`.repeat(2000), 2000],
    ['one line longer than a buffer', `${proof.slice(0, -1)},"note":"${'é\u2028'.repeat(50_000)}"}\n`, 1],
  ])('with %s', async (_, content, lines) => {
    files.write('proofs.jsonl', content)
    for (const [args, stdin] of [
      [['verify', 'keys.csv', 'proofs.jsonl', '--format', 'json'], ''],
      [['verify', 'keys.csv', '-', '--format', 'json'], content],
    ] as const) {
      const { code, stdout, stderr } = await files.run(args, { stdin })
      expect({ code, stderr, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 0, stderr: '', valid: lines })
    }
  })

  it.each<[string, string | Uint8Array, string]>([
    ['UTF-16', Buffer.from(`\ufeff${proof}`, 'utf16le'), 'proofs.jsonl: expected UTF-8 text'],
    ['cut within a character', Buffer.from(`${proof}é`).subarray(0, -1), 'proofs.jsonl: expected UTF-8 text'],
    ['cut within a line', `${proof}\n${proof.slice(0, 30)}`, 'proofs.jsonl: line 2: expected JSON ('],
    ['an .npy file', writeNpy(Float64Array.of(1), [1, 1]), 'proofs.jsonl: expected UTF-8 text'],
    ['the keys', triangle, 'proofs.jsonl: line 1: expected JSON ('],
  ])('that are %s are refused', async (_, content, words) => {
    files.write('proofs.jsonl', content)
    expectRefusal(await files.run(['verify', 'keys.csv', 'proofs.jsonl']), words)
  })

  it.each<[string, string]>([
    ['nested a million deep', `{"verdict":${deep(1e6)},"key":0}`],
    ['of a megabyte', `{"verdict":"${'x'.repeat(1e6)}","key":0}`],
    ['with terminal escapes', '{"verdict":"\\u001b[31m\\u0007","key":0}'],
  ])('with a verdict %s are invalid, in few words', async (_, line) => {
    files.write('proofs.jsonl', `${line}\n`)
    for (const format of ['table', 'json', 'ndjson']) {
      const { code, stdout, stderr } = await files.run(['verify', 'keys.csv', 'proofs.jsonl', '--format', format])
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
      expect(stdout.length).toBeLessThan(700)
      expect(stdout).not.toMatch(/[^\P{Cc}\n]/u)
    }
  })
})

describe('an input is never overwritten', () => {
  it.each<[string, string]>([
    ['the same name', 'keys.csv'],
    ['another path', '././keys.csv'],
    ['a symbolic link', 'soft.csv'],
    ['a hard link', 'hard.csv'],
    ['a linked directory', 'there/keys.csv'],
  ])('under %s', async (_, target) => {
    symlinkSync('keys.csv', join(files.path, 'soft.csv'))
    linkSync(join(files.path, 'keys.csv'), join(files.path, 'hard.csv'))
    symlinkSync('.', join(files.path, 'there'))
    expectRefusal(await files.run(['check', 'keys.csv', '--certificates', target]), `${target} is read from`)
    files.write('ones.csv', '1,1\n2,2\n3,4\n')
    const biased = ['check', 'ones.csv', '--bias', 'keys.csv', '--certificates', target]
    expectRefusal(await files.run(biased), `${target} is read from`)
    const piped = await shell(`$CLI check - --input-format csv --certificates ${target} <keys.csv`)
    expectRefusal(piped, `${target} is read from`)
    expect(readFileSync(join(files.path, 'keys.csv'), 'utf8')).toBe(triangle)
  })

  it.each(['/dev/stdout', 'out'])('nor is the table, by certificates to %s', async (target) => {
    const { code, stderr } = await shell(`$CLI check keys.csv --certificates ${target} >out`)
    expectRefusal({ code, stderr, stdout: readFileSync(join(files.path, 'out'), 'utf8') }, 'which is stdout')
  })

  it('but certificates may go to /dev/null with the table', async () => {
    expect(await shell('$CLI check keys.csv --certificates /dev/null >/dev/null')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
  })
})

describe.skipIf(process.platform !== 'linux')('a full disk', () => {
  it.each(['check keys.csv', 'check keys.csv --format ndjson', '--help', 'check --help', '--version'])(
    'fails %s in one line',
    async (args) => {
      expectRefusal(await shell(`$CLI ${args} >/dev/full`), 'stdout: no space left')
    },
  )

  it('fails certificates in one line', async () => {
    expectRefusal(await files.run(['check', 'keys.csv', '--certificates', '/dev/full']), '/dev/full: no space left')
  })
})

describe('streams that are closed', () => {
  it.each(['--help', 'check keys.csv', 'check keys.csv --format ndjson', 'verify keys.csv proofs.jsonl'])(
    'do not matter to %s',
    async (args) => {
      await shell('$CLI check keys.csv --certificates proofs.jsonl')
      expect(await shell(`($CLI ${args}; echo $? >&2) | true`)).toEqual({ code: 0, stdout: '', stderr: '0\n' })
      expect(await shell(`$CLI ${args} >&-`)).toEqual({ code: 0, stdout: '', stderr: '' })
    },
  )

  it('leave the exit code of a failure', async () => {
    expect(await shell('$CLI check missing.csv 2>&-')).toEqual({ code: 2, stdout: '', stderr: '' })
    expectRefusal(await shell('$CLI check - --input-format csv <&-'), 'stdin: ')
  })
})

describe('Ctrl-C', () => {
  // A shell reports 130 for a process that SIGINT has ended.
  it('ends a command that waits, and leaves no file', async () => {
    const args = [cli, 'check', '-', '--input-format', 'csv', '--certificates', 'proofs.jsonl']
    const child = spawn(process.execPath, args, { cwd: files.path })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.stdin.write(triangle)
    setTimeout(() => child.kill('SIGINT'), 500)
    const ended = await new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })))
    expect({ ended, stderr }).toEqual({ ended: { code: null, signal: 'SIGINT' }, stderr: '' })
    expect(files.files()).toEqual(['keys.csv'])
  })
})

describe('names', () => {
  it('may be as long as the file system allows', async () => {
    const name = 'x'.repeat(255)
    expect((await files.run(['check', 'keys.csv', '--certificates', name])).code).toBe(0)
    expect(files.files()).toEqual(['keys.csv', name])
    expectRefusal(await files.run(['check', 'keys.csv', '--certificates', `${name}x`]), 'name too long')
  })

  it('may look like options after --, and like formats in any case', async () => {
    files.write('--exact.CSV', triangle)
    expect((await files.run(['check', '--', '--exact.CSV'])).code).toBe(0)
    mkdirSync(join(files.path, 'dir.csv'))
    expectRefusal(await files.run(['check', 'dir.csv/keys']), 'dir.csv/keys: no such file or directory')
  })
})

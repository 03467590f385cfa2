/** Bad usage and bad input: one clear line on stderr, exit code 2, nothing on stdout, no file left behind. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeNpy } from '../../src/cli/npy.ts'
import manifest from '../../package.json' with { type: 'json' }
import { expectRefusal, workspace } from './run.ts'
import type { Workspace } from './run.ts'

const triangle = '0,0\n1,0\n0,1\n'
const proof = '{"verdict":"selectable","key":1,"query":[1,0],"margin":1,"runnerUp":0}\n'

let files: Workspace
beforeEach(() => {
  files = workspace()
  files.write('keys.csv', triangle)
})
afterEach(() => files.remove())

describe('help and version', () => {
  it.each([['--version'], ['-V']])('%s prints the version of the package', async (flag) => {
    expect(await files.run([flag])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' })
  })

  it.each([['--help'], ['-h'], ['help']])('%s lists commands, formats and exit codes', async (flag) => {
    const { code, stdout, stderr } = await files.run([flag])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const word of ['check', 'verify', 'npy, npz, safetensors, csv, tsv, json, jsonl', 'Exit codes', 'NO_COLOR'])
      expect(stdout).toContain(word)
  })

  it.each([[], ['check'], ['merge'], ['verify'], ['explain'], ['attend'], ['completion']])(
    '%s --help fits a terminal of 80 columns',
    async (...command) => {
      const { stdout } = await files.run([...command, '--help'])
      expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([])
    },
  )

  it.each(['check', 'verify'])('%s --help lists every option', async (command) => {
    const { code, stdout } = await files.run([command, '--help'])
    expect(code).toBe(0)
    const shared = ['--input-format', '--transform', '--eps', '--bias', '--tolerance', '--exact', '--format']
    for (const option of shared) expect(stdout).toContain(option)
    expect(stdout.includes('--certificates')).toBe(command === 'check')
  })
})

describe('bad usage', () => {
  it.each<[string, string[], string]>([
    ['no command', [], 'expected a command'],
    ['an unknown command', ['chekc', 'keys.csv'], "unknown command 'chekc' (Did you mean check?)"],
    ['an unknown option', ['check', 'keys.csv', '--exat'], "unknown option '--exat' (Did you mean --exact?)"],
    ['an unknown option before the command', ['--nope', 'check'], "unknown option '--nope'"],
    ['help about nothing known', ['help', 'chekc'], 'expected a command'],
    ['no keys', ['check'], "missing required argument 'KEYS'"],
    ['no certificates', ['verify', 'keys.csv'], "missing required argument 'CERTIFICATES'"],
    ['too many arguments', ['check', 'keys.csv', 'keys.csv'], 'too many arguments'],
    ['an option without its value', ['check', 'keys.csv', '--tolerance'], 'argument missing'],
    ['a negative tolerance', ['check', 'keys.csv', '--tolerance', '-1'], '--tolerance: expected a finite number >= 0'],
    ['a tolerance that is no number', ['check', 'keys.csv', '--tolerance=NaN'], 'got "NaN"'],
    ['an infinite tolerance', ['check', 'keys.csv', '--tolerance', 'Infinity'], 'got "Infinity"'],
    ['a hexadecimal tolerance', ['check', 'keys.csv', '--tolerance', '0x1'], 'got "0x1"'],
    ['an empty tolerance', ['check', 'keys.csv', '--tolerance', ''], 'got nothing'],
    ['exact and a tolerance', ['check', 'keys.csv', '--exact', '--tolerance', '1'], '--exact: expected no --tolerance'],
    ['a negative eps', ['check', 'keys.csv', '--transform', 'scale', '--eps', '-1'], '--eps: expected a finite number'],
    ['eps with nothing to use it', ['check', 'keys.csv', '--eps', '1'], '--eps: expected --transform'],
    ['an unknown transform', ['check', 'keys.csv', '--transform', 'norm'], 'Allowed choices are none, project, scale'],
    ['an unknown format', ['check', 'keys.csv', '--format', 'xml'], 'Allowed choices are table, json, ndjson'],
    ['an unknown input format', ['check', '-', '--input-format', 'xls'], 'Allowed choices are npy, npz, safetensors'],
    ['stdin of no known format', ['check', '-'], 'stdin: expected a known extension, or --input-format'],
    ['a bias from stdin', ['check', 'keys.csv', '--bias', '-'], '--bias: expected a file'],
    ['options of other commands', ['verify', 'keys.csv', 'x', '--threads', '2'], "unknown option '--threads'"],
    ['a file without a name', ['check', ''], "'': no such file or directory"],
    [
      'keys and certificates from stdin',
      ['verify', '-', '-', '--input-format', 'csv'],
      'CERTIFICATES: expected a file',
    ],
    ['certificates to stdout', ['check', 'keys.csv', '--certificates', '-'], '--format ndjson'],
    ['certificates over the keys', ['check', 'keys.csv', '--certificates', './keys.csv'], 'is read from'],
    ['certificates to a directory', ['check', 'keys.csv', '--certificates', '.'], 'is a directory'],
    ['certificates to nowhere', ['check', 'keys.csv', '--certificates', 'no/c'], 'no such file or directory'],
  ])('%s', async (_, args, words) => {
    expectRefusal(await files.run(args, { stdin: triangle }), words)
    expect(files.files()).toEqual(['keys.csv'])
  })

  it('accepts --exact beside --tolerance 0', async () => {
    expect((await files.run(['check', 'keys.csv', '--exact', '--tolerance', '0'])).code).toBe(0)
  })
})

const npy = writeNpy(Float32Array.of(0, 0, 1, 0, 0, 1), [3, 2])
const objects = Buffer.from(Buffer.from(npy).toString('latin1').replace("'<f4'", "'|O' "), 'latin1')

describe('bad input', () => {
  it.each<[string, string, string | Uint8Array, string]>([
    ['an empty file', 'bad.csv', '', 'bad.csv: is empty'],
    ['an empty .npy', 'bad.npy', '', 'bad.npy: is empty'],
    ['an unknown extension', 'bad.txt', triangle, 'bad.txt: expected a known extension, or --input-format'],
    ['a header of other length', 'bad.csv', `x\n${triangle}`, 'bad.csv: line 1: expected 2 names, one a column, got 1'],
    ['a word', 'bad.csv', '1,2\n3,four\n', 'bad.csv: line 2, column 2: expected a number, got "four"'],
    ['ragged CSV', 'bad.csv', '1,2\n3\n', 'bad.csv: line 2: expected 2 numbers'],
    ['NaN', 'bad.csv', '1,2\n3,nan\n', 'row 1, column 1'],
    ['an infinity', 'bad.tsv', '1\t-inf\n', 'row 0, column 1'],
    ['a number too large', 'bad.csv', '1,1e999\n', 'bad.csv: line 1, column 2: expected a number within float64'],
    ['UTF-16', 'bad.csv', Buffer.from('\ufeff1,2\n', 'utf16le'), 'bad.csv: expected UTF-8 text'],
    ['ragged JSON', 'bad.json', '[[1,2],[3]]', 'bad.json: row 1: expected 2 numbers'],
    ['broken JSON over lines', 'bad.json', '[[1,2],\n\n[3,\n x]]', 'bad.json: '],
    ['JSON of another kind', 'bad.json', '"keys"', 'bad.json: expected an array of rows'],
    ['one dimension', 'bad.json', '[1,2]', 'expected 2 dimensions, got 1'],
    ['three dimensions', 'bad.json', '{"data":[1],"shape":[1,1,1]}', 'expected 2 dimensions, got 3'],
    ['no keys', 'bad.npy', writeNpy(new Float64Array(0), [0, 3]), 'expected at least 1 key, got 0'],
    ['no dimensions', 'bad.json', '[[],[]]', 'expected at least 1 dimension'],
    ['a broken JSON line', 'bad.jsonl', '[1,2]\n[3,\n', 'bad.jsonl: line 2: '],
    ['an .npy cut in its header', 'bad.npy', npy.subarray(0, 40), 'bad.npy: expected a header of 118 bytes, got 30'],
    [
      'an .npy cut in its data',
      'bad.npy',
      npy.subarray(0, -1),
      'bad.npy: expected 24 bytes of f4 for shape (3, 2), got 23',
    ],
    ['an .npy of Python objects', 'bad.npy', objects, 'bad.npy: expected a dtype among'],
    ['text named .npy', 'bad.npy', triangle, 'bad.npy: expected a .npy file'],
    ['an .npy named .csv', 'bad.csv', npy, 'bad.csv: expected UTF-8 text'],
  ])('%s', async (_, name, content, words) => {
    files.write(name, content)
    const before = files.files()
    expectRefusal(await files.run(['check', name, '--certificates', 'proofs.jsonl']), words)
    files.write('proof.jsonl', proof)
    expectRefusal(await files.run(['verify', name, 'proof.jsonl']), words)
    expect(files.files()).toEqual([...before, 'proof.jsonl'].sort())
  })

  it('names a missing file and a directory', async () => {
    mkdirSync(join(files.path, 'dir.npy'))
    expectRefusal(await files.run(['check', 'no\n.npy']), 'no .npy: no such file or directory')
    expectRefusal(await files.run(['check', 'dir.npy']), 'dir.npy: is a directory')
    expectRefusal(await files.run(['check', '.']), '.: is a directory')
    expectRefusal(await files.run(['verify', 'keys.csv', '.']), '.: is a directory')
    expectRefusal(await files.run(['verify', 'keys.csv', 'no.jsonl']), 'no.jsonl: no such file or directory')
  })

  it('names what is wrong on stdin', async () => {
    const args = ['check', '-', '--input-format', 'csv']
    expectRefusal(await files.run(args), 'stdin: is empty')
    expectRefusal(await files.run(args, { stdin: '1,x\n' }), 'stdin: line 1, column 2: expected a number, got "x"')
  })

  it.each<[string, string, string]>([
    ['too short', '1\n2\n', 'bias.csv: expected 3 numbers, one a key, got 2'],
    ['a matrix', '1,2\n3,4\n', 'bias.csv: expected one row or one column of numbers, got shape [2, 2]'],
    ['not finite', '1\nnan\n2\n', 'bias.csv: expected finite numbers, got NaN for key 1'],
    ['a word', '1\ntwo\n3\n', 'bias.csv: line 2, column 1: expected a number, got "two"'],
  ])('a bias that is %s', async (_, bias, words) => {
    files.write('bias.csv', bias)
    expectRefusal(await files.run(['check', 'keys.csv', '--bias', 'bias.csv']), words)
    files.write('proof.jsonl', proof)
    expectRefusal(await files.run(['verify', 'keys.csv', 'proof.jsonl', '--bias', 'bias.csv']), words)
  })

  it('lists the first sizes of a bias of many axes', async () => {
    files.write('bias.json', JSON.stringify({ data: Array(4).fill(1), shape: [2, 2, ...Array<number>(400).fill(1)] }))
    expectRefusal(
      await files.run(['check', 'keys.csv', '--bias', 'bias.json']),
      'bias.json: expected one row or one column of numbers, got shape [2, 2, 1, 1, 1, 1, 1, 1, …]',
    )
  })

  it.each<[string, string, string]>([
    ['empty', '', 'proof.jsonl: is empty'],
    ['blank', '\n\n', 'proof.jsonl: expected one certificate a line'],
    ['no JSON', `${proof}{"verdict":\n`, 'proof.jsonl: line 2: '],
    ['a blank line', `${proof}\n${proof}`, 'proof.jsonl: line 2: expected JSON, got a blank line'],
  ])('certificates that are %s', async (_, content, words) => {
    files.write('proof.jsonl', content)
    expectRefusal(await files.run(['verify', 'keys.csv', 'proof.jsonl']), words)
  })
})

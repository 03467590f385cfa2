/** `verify`: what `check` wrote is accepted, and whoever corrupts a line hears which one and why. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectRefusal, workspace } from './run.ts'
import type { Workspace } from './run.ts'
import { csv } from './square.ts'

let files: Workspace
beforeEach(() => {
  files = workspace()
  files.write('keys.csv', csv)
})
afterEach(() => files.remove())

describe('verify', () => {
  const proofs = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await files.run(['check', 'keys.csv', '--format', 'ndjson', ...args])
    return stdout.trimEnd().split('\n')
  }
  const write = (lines: readonly string[]): string => files.write('proofs.jsonl', `${lines.join('\n')}\n`)

  it.each<[string, string]>([
    ['', 'default tolerance'],
    ['--exact', 'exact'],
    ['--tolerance 0', 'exact'],
    ['--tolerance 0.25', 'tolerance 0.25'],
    ['--transform project --exact', 'exact'],
    ['--transform scale', 'default tolerance'],
    ['--transform rmsnorm --tolerance 1e-9', 'tolerance 1.00e-9'],
    ['--transform layernorm --eps 1', 'default tolerance'],
  ])('accepts what check %s wrote', async (options, words) => {
    const args = options.split(' ').filter((word) => word !== '')
    write(await proofs(...args))
    const { code, stdout, stderr } = await files.run(['verify', 'keys.csv', 'proofs.jsonl', ...args])
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `6 certificates for 6 keys in 2 dimensions, ${words}\n\n  valid    6\n  invalid  0\n`,
      stderr: '',
    })
  })

  it('accepts what check wrote under a bias', async () => {
    files.write('bias.json', '[0,0,0,0,0,9]')
    write(await proofs('--bias', 'bias.json'))
    expect((await files.run(['verify', 'keys.csv', 'proofs.jsonl', '--bias', 'bias.json'])).code).toBe(0)
    expect((await files.run(['verify', 'keys.csv', 'proofs.jsonl'])).code).toBe(1)
  })

  it('reads either input from stdin', async () => {
    const lines = await proofs()
    write(lines)
    const keys = ['verify', '-', 'proofs.jsonl', '--input-format', 'csv']
    expect((await files.run(keys, { stdin: csv })).code).toBe(0)
    expect((await files.run(['verify', 'keys.csv', '-'], { stdin: `${lines.join('\n')}\n` })).code).toBe(0)
  })

  it.each<[string, number, (line: string) => string, RegExp]>([
    ['a query turned round', 1, (line) => line.replace(/"query":\[[^\]]*\]/u, '"query":[-1,0]'), /2 {4}1 {2}query/u],
    [
      'a query without direction',
      0,
      (line) => line.replace(/"query":\[[^\]]*\]/u, '"query":[0,0]'),
      /1 {4}0 {2}query/u,
    ],
    ['a margin too large', 3, (line) => line.replace(/"margin":[^,}]*/u, '"margin":9'), /4 {4}3 {2}margin/u],
    ['a key out of range', 3, (line) => line.replace(/"key":3/u, '"key":6'), /4 .*key/u],
    ['another key', 5, (line) => line.replace(/"key":5/u, '"key":0'), /6 {4}0 {2}/u],
    ['a weight too small', 5, (line) => line.replace(/"weights":\[[^,\]]*/u, '"weights":[1e-9'), /6 {4}5 {2}weights/u],
    ['weights of text', 5, (line) => line.replace(/"weights":\[[^\]]*/u, '"weights":["a"'), /6 .*weights/u],
    ['no weights', 5, (line) => line.replace(/"weights"/u, '"heights"'), /6 .*weights/u],
    ['an unknown verdict', 4, (line) => line.replace('tied', 'tired'), /5 .*verdict/u],
    ['a lesser verdict', 4, (line) => line.replace('"tied"', '"selectable"'), /5 /u],
    ['no record', 0, () => '42', /1 /u],
    ['null', 0, () => 'null', /1 /u],
    ['an empty record', 0, () => '{}', /1 /u],
  ])('names the line of %s', async (_, at, corrupt, reason) => {
    const lines = await proofs('--exact')
    const line = corrupt(lines[at] ?? '')
    expect(line).not.toBe(lines[at])
    write(lines.map((other, index) => (index === at ? line : other)))
    const args = ['verify', 'keys.csv', 'proofs.jsonl', '--exact']
    const { code, stdout, stderr } = await files.run(args)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toContain('6 certificates for 6 keys in 2 dimensions, exact\n\n  valid    5\n  invalid  1\n')
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(reason)
    const json = JSON.parse((await files.run([...args, '--format', 'json'])).stdout) as { failures: { line: number }[] }
    expect(json).toMatchObject({ valid: 5, invalid: 1, failures: [{ line: at + 1 }] })
    const ndjson = (await files.run([...args, '--format', 'ndjson'])).stdout.trimEnd().split('\n')
    expect(ndjson.map((text) => (JSON.parse(text) as { valid: boolean }).valid)).toEqual(
      lines.map((_line, index) => index !== at),
    )
  })

  it('names keys that have no certificate, and keys that have more than one', async () => {
    const [first = '', second = '', ...others] = await proofs('--exact')
    write([first, first, others[0] ?? '', '{"verdict":"tied","key":99}'])
    const args = ['verify', 'keys.csv', 'proofs.jsonl', '--exact']
    expect(await files.run(args)).toEqual({
      code: 1,
      stdout: `4 certificates for 6 keys in 2 dimensions, exact

  valid    3
  invalid  1

  no certificate for 4 keys: 1, 3, 4, 5
  more than one for key 0

  line  key  reason
     4       certificate: expected a field support
`,
      stderr: '',
    })
    expect(JSON.parse((await files.run([...args, '--format', 'json'])).stdout)).toEqual({
      valid: 3,
      invalid: 1,
      missing: [1, 3, 4, 5],
      repeated: [0],
      failures: [{ line: 4, reason: 'certificate: expected a field support' }],
    })
    write([second])
    expect((await files.run(args)).code).toBe(0)
  })

  it('lists at most ten of them', async () => {
    files.write('many.csv', '1\n'.repeat(30))
    const { stdout } = await files.run(['check', 'many.csv', '--format', 'ndjson'])
    write(stdout.trimEnd().split('\n').slice(0, 2))
    expect((await files.run(['verify', 'many.csv', 'proofs.jsonl'])).stdout).toContain(
      '\n  no certificate for 28 keys: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 18 more\n',
    )
  })

  it.each(['1.5', '-1', '1e300', '"0"', 'null', '4294967296'])('takes %s for no key', async (key) => {
    const lines = await proofs('--exact')
    write([...lines, (lines[0] ?? '').replace('"key":0', `"key":${key}`)])
    const { code, stdout } = await files.run(['verify', 'keys.csv', 'proofs.jsonl', '--exact', '--format', 'json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      valid: 6,
      invalid: 1,
      missing: [],
      repeated: [],
      failures: [{ line: 7 }],
    })
  })

  it('does not accept certificates of other keys', async () => {
    write(await proofs('--exact'))
    files.write('other.csv', csv.replace('2,2', '9,9'))
    expect((await files.run(['verify', 'other.csv', 'proofs.jsonl', '--exact'])).code).toBe(1)
  })

  it('refuses keys that are no keys, rather than call every certificate invalid', async () => {
    write(await proofs())
    files.write('nan.csv', csv.replace('2,2', '2,nan'))
    expectRefusal(await files.run(['verify', 'nan.csv', 'proofs.jsonl']), 'row 3, column 1')
  })
})

/** What users do: check keys in any format, keep the certificates, verify them, and hear of it when one is corrupt. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeNpy } from '../../src/cli/npy.ts'
import { cli, expectRefusal, workspace } from './run.ts'
import type { Workspace } from './run.ts'

/** The corners of a square, a point of an edge, and the centre. */
const rows = [
  [0, 0],
  [2, 0],
  [0, 2],
  [2, 2],
  [1, 0],
  [1, 1],
]
const n = rows.length
const verdicts = ['selectable', 'selectable', 'selectable', 'selectable', 'tied', 'unselectable']
const counts = { selectable: 4, tied: 1, unselectable: 1 }
const csv = rows.map((row) => `${row.join(',')}\n`).join('')
const flat = rows.flat()

interface Summary {
  n: number
  d: number
  tolerance: number
  counts: typeof counts
  verdicts: string[]
}

let files: Workspace
beforeEach(() => {
  files = workspace()
  files.write('keys.csv', csv)
})
afterEach(() => files.remove())

async function summary(...args: string[]): Promise<Summary> {
  const { code, stdout, stderr } = await files.run(['check', ...args, '--format', 'json'])
  const found = JSON.parse(stdout) as Summary
  expect({ code, stderr }).toEqual({ code: found.counts.selectable === found.n ? 0 : 1, stderr: '' })
  return found
}

describe('check', () => {
  it('prints a table', async () => {
    const { code, stdout, stderr } = await files.run(['check', 'keys.csv', '--exact'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toBe(`6 keys in 2 dimensions, exact

  selectable    4  66.7%
  tied          1  16.7%
  unselectable  1  16.7%

  key  verdict
    4  tied
    5  unselectable
`)
  })

  it('lists at most 20 keys, and exits with 0 when there are none to list', async () => {
    files.write('many.csv', '1\n'.repeat(45))
    const { stdout } = await files.run(['check', 'many.csv'])
    expect(stdout).toContain('45 keys in 1 dimension, tolerance ')
    expect(stdout.trimEnd().split('\n').slice(-2)).toEqual(['   19  tied', '  … and 25 more'])
    files.write('one.csv', '1,2\n')
    expect(await files.run(['check', 'one.csv', '--exact'])).toEqual({
      code: 0,
      stdout:
        '1 key in 2 dimensions, exact\n\n  selectable    1  100.0%\n  tied          0    0.0%\n  unselectable  0    0.0%\n',
      stderr: '',
    })
  })

  it.each<[string, string | Uint8Array]>([
    ['k.csv', `\ufeff${csv.replaceAll('\n', '\r\n')}`],
    ['k.tsv', csv.replaceAll(',', '\t')],
    ['k.json', JSON.stringify(rows)],
    ['shape.json', JSON.stringify({ data: flat, shape: [n, 2] })],
    ['dims.json', JSON.stringify({ data: flat, dims: [n, 2] })],
    ['k.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join('')],
    ['k.ndjson', rows.map((row) => `${JSON.stringify(row)}\n`).join('')],
    ['f8.npy', writeNpy(Float64Array.from(flat), [n, 2])],
    ['f4.npy', writeNpy(Float32Array.from(flat), [n, 2])],
    ['i1.NPY', writeNpy(Int8Array.from(flat), [n, 2])],
  ])('reads %s', async (name, content) => {
    files.write(name, content)
    expect(await summary(name, '--exact')).toEqual({ n, d: 2, tolerance: 0, counts, verdicts })
  })

  it('keeps float32, whose default tolerance is 2^29 times that of float64', async () => {
    files.write('f8.npy', writeNpy(Float64Array.from(flat), [n, 2]))
    files.write('f4.npy', writeNpy(Float32Array.from(flat), [n, 2]))
    const { tolerance } = await summary('f8.npy')
    expect(tolerance).toBeGreaterThan(0)
    expect((await summary('f4.npy')).tolerance / tolerance).toBeCloseTo(2 ** 29, 0)
    for (const transform of ['project', 'scale', 'layernorm', 'rmsnorm']) {
      const single = await summary('f4.npy', '--transform', transform)
      expect(single.tolerance).toBeGreaterThan((await summary('f8.npy', '--transform', transform)).tolerance * 2 ** 28)
    }
  })

  it('reads stdin', async () => {
    const args = ['check', '-', '--format', 'json', '--exact', '--input-format']
    const bytes = writeNpy(Float64Array.from(flat), [n, 2])
    for (const [format, stdin] of [
      ['csv', csv],
      ['npy', bytes],
    ] as const) {
      const { code, stdout } = await files.run([...args, format], { stdin })
      expect(code).toBe(1)
      expect((JSON.parse(stdout) as Summary).verdicts).toEqual(verdicts)
    }
  })

  it('takes --input-format over the extension', async () => {
    files.write('keys.data', csv)
    expect((await summary('keys.data', '--input-format', 'csv', '--exact')).verdicts).toEqual(verdicts)
    files.write('tabs.csv', csv.replaceAll(',', '\t'))
    expect((await summary('tabs.csv', '--input-format', 'tsv', '--exact')).verdicts).toEqual(verdicts)
  })

  it('transforms keys first, with eps', async () => {
    files.write('ray.csv', '1,0\n2,0\n0,1\n')
    expect((await summary('ray.csv')).verdicts[0]).toBe('selectable')
    expect((await summary('ray.csv', '--transform', 'scale')).verdicts).toEqual(['tied', 'tied', 'selectable'])
    expect((await summary('ray.csv', '--transform', 'rmsnorm', '--eps', '0')).verdicts[0]).toBe('tied')
    expect((await summary('ray.csv', '--transform', 'rmsnorm')).verdicts[0]).toBe('selectable')
    expect((await summary('ray.csv', '--transform', 'scale', '--eps', '1')).verdicts[0]).toBe('selectable')
    files.write('shift.csv', '1,2\n11,12\n5,9\n')
    expect((await summary('shift.csv', '--transform', 'project', '--exact')).verdicts).toEqual([
      'tied',
      'tied',
      'selectable',
    ])
    expect((await summary('shift.csv', '--transform', 'layernorm')).counts.selectable).toBeLessThan(3)
  })

  it.each(['0\n0\n0\n0\n0\n9\n', '0,0,0,0,0,9\n'])('adds a bias, as a row or a column', async (bias) => {
    files.write('bias.csv', bias)
    expect((await summary('keys.csv', '--bias', 'bias.csv')).verdicts[5]).toBe('selectable')
  })

  // Keys 0 and 1 lie 2/√5 ≈ 0.894 from the hull of the others, keys 2 and 3 at least √2.
  it('takes a tolerance', async () => {
    const { tolerance, verdicts: found } = await summary('keys.csv', '--tolerance', '0.9')
    expect(tolerance).toBe(0.9)
    expect(found.map((verdict) => verdict === 'selectable')).toEqual([false, false, true, true, false, false])
  })

  it('prints one certificate a line, the same that --certificates writes', async () => {
    const args = ['check', 'keys.csv', '--exact']
    const { code, stdout } = await files.run([...args, '--format', 'ndjson', '--certificates', 'proofs.jsonl'])
    expect(code).toBe(1)
    const lines = stdout.trimEnd().split('\n')
    const parsed = lines.map((line) => JSON.parse(line) as { key: number; verdict: string })
    expect(parsed.map(({ key }) => key)).toEqual([...rows.keys()])
    expect(parsed.map(({ verdict }) => verdict)).toEqual(verdicts)
    expect(files.files()).toEqual(['keys.csv', 'proofs.jsonl'])
    files.write('printed.jsonl', stdout)
    for (const name of ['printed.jsonl', 'proofs.jsonl']) {
      expect((await files.run(['verify', 'keys.csv', name, '--exact'])).code).toBe(0)
    }
  })

  it('does not mind a reader that goes away', async () => {
    files.write('many.csv', '1\n'.repeat(300))
    const child = spawn(process.execPath, [cli, 'check', join(files.path, 'many.csv'), '--format', 'ndjson'])
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.stdout.destroy()
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  })
})

describe('verify', () => {
  const proofs = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await files.run(['check', 'keys.csv', '--format', 'ndjson', ...args])
    return stdout.trimEnd().split('\n')
  }
  const write = (lines: readonly string[]): string => files.write('proofs.jsonl', `${lines.join('\n')}\n`)

  it.each([
    [],
    ['--exact'],
    ['--tolerance', '0.25'],
    ['--transform', 'scale'],
    ['--transform', 'layernorm', '--eps', '1'],
  ])('accepts what check wrote (%s %s %s %s)', async (...args) => {
    write(await proofs(...args))
    const { code, stdout, stderr } = await files.run(['verify', 'keys.csv', 'proofs.jsonl', ...args])
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '6 certificates\n\n  valid    6\n  invalid  0\n',
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
    expect(stdout).toContain('6 certificates\n\n  valid    5\n  invalid  1\n\n  line  key  reason\n')
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(reason)
    const json = JSON.parse((await files.run([...args, '--format', 'json'])).stdout) as { failures: { line: number }[] }
    expect(json).toMatchObject({ valid: 5, invalid: 1, failures: [{ line: at + 1 }] })
    const ndjson = (await files.run([...args, '--format', 'ndjson'])).stdout.trimEnd().split('\n')
    expect(ndjson.map((text) => (JSON.parse(text) as { valid: boolean }).valid)).toEqual(
      lines.map((_line, index) => index !== at),
    )
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

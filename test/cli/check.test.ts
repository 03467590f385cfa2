/** `check` on good input: every format, every option, every way to print. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeNpy } from '../../src/cli/npy.ts'
import { cli, workspace } from './run.ts'
import type { Workspace } from './run.ts'
import { counts, csv, flat, n, rows, verdicts } from './square.ts'

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

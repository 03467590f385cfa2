/** Headers and label columns of tables: names in the output, and no row of numbers ever taken for one. */
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readCsv } from '../../src/cli/csv.ts'
import { npyOf, npzOf, safetensorsOf } from './archives.ts'
import { expectRefusal, workspace } from './run.ts'
import type { Workspace } from './run.ts'
import { counts, csv, rows, verdicts } from './square.ts'

const square = { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] }

describe('a header', () => {
  it.each<[string, string, object]>([
    ['of words', 'x,y\n1,2\n3,4\n', { columnNames: ['x', 'y'] }],
    ['of quoted words', '"x, or so","y"\n1,2\n3,4\n', { columnNames: ['x, or so', 'y'] }],
    ['as numpy.savetxt writes it', '# x,y\n1,2\n3,4\n', { columnNames: ['x', 'y'] }],
    ['over labels', 'key,x,y\na,1,2\nb,3,4\n', { rowNames: ['a', 'b'], columnNames: ['x', 'y'] }],
    ['over labels without a name', ',x,y\na,1,2\nb,3,4\n', { rowNames: ['a', 'b'], columnNames: ['x', 'y'] }],
    ['over numeric labels without a name', ',x,y\n0,1,2\n1,3,4\n', { rowNames: ['0', '1'], columnNames: ['x', 'y'] }],
    ['that leaves out the labels, as R does', 'x,y\na,1,2\nb,3,4\n', { rowNames: ['a', 'b'], columnNames: ['x', 'y'] }],
    ['or none, over labels', 'a,1,2\nb,3,4\n', { rowNames: ['a', 'b'] }],
    ['or none, over labels that look like numbers further down', 'a,1,2\n7,3,4\n', { rowNames: ['a', '7'] }],
  ])('%s', (_, text, names) => {
    expect(readCsv(text)).toEqual({ ...square, ...names })
  })

  it('of numbers, as pandas writes by default, when the user says so', () => {
    expect(() => readCsv('0,1\n1,2\n3,4\n')).not.toThrow()
    expect(readCsv('0,1\n1,2\n3,4\n', ',', { header: true })).toEqual({ ...square, columnNames: ['0', '1'] })
    expect(() => readCsv(',0,1\n0,1,2\n1,3,4\n')).toThrow('line 1, column 1: expected a number, got nothing (if')
    const pandas = { ...square, rowNames: ['0', '1'], columnNames: ['0', '1'] }
    expect(readCsv(',0,1\n0,1,2\n1,3,4\n', ',', { header: true })).toEqual(pandas)
    expect(readCsv('0,1,2\n1,3,4\n', ',', { labels: true })).toEqual({ ...square, rowNames: ['0', '1'] })
  })

  // Each of these would be a key with a damaged number, or one that is missing.
  it.each(['0x10,0x11', '1_000,2_000', '1;0,2;0', 'NaN,nan', 'inf,-inf', 'n/a,N/A', 'None,null', '-,-', '1.5kg,2kg'])(
    'is not seen in %s',
    (line) => {
      const names = { ...square, columnNames: line.split(',') }
      expect(readCsv(`${line}\n1,2\n3,4\n`, ',', { header: true })).toEqual(names)
      let read: ReturnType<typeof readCsv> | undefined
      try {
        read = readCsv(`${line}\n1,2\n3,4\n`)
      } catch (error) {
        expect((error as Error).message).toContain('line 1, column 1: expected a number')
      }
      expect(read?.shape ?? [3, 2]).toEqual([3, 2])
    },
  )

  it.each<[string, string, string]>([
    ['alone', 'x,y\n', 'expected rows of numbers, got only a header'],
    ['too short', 'x,y\n1,2,3\n', 'line 1: expected 3 names, one a column, got 2'],
    ['too long', 'x,y,z\n1,2\n', 'line 1: expected 2 names, one a column, got 3'],
    ['that is a comment', '# a comment\n1,2\n', 'is "a comment" a comment? take the line out'],
    ['twice', 'x,y\nx,y\n1,2\n', 'line 2, column 2: expected a number, got "y"'],
  ])('%s is refused', (_, text, words) => {
    expect(() => readCsv(text)).toThrow(words)
  })

  it('and labels further down are explained', () => {
    expect(() => readCsv('1,2\nb,4\n')).toThrow(
      'line 2, column 1: expected a number, got "b" (if the first column names',
    )
  })
})

describe('on the command line', () => {
  const table = `key,x,y\n${rows.map((row, i) => `k${i},${row.join(',')}\n`).join('')}`
  let files: Workspace
  beforeEach(() => {
    files = workspace()
  })
  afterEach(() => files.remove())

  it('names are printed beside the keys', async () => {
    files.write('keys.csv', table)
    const { stdout } = await files.run(['check', 'keys.csv', '--exact'])
    expect(stdout).toContain('  key  name  verdict\n    4  k4    tied\n    5  k5    unselectable\n')
    const json = await files.run(['check', 'keys.csv', '--exact', '--format', 'json'])
    const names = rows.map((_, i) => `k${i}`)
    expect(JSON.parse(json.stdout)).toEqual({ n: 6, d: 2, tolerance: 0, counts, verdicts, names, columns: ['x', 'y'] })
  })

  it('names are printed beside certificates that fail', async () => {
    files.write('keys.csv', table)
    files.write('proofs.jsonl', '{"verdict":"selectable","key":5,"query":[1,0],"margin":1,"runnerUp":0}\n{}\n')
    const { stdout } = await files.run(['verify', 'keys.csv', 'proofs.jsonl'])
    expect(stdout).toMatch(/ line {2}key {2}name {2}reason\n {5}1 {4}5 {2}k5 {4}query: .*\n {5}2 {13}certificate: /u)
  })

  it('names stay on their line, whatever they hold', async () => {
    files.write('keys.csv', `"a\u001b[31m\n${'x'.repeat(99)}",0\nb,0\n`)
    const { stdout } = await files.run(['check', 'keys.csv', '--exact'])
    expect(stdout).toContain(`    0  a?[31m ${'x'.repeat(24)}…  tied\n`)
    const explained = await files.run(['explain', 'keys.csv', '0', '--exact'])
    expect(explained.stdout).toMatch(/^Key 0 \(a\?\[31m x{24}…\) is tied: [^\n\u001b]*\n$/u)
  })

  it('names of wide letters, emoji and accents leave columns straight', async () => {
    const names = ['of', '日本語', '한글', 'ｶﾅ', 'ＡＢ', '🙂', '❤️', '🇩🇪', '👩‍👧', 'nai\u0308ve', '\u0301']
    files.write('keys.csv', names.map((name) => `${name},1\n`).join(''))
    const { stdout } = await files.run(['check', 'keys.csv', '--exact'])
    const widths = [2, 6, 4, 2, 4, 2, 2, 2, 2, 5, 0]
    for (const [i, name] of names.entries())
      expect(stdout).toContain(`${String(i).padStart(5)}  ${name}${' '.repeat(6 - widths[i])}  tied\n`)
  })

  it('long names are cut between letters', async () => {
    files.write('keys.csv', `${'語'.repeat(20)},1\nab${'👩‍👧'.repeat(20)},1\n${'🙂'.repeat(400)},1\n`)
    const { stdout } = await files.run(['check', 'keys.csv', '--exact'])
    expect(stdout).toContain(`  ${'語'.repeat(15)}…  tied\n`)
    expect(stdout).toContain(`  ab${'👩‍👧'.repeat(14)}…  tied\n`)
    expect(stdout).toContain(`  ${'🙂'.repeat(15)}…  tied\n`)
  })

  it.each<[string, string, Uint8Array | string, string[]]>([
    ['gzip’d CSV', 'keys.csv.gz', gzipSync(csv), []],
    ['gzip’d CSV under a plain name', 'keys.csv', gzipSync(csv), []],
    ['gzip’d .npy', 'keys.npy.gz', gzipSync(npyOf(rows)), []],
    ['.npz', 'keys.npz', npzOf({ 'k.npy': npyOf(rows), 'v.npy': npyOf([[1]]) }), ['--entry', 'k']],
    ['plain text under a packed name', 'keys.csv.gz', csv, []],
    [
      '.safetensors',
      'keys.safetensors',
      safetensorsOf(
        { k: { dtype: 'F64', shape: [6, 2], data_offsets: [0, 96] } },
        new Uint8Array(Float64Array.from(rows.flat()).buffer),
      ),
      [],
    ],
  ])('%s is read like the rest', async (_, name, content, args) => {
    files.write(name, content)
    const { code, stdout } = await files.run(['check', name, '--exact', '--format', 'json', ...args])
    expect({ code, report: JSON.parse(stdout) as unknown }).toEqual({
      code: 1,
      report: { n: 6, d: 2, tolerance: 0, counts, verdicts },
    })
  })

  it('a bias may be an entry', async () => {
    files.write('all.npz', npzOf({ 'k.npy': npyOf(rows), 'b.npy': npyOf([[0, 0, 0, 0, 0, 9]]) }))
    const args = ['check', 'all.npz', '--entry', 'k', '--bias', 'all.npz', '--format', 'json', '--bias-entry']
    const { stdout } = await files.run([...args, 'b'])
    expect((JSON.parse(stdout) as { verdicts: string[] }).verdicts[5]).toBe('selectable')
    expectRefusal(await files.run([...args, 'x']), 'all.npz: expected --entry to be one of k, b; got "x"')
  })

  it('a seed changes nothing', async () => {
    files.write('keys.csv', csv)
    const run = (seed: string) => files.run(['check', 'keys.csv', '--format', 'ndjson', '--seed', seed])
    expect(await run('1')).toEqual(await run('two'))
  })

  it.each<[string, string, Uint8Array | string, string[], string]>([
    ['a missing --entry', 'k.npz', npzOf({ 'a.npy': npyOf([[1]]), 'b.npy': npyOf([[1]]) }), [], 'one of a, b'],
    [
      '--entry beside one array',
      'k.npy',
      npyOf([[1]]),
      ['--entry', 'a'],
      'k.npy: expected a .npz or .safetensors file',
    ],
    [
      '--header beside no table',
      'k.npy',
      npyOf([[1]]),
      ['--header'],
      'k.npy: expected a .csv or .tsv file beside --header',
    ],
    [
      '--labels beside no table',
      'k.json',
      '[[1]]',
      ['--labels'],
      'k.json: expected a .csv or .tsv file beside --labels',
    ],
    ['--bias-entry without --bias', 'k.json', '[[1]]', ['--bias-entry', 'b'], '--bias-entry: expected --bias'],
    [
      'damaged gzip',
      'k.csv.gz',
      gzipSync(csv).subarray(0, 20),
      [],
      'k.csv.gz: expected a gzip file, got a damaged one',
    ],
    ['a gzip bomb', 'k.csv.gz', gzipSync(Buffer.alloc(80 * 2 ** 20)), [], 'k.csv.gz: expected'],
    ['a vector', 'k.npz', npzOf({ 'a.npy': npyOf([[1]]).map((x) => x) }), ['--entry', ''], 'one of a; got nothing'],
  ])('%s is refused', async (_, name, content, args, words) => {
    files.write(name, content)
    expectRefusal(await files.run(['check', name, ...args]), words)
  })
})

/** `check --shard` and `merge`: the parts give what one run gives, to the letter, and nothing else is taken for it. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeNpy } from '../../src/cli/npy.ts'
import { randomKeys } from '../../src/testing/index.ts'
import { expectRefusal, workspace } from './run.ts'
import type { Workspace } from './run.ts'

const n = 300
const count = 3
let files: Workspace

/** All shards of one check, in files `1.NAME` and so on. */
async function shards(name: string, ...args: string[]): Promise<string[]> {
  const parts = Array.from({ length: count }, (_, at) => `${at + 1}.${name}`)
  for (const [at, part] of parts.entries()) {
    const { code, stdout, stderr } = await files.run([
      'check',
      ...args,
      ...['--shard', `${at + 1}/${count}`, '--output', part],
    ])
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' })
    expect([0, 1]).toContain(code)
  }
  return parts
}

beforeAll(async () => {
  files = workspace()
  const { data } = randomKeys({ n, d: 4, distribution: 'gaussian', seed: 'shards' })
  files.write('keys.npy', writeNpy(Float64Array.from(data), [n, 4]))
  files.write('bias.csv', Array.from({ length: n }, (_, i) => `${Math.cos(i)}\n`).join(''))
  files.write('named.csv', `token,x,y\n${Array.from({ length: 5 }, (_, i) => `t${i},${i},0\n`).join('')}`)
  await shards('proofs', 'keys.npy', '--format', 'ndjson')
  await shards('bare', 'keys.npy')
})
afterAll(() => files.remove())

const read = (name: string): string => readFileSync(join(files.path, name), 'utf8')

describe('merge', () => {
  it.each<[string, string[]]>([
    ['a table', []],
    ['JSON', ['--format', 'json']],
    ['certificates', ['--format', 'ndjson']],
  ])('prints %s as one run does', async (_, args) => {
    const whole = await files.run(['check', 'keys.npy', ...args])
    expect(await files.run(['merge', '2.proofs', '3.proofs', '1.proofs', ...args])).toEqual(whole)
    if (args[1] !== 'ndjson') expect(await files.run(['merge', '2.bare', '3.bare', '1.bare', ...args])).toEqual(whole)
  })

  it.each<[string, string[]]>([
    ['exact', ['keys.npy', '--exact']],
    ['biased', ['keys.npy', '--bias', 'bias.csv', '--tolerance', '1e-3']],
    ['transformed', ['keys.npy', '--transform', 'project', '--threads', '2']],
    ['named', ['named.csv']],
  ])('gives what one run gives: %s', async (name, args) => {
    const parts = await shards(name, ...args, '--format', 'ndjson')
    expect(await files.run(['merge', ...parts, '--format', 'json'])).toEqual(
      await files.run(['check', ...args, '--format', 'json']),
    )
    await files.run(['check', ...args, '--certificates', 'whole.jsonl'])
    await files.run(['merge', ...parts, '--certificates', 'joined.jsonl'])
    expect(read('joined.jsonl')).toBe(read('whole.jsonl'))
  })

  it('exits with 0 where every key is selectable, and prints a part where no file is named', async () => {
    files.write('one.csv', '1\n2\n')
    for (const part of ['1', '2']) {
      const { code, stdout } = await files.run(['check', 'one.csv', '--shard', `${part}/2`])
      expect(code).toBe(0)
      files.write(`${part}.one`, stdout)
    }
    expect((await files.run(['merge', '1.one', '2.one'])).code).toBe(0)
  })

  it.each<[string, string[], string]>([
    ['a missing part', ['1.bare', '3.bare'], 'PART: expected all of 3 parts, got none for 2'],
    [
      'a part twice',
      ['1.bare', '2.bare', '3.bare', '2.bare'],
      '2.bare: expected each part once, got part 2 as 2.bare too',
    ],
    ['stdin', ['1.bare', '-'], 'PART: expected a file, got -'],
    ['no such file', ['0.bare'], '0.bare: no such file or directory'],
    ['no part', ['keys.npy'], 'keys.npy: expected UTF-8 text, got other bytes'],
    ['other text', ['bias.csv'], 'bias.csv: line 1: expected a part as check --shard makes it, got something else'],
    ['wanted proofs', ['1.bare', '2.bare', '3.bare', '--format', 'ndjson'], '1.bare: expected certificates, as '],
    ['wanted proofs in a file', ['1.bare', '2.proofs', '3.proofs', '--certificates', 'x'], '1.bare: expected certi'],
    ['its own input as output', ['1.proofs', '2.proofs', '3.proofs', '--certificates', '1.proofs'], 'is read from'],
    ['nothing', [], 'missing required argument'],
  ])('refuses %s', async (_, args, words) => {
    expectRefusal(await files.run(['merge', ...args]), words)
    expect(files.files()).not.toContain('x')
  })

  it.skipIf(process.platform === 'win32')(
    'refuses a pipe where it would read it twice, rather than wait for ever',
    async () => {
      execFileSync('sh', ['-c', 'mkfifo pipe'], { cwd: files.path })
      for (const args of [
        ['--format', 'ndjson'],
        ['--certificates', 'x'],
      ]) {
        expectRefusal(await files.run(['merge', '1.proofs', 'pipe', '3.proofs', ...args]), 'got pipe, which is a pipe')
        expect(files.files()).not.toContain('x')
      }
    },
  )

  it.each<[string, string[]]>([
    ['keys', ['keys.npy', '--transform', 'scale']],
    ['bias', ['keys.npy', '--bias', 'bias.csv']],
    ['tolerance', ['keys.npy', '--exact']],
  ])('refuses a part of a check of another %s', async (_, args) => {
    await files.run(['check', ...args, '--shard', '2/3', '--output', 'other'])
    expectRefusal(
      await files.run(['merge', '1.bare', 'other', '3.bare']),
      'other: expected a part of the check that 1.bare is of, got one of other keys or options',
    )
  })

  const lines = (): string[] => read('2.proofs').trimEnd().split('\n')
  it.each<[string, () => string[], string | RegExp]>([
    [
      'cut short',
      () => lines().slice(0, -1),
      /^selectability: damaged: expected the certificate of key \d+, \w+, got the end/u,
    ],
    [
      'with two lines swapped',
      () => [...lines().slice(0, -2), ...lines().slice(-2).reverse()],
      /: line \d+: expected the certificate of key/u,
    ],
    ['with a line more', () => [...lines(), lines().at(-1) ?? ''], 'expected no more certificates'],
    ['with a damaged line', () => [...lines().slice(0, -1), '{"key":'], /damaged: line \d+: expected JSON/u],
    ['with half a head', () => [lines()[0]?.slice(0, 99) ?? ''], 'damaged: line 1: expected JSON'],
    [
      'with a key twice',
      () => [(lines()[0] ?? '').replace(/"keys":\[(\d+),\d+/u, '"keys":[$1,$1')],
      'got keys out of order',
    ],
    [
      'with a verdict too few',
      () => [(lines()[0] ?? '').replace(/"verdicts":\["\w+",/u, '"verdicts":[')],
      'got no keys',
    ],
    ['with names of other things', () => [(lines()[0] ?? '').replace(/\}$/u, ',"names":["a"]}')], 'got no names'],
    ['with another word', () => [(lines()[0] ?? '').replace('"selectable"', '"__proto__"')], 'got no verdicts'],
    ['of too many shards', () => [(lines()[0] ?? '').replace('"index":2', '"index":7')], 'got no shard'],
    ['without sizes', () => [(lines()[0] ?? '').replace('"n":300', '"n":-1')], 'got no sizes'],
  ])('refuses a part %s', async (_, damage, words) => {
    writeFileSync(
      join(files.path, 'damaged'),
      damage()
        .map((line) => `${line}\n`)
        .join(''),
    )
    const outcome = await files.run(['merge', '1.proofs', 'damaged', '3.proofs', '--certificates', 'x'])
    expectRefusal(outcome, words)
    expect(files.files()).not.toContain('x')
  })

  it('prints nothing of large parts of which one is cut short', async () => {
    const { data } = randomKeys({ n: 640, d: 16, distribution: 'gaussian', seed: 'cut' })
    files.write('large.npy', writeNpy(Float64Array.from(data), [640, 16]))
    await shards('large', 'large.npy', '--format', 'ndjson')
    files.write('cut', read('3.large').slice(0, -200))
    expectRefusal(
      await files.run(['merge', '1.large', '2.large', 'cut', '--format', 'ndjson']),
      /cut: line \d+: expected JSON/u,
    )
  })

  it('refuses parts that leave a key out, or decide it twice', async () => {
    const [head = ''] = read('2.bare').split('\n')
    const { keys, verdicts, ...rest } = JSON.parse(head) as { keys: number[]; verdicts: string[] }
    files.write('less', JSON.stringify({ ...rest, keys: keys.slice(1), verdicts: verdicts.slice(1) }))
    expectRefusal(await files.run(['merge', '1.bare', 'less', '3.bare']), `got none on key ${keys[0]}`)
    const [first = ''] = read('1.bare').split('\n')
    files.write('more', first.replace('"index":1', '"index":2'))
    expectRefusal(await files.run(['merge', '1.bare', 'more', '3.bare']), 'more: expected each key once, got key ')
  })
})

describe('check', () => {
  it.each<[string[], string]>([
    [['--shard', '0/3'], '--shard: expected I/N with 1 <= I <= N, got "0/3"'],
    [['--shard', '4/3'], '--shard: expected I/N with 1 <= I <= N, got "4/3"'],
    [['--shard', '1/'], '--shard: expected I/N'],
    [['--shard', 'a/b'], '--shard: expected I/N'],
    [['--shard', '1.5/2'], '--shard: expected I/N'],
    [['--shard', ''], '--shard: expected I/N with 1 <= I <= N, got nothing'],
    [['--output', 'x'], '--output: expected --shard beside it'],
    [['--shard', '1/2', '--output', 'keys.npy'], '--output: keys.npy is read from'],
    [['--shard', '1/2', '--output', '-'], '--output: expected a file, got -, which is stdout'],
    [['--shard', '1/2', '--margins'], '--margins: expected no --shard beside it'],
    [['--shard', '1/2', '--max-norm', '1'], '--max-norm: expected no --shard beside it'],
    [['--shard', '1/2', '--certificates', 'x'], '--certificates: expected no --shard beside it'],
    [['--threads', '0'], '--threads: expected an integer >= 1, got "0"'],
    [['--threads', '1.5'], '--threads: expected an integer >= 1'],
    [['--threads', 'many'], '--threads: expected an integer >= 1, got "many"'],
  ])('refuses %j', async (args, words) => {
    expectRefusal(await files.run(['check', 'keys.npy', ...args]), words)
  })

  it('prints the same whatever the number of threads', async () => {
    const one = await files.run(['check', 'keys.npy', '--format', 'ndjson', '--threads', '1'])
    expect(await files.run(['check', 'keys.npy', '--format', 'ndjson', '--threads', '3'])).toEqual(one)
  })
})
